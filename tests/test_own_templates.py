"""An association's own templates: the same in every channel, and told in words when wrong."""

from __future__ import annotations

from datetime import date, datetime
from gettext import NullTranslations
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from jinja2 import Environment

from commands.build import BuildOptions
from commands.poster import poster
from commands.template_trial import try_templates, with_templates
from core.faults import Level, Report
from core.own_templates import LARGEST, TemplateFolders
from core.page_view import PageView
from core.site import parse_site
from core.templating import environment
from core.wording import Wording
from feedback.digest.rendering import Renderer
from feedback.digest.selection import Digest, DigestDays
from feedback.model import Period
from tests.copies import ROOT
from tests.documented import WHOLE_FILE, read
from tests.speaking import speaking
from tests.tiny import SITE, TinySite

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commands.build import BuildResult
    from core.faults import Fault
    from tests.conftest import MakeSite

    Built = Callable[..., BuildResult]

pytestmark = pytest.mark.long

DOCUMENTED = dict(WHOLE_FILE.findall(read("docs/theme.md")))
THEME = ROOT / "theme"
NOW = datetime(2026, 4, 1, 10, tzinfo=ZoneInfo("Europe/London"))
BROKEN = '{% extends "!theme/base.html" %}{% block own %}{{ nothing_like_it }}{% endblock %}'


def with_own(tiny: TinySite, **templates: str) -> TinySite:
    """Give a site own templates, named without `.html` and with `_` for `/`."""
    for name, text in templates.items():
        path = tiny.folder / "templates" / f"{name.replace('_', '/')}.html"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tiny


def options_of(tiny: TinySite) -> BuildOptions:
    return BuildOptions(ROOT, tiny.content, tiny.site, tiny.output)


def tried(tiny: TinySite) -> list[Fault]:
    """Return the faults of own templates that no build has met."""
    return try_templates(THEME, tiny.site, tiny.output)


class TestAnOwnTemplateServesEveryChannel:
    """`templates/base.html` and the others, as `docs/theme.md` writes them."""

    @pytest.fixture
    def documented(self, tiny_site: MakeSite) -> TinySite:
        tiny = tiny_site()
        for name, text in DOCUMENTED.items():
            path = tiny.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tiny

    def test_the_site_is_built_and_nothing_is_wrong(
        self, documented: TinySite, built: Built
    ) -> None:
        assert not built(documented, strict=True).faults
        assert not tried(documented)
        door = (documented.output / "index.html").read_text(encoding="utf-8")
        assert 'href="/own.css"' in door

    def test_the_service_wears_it(self, documented: TinySite) -> None:
        house = speaking(documented.folder, THEME)
        with house.store, house.browser as browser:
            page = browser.get("/feedback/en/digest")
        assert page.status_code == 200
        assert 'href="/own.css"' in page.text

    def test_a_poster_may_build_on_ours(
        self, tiny_site: MakeSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        own = '{% extends "!theme/paper/poster.html" %}'
        tiny = with_own(tiny_site(), paper_poster=own)
        assert print_poster(tiny, tmp_path / "poster.pdf") == 0, capsys.readouterr().err
        assert (tmp_path / "poster.pdf").read_bytes().startswith(b"%PDF")

    def test_a_mail_may_build_on_ours(self, tiny_site: MakeSite) -> None:
        own = '{% extends "!theme/service/mail/digest-part.html" %}'
        tiny = with_own(tiny_site(), **{"service_mail_digest-part": own})
        faults: list[Fault] = []
        assert "What was new" in mail(tiny, faults)
        assert not faults


def print_poster(tiny: TinySite, output: Path) -> int:
    return poster(
        ROOT,
        tiny.content,
        tiny.site,
        "say",
        letter=False,
        a3=False,
        lang="en",
        output=output,
        say=lambda _: None,
        now=NOW,
    )


def mail(tiny: TinySite, faults: list[Fault]) -> str:
    site = parse_site(SITE, Report().at("site.toml"))
    assert site
    own = tiny.folder / "templates"
    renderer = Renderer(THEME, own, site, "https://tiny.example.org/feedback/", faults.append)
    week = DigestDays.before(date(2026, 4, 1), Period.WEEK)
    return renderer.write(Digest(week), ("en",)).html


class TestAFaultInOneNeverReachesReaders:
    """What can't be filled in is passed over, and somebody is told where it is wrong."""

    def test_the_service_answers_with_the_themes_own_page(
        self, tiny_site: MakeSite, caplog: pytest.LogCaptureFixture
    ) -> None:
        tiny = with_own(tiny_site(), base=BROKEN)
        house = speaking(tiny.folder, THEME)
        with house.store, house.browser as browser:
            answers = [browser.get("/feedback/en/digest") for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 200]
        assert "<main" in answers[0].text
        (line,) = caplog.messages  # said once, not at every page
        assert line.startswith("templates/base.html:1: It asks for what isn't there")

    def test_a_mail_goes_out_as_ours(self, tiny_site: MakeSite) -> None:
        tiny = with_own(tiny_site(), service_mail_digest="{{ nothing_like_it }}")
        faults: list[Fault] = []
        assert "What was new" in mail(tiny, faults)
        assert [(fault.path, fault.line) for fault in faults] == [
            ("templates/service/mail/digest.html", 1)
        ]

    def test_a_poster_is_refused_in_a_sentence(
        self, tiny_site: MakeSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        tiny = with_own(tiny_site(), paper_poster='\n{% extends "!theme/paper/postr.html" %}')
        assert print_poster(tiny, tmp_path / "poster.pdf") == 1
        printed = capsys.readouterr().err
        assert printed == (
            "templates/paper/poster.html:2: There is no template “!theme/paper/postr.html”. "
            "Did you mean “paper/poster.html”?\n"
        )

    def test_every_faulty_template_of_a_build_is_told_at_once(
        self, tiny_site: MakeSite, built: Built
    ) -> None:
        tiny = with_own(tiny_site(), tags="{{ a }}", topics="\n{{ b }}", topic="{% if %}")
        result = built(tiny)
        assert not result.ok
        assert not result.crash
        assert [(fault.path, fault.line) for fault in result.faults] == [
            ("templates/tags.html", 1),
            ("templates/topic.html", 1),
            ("templates/topics.html", 2),
        ]


@pytest.mark.parametrize(
    ("template", "wrong"),
    [
        ("{{ nope }}", "It asks for what isn't there: 'nope' is undefined."),
        ("{{ site.nope }}", "It asks for what isn't there: 'core.site.Site object' has no"),
        ('{% include "nope.html" %}', "There is no template “nope.html”."),
        ("{{ 1|nope }}", "It can't be read as a template: No filter named 'nope'"),
        ("{% block a %}", "It can't be read as a template: "),
        ('{% extends "tags.html" %}', "It extends, includes or calls itself, without an end."),
        ('{% include "tags.html" %}', "It extends, includes or calls itself, without an end."),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "It extends, includes or calls"),
        (
            "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
            "Its loops go round more than 1,000,000 times.",
        ),
        ("{{ range(10**9)|length }}", "Templates raise nothing to a power."),
        ("{{ range(999999999)|length }}", "It counts further than a page can need."),
        ("{{ page._door }}", "“_door” is private"),
        ("{{ page['__class__'] }}", "“__class__” is private"),
        ("{{ page|attr('_entry') }}", "“_entry” is private"),
        ("{{ menu|map(attribute='url._x')|list }}", "“_x” is private"),
        ("{{ page }}", "It prints a whole"),
        ("{{ menu }}", "It prints a whole list, and not one of its texts."),
        ("{{ asset }}", "It prints a whole method_descriptor"),
        ("{{ none }}", "It prints something that has no value here."),
        ("{{ 1 / 0 }}", "It can't be filled in: ZeroDivisionError"),
        ("x" * (LARGEST + 1), "It is larger than a template can be (100,000 bytes)."),
    ],
)
def test_a_bad_template_is_a_fault_with_its_line(
    template: str, wrong: str, tiny_site: MakeSite
) -> None:
    lead = "" if len(template) > LARGEST else "{# what the communications team asked for #}\n"
    fault = fault_in(with_own(tiny_site(), tags=lead + template))
    assert (fault.path, fault.line) == ("templates/tags.html", 2 if lead else 0)
    assert fault.wrong.startswith(wrong)
    assert fault.instead


def test_one_that_is_not_utf8_is_told(tiny_site: MakeSite) -> None:
    tiny = with_own(tiny_site(), tags="")
    (tiny.folder / "templates/tags.html").write_bytes("tŷ".encode("utf-16"))
    fault = fault_in(tiny)
    assert (fault.path, fault.wrong) == ("templates/tags.html", "It isn't UTF-8 text.")


def fault_in(tiny: TinySite) -> Fault:
    """Fill in the own `tags.html`, and return what is wrong with it."""
    site = parse_site(SITE, Report().at("site.toml"))
    folders = TemplateFolders.of(THEME, tiny.site)
    env = environment(folders, {"en": Wording("en", NullTranslations())})
    page = PageView(title="Tags", url="/", lang="en", alternates=(), section="service")
    context: dict[str, Any] = {
        "site": site,
        "lang": "en",
        "page": page,
        "menu": [],
        "asset": str.upper,
    }
    try:
        env.get_template("tags.html").render(context)
    except Exception as error:
        if fault := folders.fault_of(error):
            return fault
        raise
    raise AssertionError("Nothing went wrong.")


class TestCheckTriesEachOfThem:
    """Before anybody asks for the page, the mail or the poster."""

    @pytest.mark.parametrize(
        ("name", "template"),
        [
            ("service_receipt", '{% extends "!theme/service/pag.html" %}'),
            ("service_say", "{{ nothing_like_it }}"),
            ("service_desk_queue", '{% extends "service/desk/queue.html" %}'),
            ("service_mail_digest", "{{ digest._span }}"),
            ("paper_letter", "{{ nothing_like_it }}"),
            ("detail-persona", "{{ entry.title }}{{ nothing_like_it }}"),  # no page has it yet
            ("parts_forms", "{% macro nothing %}"),
        ],
    )
    def test_what_no_page_of_the_build_shows(
        self, name: str, template: str, tiny_site: MakeSite, built: Built
    ) -> None:
        tiny = with_own(tiny_site(), **{name: template})
        result = built(tiny)
        faults = with_templates(result, options_of(tiny)).faults
        path = f"templates/{name.replace('_', '/')}.html"
        assert [(fault.path, fault.line) for fault in faults] == [(path, 1)]

    def test_a_frame_that_only_the_site_can_fill_in(
        self, tiny_site: MakeSite, built: Built
    ) -> None:
        own = '{% extends "!theme/base.html" %}{% block own %}{{ page.breadcrumb }}{% endblock %}'
        site_alone = own.replace("page.breadcrumb", "page.minutes|default(1)")
        tiny = with_own(tiny_site(), base=site_alone)
        assert built(tiny).ok
        assert not tried(tiny)
        with_own(tiny, base=own)
        assert {(fault.path, fault.line) for fault in tried(tiny)} == {("templates/base.html", 1)}

    def test_every_function_that_the_docs_name_for_all_pages_is_there_for_the_service(
        self, tiny_site: MakeSite, built: Built
    ) -> None:
        own = (
            '{% extends "!theme/base.html" %}{% block own %}'
            "{{ asset('style.css') }} {{ home_url(lang) }} {{ door_url() }} {{ list_url('post') }} "
            "{{ page_url('about') }} {{ static_url('files/rules.pdf') }} {{ search_url() }}"
            "{% endblock %}"
        )
        tiny = with_own(tiny_site(), base=own)
        assert built(tiny).ok
        assert not tried(tiny)
        house = speaking(tiny.folder, THEME, tree=tiny.output)
        with house.store, house.browser as browser:
            page = browser.get("/feedback/en/digest").text
        assert "/en/blog/ /en/about-us/ /files/files/rules.pdf /en/search/" in page

    def test_a_name_that_nothing_asks_for_is_advice(
        self, tiny_site: MakeSite, built: Built
    ) -> None:
        tiny = with_own(tiny_site(), detail_post="", **{"detail-pots": "x", "parts_mine": "y"})
        with_own(tiny, tags='{% extends "!theme/tags.html" %}{% include "parts/mine.html" %}')
        assert built(tiny).ok
        assert [(fault.path, fault.level) for fault in tried(tiny)] == [
            ("templates/detail-pots.html", Level.ADVICE),
            ("templates/detail/post.html", Level.ADVICE),
        ]
        assert tried(tiny)[0].instead == "Did you mean “detail-post.html”?"

    def test_our_own_templates_pass(self, tiny_site: MakeSite) -> None:
        tiny = tiny_site()
        for path in (THEME / "templates").rglob("*"):
            if path.is_file():
                copy = tiny.folder / "templates" / path.relative_to(THEME / "templates")
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
        assert len(TemplateFolders.of(THEME, tiny.site).names()) > 80
        assert not tried(tiny)


def test_pages_share_macros_and_never_what_another_page_said(tmp_path: Path) -> None:
    theme = tmp_path / "theme"
    theme.mkdir()
    (theme / "part.html").write_text("{% macro plain() %}tea{% endmacro %}")
    (theme / "told.html").write_text("{% macro told() %}{{ title }}{% endmacro %}")
    (theme / "page.html").write_text(
        '{% from "part.html" import plain with context %}'
        '{% from "told.html" import told with context %}{{ plain() }} {{ told() }}'
    )
    env = Environment(autoescape=True)
    TemplateFolders(theme).install(env)
    page = env.get_template("page.html")
    rendered = [page.render(lang="en", site="x", title=title) for title in ("one", "two", "one")]
    assert rendered == ["tea one", "tea two", "tea one"]
    part = env.get_template("part.html")
    assert part.make_module({"title": "one"}) is part.make_module({"title": "two"})


def test_a_template_that_is_no_text_is_told(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = with_own(tiny_site(), base="")
    (tiny.folder / "templates/base.html").write_bytes(b"\xff\xfe\0")
    tried = with_templates(built(tiny), BuildOptions(ROOT, tiny.content, tiny.site, tiny.output))
    assert "templates/base.html: It isn't UTF-8 text. Save it as UTF-8." in map(str, tried.faults)
