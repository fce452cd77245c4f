"""[look] in site.toml: colours, logo, icon and links, in every channel at once and checked."""

from __future__ import annotations

import dataclasses
import io
import itertools
import json
import re
from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from commands.paper.pdf import TextSize
from commands.paper.sheet import Layout, Paper
from commands.paper.subject import find, open_folder
from commands.poster import poster
from commands.site_folder import read_site
from core.faults import Report
from core.look import LINES, PAIRS, DayColours, Look, NightColours, contrast
from core.site import parse_site
from feedback.digest.rendering import Renderer
from feedback.digest.selection import Digest, DigestDays
from feedback.model import Period
from feedback.notices.digests import digest_mail
from feedback.notices.envelopes import Envelope
from plugins.sections.assets import look_files, mail_logo
from plugins.sections.own_fonts import OURS, fuller_fonts, unset_letters
from tests.copies import NO_TEMPLATES, ROOT
from tests.desk import colleague, said
from tests.speaking import speaking
from tests.tiny import FILES, SITE, TinySite, write_site

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commands.build import BuildResult
    from core.faults import Fault
    from tests.conftest import MakeSite

    Built = Callable[..., BuildResult]


def png(width: int, height: int, colour: str = "#e0c8ff") -> bytes:
    written = io.BytesIO()
    Image.new("RGBA", (width, height), colour).save(written, "PNG")
    return written.getvalue()


def moving() -> bytes:
    written = io.BytesIO()
    first, *others = (Image.new("RGB", (512, 512), colour) for colour in ("#fff", "#eee"))
    first.save(written, "PNG", save_all=True, append_images=others)
    return written.getvalue()


LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50">'
    '<!-- drawn by Nia --><path d="M0 0h200v50z" fill="#fff"/></svg>'
)
LOOK = """
[look]
logo = "images/logo.svg"
icon = "images/icon.png"
cards = "logo"

[look.fonts]
text = "fonts/own.woff2"
bold = "fonts/own.woff2"
heading = "fonts/own.woff2"

[look.day]
link = "#5B2A86"
roof = "#2a1840"

[look.night]
link = "#d9b8ff"

[[look.links]]
title = {cy = "Swyddi", en = "Jobs"}
url = "https://jobs.example.org/"
"""


def font(without: str = "", **changes: object) -> bytes:
    """A font of the association's: one of ours by another name, some letters taken out."""
    own = TTFont(ROOT / "theme/static/fonts/heading.woff2", recalcTimestamp=False)
    for record in own["name"].names:
        record.string = "Gwennol Sans"
    for table in own["cmap"].tables:
        for letter in without:
            table.cmap.pop(ord(letter), None)
    for field, value in changes.items():
        setattr(own["OS/2"], field, value)
    own.flavor = None
    written = io.BytesIO()
    own.save(written)
    return written.getvalue()


WITH_FILES: dict[str, str | bytes] = {
    **FILES,
    "fonts/own.woff2": font(),
    "images/logo.svg": LOGO,
    "images/icon.png": png(512, 512, "#5b2a86"),
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    from commands.build import BuildOptions, build

    tiny = write_site(tmp_path_factory.mktemp("look") / "association", WITH_FILES, SITE + LOOK)
    result = build(BuildOptions(ROOT, tiny.content, tiny.site, tiny.output, strict=True))
    assert (result.ok, result.crash, result.faults) == (True, "", ())
    return tiny


@pytest.fixture(scope="module")
def poster_html(tiny: TinySite) -> str:
    read = open_folder(ROOT, tiny.content, tiny.site, datetime(2026, 4, 1, 12, tzinfo=UTC))
    return Paper(ROOT, read, find("say", read), Layout(("en",))).html(TextSize(0, 0))


@pytest.fixture(scope="module")
def paper_letter_html(tiny: TinySite) -> str:
    read = open_folder(ROOT, tiny.content, tiny.site, datetime(2026, 4, 1, 12, tzinfo=UTC))
    return Paper(ROOT, read, find("say", read), Layout(("en",), letter=True)).html(TextSize(0, 0))


def digest_in(tiny: TinySite) -> EmailMessage:
    """A digest as a mail, with the logo and in the colours of the association."""
    site = read_site(tiny.site)
    logo = mail_logo(site.look, tiny.content)
    renderer = Renderer(ROOT / "theme", NO_TEMPLATES, site, "https://x.example.org/").with_logo(
        logo
    )
    week = DigestDays.before(date(2026, 4, 1), Period.WEEK)
    envelope = Envelope(
        to="dilys@example.org",
        sender="helo@tiny.example.org",
        lang="en",
        message_id="week",
        made=datetime(2026, 4, 1, 12, tzinfo=UTC),
    )
    return digest_mail(envelope, renderer.write(Digest(week), ("en",)), "en", "", site)


LOGO_ON_CARD = (836, 320, 1116, 500)


class TestItIsEverywhere:
    """Without a copy of a template."""

    def test_pages_load_its_colours_after_ours_and_show_its_logo(self, tiny: TinySite) -> None:
        page = (tiny.output / "en/index.html").read_text(encoding="utf-8")
        assert page.index("style.") < page.index("look.")
        (sheet,) = (tiny.output / "assets").glob("look.*.css")
        css = sheet.read_text(encoding="utf-8")
        assert css.startswith(":root{--link:#5b2a86;--roof:#2a1840}")
        # What is set by day alone is still ours by night.
        assert ':root[data-theme="night"]{--link:#d9b8ff;--roof:#0d1318}' in css
        assert ".brand img{height:2.75rem;width:11.000rem;" in css
        (logo,) = (tiny.output / "assets").glob("logo.*.svg")
        assert f'<img src="/assets/{logo.name}" alt="">' in page
        assert "Nia" not in logo.read_text(encoding="utf-8")
        assert '<a href="https://jobs.example.org/">Jobs</a>' in page
        assert '<meta name="theme-color" content="#2a1840"' in page

    def test_its_icon_is_there_in_every_size(self, tiny: TinySite) -> None:
        assets = tiny.output / "assets"
        for size in (32, 180, 192, 512):
            (icon,) = assets.glob(f"icon-{size}.*.png")
            with Image.open(icon) as picture:
                assert picture.size == (size, size)
                assert picture.convert("RGB").getpixel((size // 2, size // 2)) == (91, 42, 134)

    def test_its_fonts_are_in_the_place_of_ours(self, tiny: TinySite) -> None:
        for name in ("text", "text-bold", "heading"):
            (file,) = (tiny.output / "assets/fonts").glob(f"{name}.*.woff2")
            assert TTFont(file)["name"].getBestFamilyName() == "Gwennol Sans"
            assert file.stat().st_size < 60_000
        (style,) = (tiny.output / "assets").glob("style.*.css")
        assert f"fonts/{file.name}" in style.read_text(encoding="utf-8")
        assert file.name in (tiny.output / "en/index.html").read_text(encoding="utf-8")

    def test_telephones_are_told_its_colours(self, tiny: TinySite) -> None:
        manifest = json.loads((tiny.output / "en/site.webmanifest").read_text(encoding="utf-8"))
        assert manifest["theme_color"] == "#2a1840"

    def test_cards_are_drawn_in_them(self, tiny: TinySite) -> None:
        card = next((tiny.output / "assets/cards").glob("*.png"))
        with Image.open(card) as picture:
            assert picture.convert("RGB").getpixel((1100, 20)) == (42, 24, 64)
            # The logo, white on the colour of the head, where our house would stand.
            colours = {
                colour for _, colour in picture.convert("RGB").crop(LOGO_ON_CARD).getcolors() or []
            }
        assert {(42, 24, 64), (255, 255, 255)} <= colours

    def test_the_service_wears_them(self, tiny: TinySite) -> None:
        house = speaking(tiny.folder, ROOT / "theme", SITE + LOOK, tree=tiny.output)
        with house.store, house.browser as browser:
            page = browser.get("/feedback/en/digest").text
        (sheet,) = (tiny.output / "assets").glob("look.*.css")
        assert f'href="/assets/{sheet.name}"' in page
        assert "/assets/logo." in page

    def test_mails_are_written_in_them(self, tiny: TinySite) -> None:
        html = str(digest_in(tiny).get_body(("html",)))
        assert "#5b2a86" in html
        assert "#8a3b12" not in html

    def test_posters_too(self, tiny: TinySite, tmp_path: Path, poster_html: str) -> None:
        arguments = {"letter": False, "a3": False, "lang": "en", "say": lambda _: None}
        output, now = tmp_path / "say.pdf", datetime(2026, 4, 1, 12, tzinfo=UTC)
        code = poster(
            ROOT,
            tiny.content,
            tiny.site,
            "say",
            output=output,
            now=now,
            **arguments,  # type: ignore[arg-type]
        )
        assert code == 0
        assert poster_html.count("src: url(data:font/woff2;base64,") == 3


# Each piece of [look] in each channel: what shows it there.
SHOWN = {
    "page": {
        "logo": "/assets/logo.",
        "icon": "/assets/icon-32.",
        "cards": "/assets/cards/",
        "fonts": "/assets/fonts/text.",
        "day": "--link:#5b2a86",
        "night": "--link:#d9b8ff",
        "links": "https://jobs.example.org/",
    },
    "service": {
        "logo": "/assets/logo.",
        "icon": "/assets/icon-32.",
        "fonts": "/assets/fonts/text.",
        "day": "--link:#5b2a86",
        "night": "--link:#d9b8ff",
        "links": "https://jobs.example.org/",
    },
    "desk": {
        "logo": "/assets/logo.",
        "icon": "/assets/icon-32.",
        "fonts": "/assets/fonts/text.",
        "day": "--link:#5b2a86",
        "night": "--link:#d9b8ff",
    },
    "card": {"logo": "#ffffff", "cards": "#ffffff", "day": "#2a1840"},
    "manifest": {"icon": "/assets/icon-192.", "day": "#2a1840"},
    "mail": {"logo": '<img src="cid:logo@', "day": "#5b2a86", "night": "#d9b8ff"},
    "poster": {
        "logo": '<img class="logo" src="data:image/svg+xml;base64,',
        "fonts": "src: url(data:font/woff2;base64,",
        "day": "#5b2a86",
    },
    "paper letter": {
        "logo": '<img class="logo" src="data:image/svg+xml;base64,',
        "fonts": "src: url(data:font/woff2;base64,",
        "day": "#5b2a86",
    },
    "letter": {
        "logo": '<img src="/assets/logo.',
        "icon": "/assets/icon-32.",
        "fonts": "/assets/fonts/text.",
        "day": "--link:#5b2a86",
    },
}
# Where one isn't, and why.
ELSEWHERE = {
    ("service", "cards"): "nobody passes on a page of their own words",
    ("desk", "cards"): "nobody passes on a page of the desk",
    ("desk", "links"): "its foot leads where staff go",
    ("card", "icon"): "it has the logo",
    ("card", "fonts"): "its words are shapes by then, set in the fonts of the tree",
    ("card", "night"): "a chat shows one picture by day and night",
    ("card", "links"): "nobody can press them",
    ("manifest", "logo"): "telephones show the icon",
    ("manifest", "cards"): "it is no page",
    ("manifest", "fonts"): "telephones set its name",
    ("manifest", "night"): "it knows one colour (W3C, App Manifest)",
    ("manifest", "links"): "it is no page",
    ("mail", "icon"): "mail programs choose theirs",
    ("mail", "cards"): "nothing is fetched from it",
    ("mail", "fonts"): "mail programs have their own; nothing is fetched",
    ("mail", "links"): "it has the foot of a mail",
    ("poster", "icon"): "it has the logo",
    ("poster", "cards"): "it is no page",
    ("poster", "night"): "paper has none",
    ("poster", "links"): "nobody can press them",
    ("paper letter", "icon"): "it has the logo",
    ("paper letter", "cards"): "it is no page",
    ("paper letter", "night"): "paper has none",
    ("paper letter", "links"): "nobody can press them",
    ("letter", "cards"): "it is on paper",
    ("letter", "night"): "paper has none",
    ("letter", "links"): "nobody can press them",
}


class TestEveryChannelHasEveryPiece:
    """Or it is said why not, so that a piece or a channel that is added is asked about."""

    def test_each_piece_is_asked_about_in_each_channel(self) -> None:
        shown = {(channel, piece) for channel, pieces in SHOWN.items() for piece in pieces}
        pieces = {field.name for field in dataclasses.fields(Look)}
        assert shown.isdisjoint(ELSEWHERE)
        assert shown | {*ELSEWHERE} == set(itertools.product(SHOWN, pieces))

    def test_what_is_shown_is_there(
        self, tiny: TinySite, poster_html: str, paper_letter_html: str
    ) -> None:
        (sheet,) = (tiny.output / "assets").glob("look.*.css")

        def styled(page: str) -> str:
            return page.replace(f"/assets/{sheet.name}", sheet.read_text(encoding="utf-8"))

        house = speaking(tiny.folder, ROOT / "theme", SITE + LOOK, tree=tiny.output)
        with house.store, house.browser as browser:
            service = browser.get("/feedback/en/digest").text
            mair = colleague(house)
            desk = mair.get("").text
            ref = said(house, answer_by="letter", address="12 Bridge Street", name="Ffion")
            mair.done(ref, "reply", team="repairs", reply_en="We come on Monday.")
            letter = mair.get(re.findall(r"desk/(post/\d+)\"", mair.get("post").text)[0]).text
        mail = digest_in(tiny)
        html, picture = (
            part for part in mail.walk() if part.get_content_type() in {"text/html", "image/png"}
        )
        assert isinstance(html, EmailMessage)
        assert isinstance(picture, EmailMessage)
        card = next((tiny.output / "assets/cards").glob("*.png"))
        with Image.open(card) as drawn:
            pixels = drawn.convert("RGB").tobytes()
            colours = {pixels[at : at + 3].hex() for at in range(0, len(pixels), 3)}
        channels = {
            "page": (tiny.output / "en/index.html").read_text(encoding="utf-8"),
            "service": service,
            "desk": desk,
            "card": " ".join(f"#{colour}" for colour in colours),
            "manifest": (tiny.output / "en/site.webmanifest").read_text(encoding="utf-8"),
            "mail": str(html.get_content()),
            "poster": poster_html,
            "paper letter": paper_letter_html,
            "letter": letter,
        }
        missing = [
            (channel, piece)
            for channel, pieces in SHOWN.items()
            for piece, sign in pieces.items()
            if sign not in styled(channels[channel])
        ]
        assert missing == []
        (name,) = re.findall(r'src="cid:([^"]+)" [^>]*alt="Tiny Homes"', channels["mail"])
        assert picture.get("Content-ID") == f"<{name}>"
        assert picture.get_content_disposition() == "inline"
        with Image.open(io.BytesIO(picture.get_content())) as logo:
            assert logo.height == 120  # twice as high as it stands, for sharp screens
            assert logo.getpixel((0, 0)) == (0x2A, 0x18, 0x40)  # on the colour of the head
        assert re.findall(r"src=.(?!cid:)", channels["mail"]) == []
        assert bytes(mail) == bytes(digest_in(tiny))  # the same, however often it is made


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (None, "There is no such file"),
        (b"", "no font that can be read"),
        (b"wOF2" + b"\0" * 400, "no font that can be read"),
        (font()[:4_000], "no font that can be read"),
        (b"\0" * 3_000_000, "3 MB"),
        (font(without="ŵŷ"), "lacks letters that the site's languages need: ŵ ŷ"),
        (font(fsType=2), "Its owner lets nobody publish"),
    ],
)
def test_a_font_that_readers_could_not_use_is_told_and_ours_stays(
    data: bytes | None, wrong: str, tmp_path: Path
) -> None:
    from core.look import OwnFonts

    if data is not None:
        (tmp_path / "own.ttf").write_bytes(data)
    faults: list[tuple[str, str, str]] = []
    look = Look(fonts=OwnFonts(heading="own.ttf"))
    files = look_files(look, tmp_path, "abcŵŷ", lambda *fault: faults.append(fault))
    assert files == {}
    ((field, sentence, instead),) = faults
    assert field == "look.fonts.heading"
    assert wrong in sentence
    assert instead


@pytest.mark.parametrize(
    ("look", "field", "wrong"),
    [
        ('[look.fonts]\ntext = "a.ttf"\n', "look.fonts.text", "The bold font of text isn't named"),
        ('[look]\ncards = "logo"\n', "look.cards", "There is no logo for cards to show."),
        ('[look]\ncards = "castle"\n', "look.cards", ""),
    ],
)
def test_what_does_not_go_together_is_told(look: str, field: str, wrong: str) -> None:
    (fault,) = faults_of(look)
    assert fault.field == field
    assert wrong in fault.wrong


def faults_of(look: str) -> list[Fault]:
    report = Report()
    parse_site(SITE + look, report.at("site.toml"))
    return list(report)


class TestColoursAreChecked:
    """By day and by night, in words."""

    @pytest.mark.parametrize("colours", [DayColours(), NightColours()])
    def test_ours_pass(self, colours: DayColours) -> None:
        for front, ground, needed in PAIRS:
            pair = [name if name[0] == "#" else getattr(colours, name) for name in (front, ground)]
            assert contrast(*pair) >= needed, (front, ground)

    @pytest.mark.parametrize(
        ("front", "ground", "ratio"),
        [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#123456", "#123456", 1.0)],
    )
    def test_contrast_is_counted_as_wcag_does(self, front: str, ground: str, ratio: float) -> None:
        assert round(contrast(front, ground), 2) == ratio
        assert contrast(front, ground) == contrast(ground, front)

    @pytest.mark.parametrize(
        ("look", "line", "wrong"),
        [
            (
                '\n[look.day]\nlink = "#ff8800"\n',
                "look.day.link",
                "By day, the contrast of links (#ff8800) on the page (#f7f4ee) is 2.2 to 1",
            ),
            (
                '\n[look.night]\npaper = "#666666"\n',
                "look.night.paper",
                "By night, the contrast of quiet text (#b4bec3) on the page (#666666)",
            ),
            (
                '\n[look.day]\nroof = "#ffd23f"\n',
                "look.day.roof",
                "By day, the contrast of its light text (#f7f4ee) on the head of the page",
            ),
        ],
    )
    def test_what_weak_eyes_cannot_read_is_told(self, look: str, line: str, wrong: str) -> None:
        faults = [fault for fault in faults_of(look) if fault.field == line]
        assert any(fault.wrong.startswith(wrong) for fault in faults)

    def test_what_it_says_to_write_instead_is_enough(self) -> None:
        (first, *_) = faults_of('\n[look.day]\nedge = "#dddddd"\n')
        better = first.instead.split('"')[1]
        assert contrast(better, DayColours().paper) >= LINES
        assert not faults_of(f'\n[look.day]\nedge = "{better}"\n')

    @pytest.mark.parametrize("colour", ["red", "#12", "#12345g", "rgb(0,0,0)", "#123456;}"])
    def test_what_is_no_colour_is_told(self, colour: str) -> None:
        (fault,) = faults_of(f'\n[look.day]\nlink = "{colour}"\n')
        assert fault.field == "look.day.link"


@pytest.mark.parametrize(
    ("name", "data", "wrong"),
    [
        ("logo.svg", LOGO.replace("<path", "<script>alert(1)</script><path"), "holds <script>"),
        ("logo.svg", LOGO.replace("<path", '<path onclick="x()"'), "runs a script"),
        ("logo.png", b"PNG!", "isn't a picture"),
        ("logo.png", b"", "is empty"),
        ("logo.svg", LOGO + " " * 3_000_000, "This file is 3 MB"),
        ("logo.png", png(400, 20), "is 400 by 20"),
        ("logo.png", moving(), "This picture moves"),
        ("logo.png", png(512, 512, "#00000000"), "nothing to be seen"),
        ("logo.svg", LOGO.replace("M0 0h200v50z", ""), "nothing to be seen"),
        ("logo.svg", LOGO.replace("<path", "<text>Ł</text><path"), "holds text"),
        ("logo.jpg", png(400, 200), "is a PNG picture"),
        ("missing.png", None, "There is no such file"),
    ],
)
@pytest.mark.parametrize("what", ["logo", "icon"])
def test_a_picture_that_can_harm_is_refused_in_a_sentence(
    what: str, name: str, data: str | bytes | None, wrong: str, tmp_path: Path
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data.encode() if isinstance(data, str) else data)
    faults: list[tuple[str, str, str]] = []
    look = Look(logo=name) if what == "logo" else Look(icon=name)
    files = look_files(look, tmp_path, "", lambda *fault: faults.append(fault))
    assert not any(b"script" in data or b"onclick" in data for data in files.values())
    ((field, sentence, instead),) = faults
    assert field == f"look.{what}"
    assert wrong in sentence
    assert instead


@pytest.mark.parametrize("typed", ["LOGO.svg", "logo.svgg", "lgo.svg"])
def test_a_name_that_is_nearly_right_is_asked_about(typed: str, tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(LOGO, encoding="utf-8")
    faults: list[tuple[str, str, str]] = []
    look_files(Look(logo=typed), tmp_path, "", faults_into(faults))
    assert faults[0][2] == "Did you mean “logo.svg”?"


@pytest.mark.parametrize(("colour", "when"), [("#22303a", "day"), ("#0d1318", "night")])
def test_a_logo_that_nobody_could_tell_from_the_head_is_told(
    colour: str, when: str, tmp_path: Path
) -> None:
    (tmp_path / "logo.svg").write_text(LOGO.replace("#fff", colour), encoding="utf-8")
    look = Look(logo="logo.svg", **{when: dataclasses.replace(getattr(Look(), when), roof=colour)})
    other = {"day": "night", "night": "day"}[when]
    light = dataclasses.replace(getattr(look, other), roof="#ffffff")
    faults: list[tuple[str, str, str]] = []
    look_files(dataclasses.replace(look, **{other: light}), tmp_path, "", faults_into(faults))
    ((field, wrong, instead),) = faults
    assert field == "look.logo"
    assert f"By {when}, nothing of it stands out from the head of the page ({colour})" in wrong
    assert f"[look.{when}]" in instead


def faults_into(faults: list[tuple[str, str, str]]) -> Callable[[str, str, str], None]:
    return lambda *fault: faults.append(fault)


class TestOurFontsHaveTheLettersOfEachLanguage:
    def test_what_every_page_loads_is_known_letter_by_letter(self) -> None:
        known = [
            {chr(code) for code in TTFont(path).getBestCmap() or () if code > 0x7E}
            for path in sorted((ROOT / "theme/static/fonts").glob("*.woff2"))
        ]
        assert frozenset.intersection(*map(frozenset, known)) == OURS

    @pytest.mark.parametrize("letters", ["abcŵŷ", "äöüß", "ąćęłńóśźż", "àèìòù", "őű", "ğış"])
    def test_a_language_that_needs_more_gets_the_fuller_edition(self, letters: str) -> None:
        fonts = fuller_fonts(letters)
        assert (fonts == {}) == (letters in {"abcŵŷ", "àèìòù"})
        assert unset_letters(letters, fonts) == ""
        for name, data in fonts.items():
            fuller, ours = TTFont(io.BytesIO(data)), TTFont(ROOT / "theme/static" / name)
            assert set(map(ord, letters)) <= set(fuller.getBestCmap() or ())
            for letter in "nŵ":  # the same shapes, so that nothing moves
                assert width(fuller, letter) == width(ours, letter)

    def test_what_no_font_of_ours_has_is_told(self, tiny_site: MakeSite, built: Built) -> None:
        settings = SITE.replace('"cy", "en"]', '"cy", "en", "ar"]')
        faults = built(tiny_site(settings=settings)).faults
        (advice,) = (fault for fault in faults if fault.code == "font")
        assert (advice.path, advice.line, advice.field) == ("site.toml", 1, "languages")
        assert "[look.fonts]" in advice.instead


def width(face: TTFont, letter: str) -> int:
    return int(face["hmtx"][(face.getBestCmap() or {})[ord(letter)]][0])


def test_a_faulty_logo_is_told_with_its_line_and_stops_a_strict_build(
    tiny_site: MakeSite, built: Built
) -> None:
    tiny = tiny_site(
        FILES | {"images/logo.svg": "<svg/>"}, SITE + '\n[look]\nlogo = "images/logo.svg"\n'
    )
    result = built(tiny, strict=True)
    assert not result.ok
    (fault,) = (fault for fault in result.faults if fault.code == "picture")
    assert (fault.path, fault.field) == ("site.toml", "look.logo")
    assert fault.line == len(SITE.splitlines()) + 3
    assert built(tiny).ok  # without it
