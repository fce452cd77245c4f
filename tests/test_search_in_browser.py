"""The search page in a real browser: the sample's questions, the service's ranking, bad weather."""

from __future__ import annotations

import json
from functools import cache
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from commands.bundle import MODULES, TARGET, NoTools, bundled
from core.analysis import WORD, Analysis
from core.search.answers import SearchIndexes
from core.search.tree import read_contents, read_document
from plugins.search.postings import BEND, STEPS, packed
from tests.copies import ROOT
from tests.sample import BASE
from tests.test_search import NASTY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from core.search.documents import Document
    from tests.sample import Sample

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.unmeasured]

PAGES = {"en": "en/search/", "cy": "cy/chwilio/"}
AGREEMENT = 0.95  # of the browser's first ten with Whoosh's
SETTLED = "() => document.querySelector('ol.results').getAttribute('aria-busy') === 'false'"


@pytest.fixture(scope="module")
def library(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndexes]:
    """Whoosh's index of the sample site."""
    index = tmp_path_factory.mktemp("whoosh") / "index"
    library = SearchIndexes(sample.folder, index, ("cy", "en"))
    library.update()
    yield library
    library.close()


@cache
def questions() -> list[tuple[str, str, frozenset[str]]]:
    """The labelled questions: language, words, the keys of the pages that answer them."""
    lines = (ROOT / "tests" / "queries.txt").read_text(encoding="utf-8").splitlines()
    parts = [[part.strip() for part in line.split("|")] for line in lines if line[:2] in PAGES]
    return [(lang, asked, frozenset(answers.split())) for lang, asked, answers in parts]


def ask(page: Page, words: str) -> list[str]:
    """Ask, wait until nothing moves, and return the paths of the answers, the first ten."""
    page.fill("#q", words)
    page.press("#q", "Enter")
    page.wait_for_function(SETTLED)
    links = page.locator("ol.results li:visible h2 a")
    hrefs: list[str] = links.evaluate_all("all => all.map((one) => one.pathname + one.hash)")
    return [href.removeprefix(BASE) for href in hrefs]


def module(page: Page, name: str, work: str, value: object) -> object:
    """Return what comes of some work with a module of the script."""
    source = (ROOT / MODULES / name).read_text(encoding="utf-8")
    return page.evaluate(
        f"""async ([source, given]) => {{
          const file = new Blob([source], {{ type: "text/javascript" }});
          return ({work})(await import(URL.createObjectURL(file)), given);
        }}""",
        [source, value],
    )


def documents(sample: Sample) -> dict[str, Document]:
    return {
        document.path: document
        for lang, contents in read_contents(sample.folder).items()
        for number, listed in enumerate(contents.documents)
        for document in [read_document(sample.folder, lang, number, listed)]
    }


def test_the_questions_name_pages_that_are_there(sample: Sample) -> None:
    assert len(questions()) >= 150
    welsh = sum(lang == "cy" for lang, _, _ in questions())
    assert 2 * welsh >= len(questions())
    keys = {document.key for document in documents(sample).values()}
    assert {key for _, _, answers in questions() for key in answers} <= keys


@pytest.mark.parametrize("lang", PAGES)
def test_a_word_is_the_same_in_the_browser_on_the_whole_vocabulary(
    page: Page, sample: Sample, lang: str
) -> None:
    vocabulary = " ".join(
        " ".join([document.title, document.summary, *(passage.text for passage in document.body)])
        for document in documents(sample).values()
    )
    words = sorted({*WORD.findall(vocabulary), *WORD.findall(" ".join(NASTY))})
    assert len(words) > 3000
    analysis = Analysis(lang)
    terms_there = module(
        page,
        "terms.js",
        """({ terms }, [lang, tables, words]) => {
          const of = terms(lang, tables);
          return words.map((word) => [of(word).flatMap((span) => span.terms), of.beginning(word)]);
        }""",
        [lang, analysis.tables, words],
    )
    expected = [[list(analysis.terms(word)), analysis.beginning(word)] for word in words]
    assert terms_there == expected


def test_lists_of_documents_are_read_as_they_were_written(page: Page) -> None:
    chance = Random(1)
    lists = []
    for most in (3, 70, 2000, 4_000_000):
        some = sorted(chance.sample(range(most), 3))
        lists.append((some, [chance.choice((1, 5, 6, 7, 8, 9, 80, 400)) for _ in some]))
    work = "({ unpacked }, [lists, levels]) => lists.map((one) => unpacked(one, levels))"
    bare = module(page, "lists.js", work, [[packed(numbers) for numbers, _ in lists], False])
    assert isinstance(bare, list)
    assert [read["there"] for read in bare] == [numbers for numbers, _ in lists]
    lists_read = module(page, "lists.js", work, [[packed(*pair) for pair in lists], True])
    assert isinstance(lists_read, list)
    for (numbers, levels), decoded in zip(lists, lists_read, strict=True):
        odds = [(level / STEPS) ** (1 / BEND) for level in levels]
        assert decoded["there"] == numbers
        assert decoded["shares"] == pytest.approx([chance / (1 + chance) for chance in odds])


def test_the_script_is_what_its_modules_make() -> None:
    """Type ./run scripts when this fails."""
    try:
        script = bundled(ROOT)
    except NoTools:
        pytest.skip("This machine has no node, or npm can't install what joins the modules.")
    assert (ROOT / TARGET).read_bytes() == script


@pytest.mark.parametrize("lang", PAGES)
def test_the_browser_ranks_as_whoosh_does_and_finds_what_it_should(
    page: Page, sample: Sample, library: SearchIndexes, lang: str
) -> None:
    page.goto(sample.address + PAGES[lang])
    known = documents(sample)
    shared, first, recalled = [], [], []
    for of, asked, wanted in questions():
        if of != lang:
            continue
        here = ask(page, asked)
        expected = [answer.path for answer in library.answers(asked, lang, {}).shown]
        shared.append(len({*here} & {*expected}) / max(len(expected), 1))
        keys = [known[path.partition("#")[0]].key for path in here]
        first.append(next((1 / n for n, key in enumerate(keys, 1) if key in wanted), 0.0))
        recalled.append(len(wanted & {*keys}) / len(wanted))
    count = len(shared)
    assert sum(shared) / count >= AGREEMENT
    assert sum(first) / count >= 0.85  # mean reciprocal rank
    assert sum(recalled) / count >= 0.93  # at ten


def test_answers_come_as_one_types_and_are_told(page: Page, sample: Sample) -> None:
    page.goto(sample.address + PAGES["en"])
    page.locator("#q").press_sequentially("mobility scoo")
    page.wait_for_url("**/?q=mobility+scoo")
    page.wait_for_function(SETTLED)
    first = page.locator("ol.results li").first
    assert "scooters and bikes" in first.inner_text()
    assert first.locator("mark").count() > 0
    page.wait_for_function("() => document.querySelector('.found').textContent.includes(': ')")
    assert page.get_attribute(".found", "role") == "status"
    assert page.url.endswith("?q=mobility+scoo")
    assert page.locator(".browse").is_hidden()


def test_the_keyboard_walks_through_the_answers(page: Page, sample: Sample) -> None:
    page.goto(sample.address + PAGES["en"])
    ask(page, "damp")
    focused = "() => document.activeElement.closest('li, form').tagName + document.activeElement.id"
    for key, place in (("ArrowDown", "LI"), ("ArrowDown", "LI"), ("Escape", "FORMq")):
        page.keyboard.press(key)
        assert page.evaluate(focused) == place
    more = page.locator(".more")
    before = page.locator("ol.results li").count()
    more.click()
    page.wait_for_function(
        f"() => document.activeElement.closest('ol.results li:nth-child({before + 1})')"
    )


def test_facets_narrow_down_and_stay_in_the_address(
    page: Page, sample: Sample, library: SearchIndexes
) -> None:
    page.goto(sample.address + PAGES["en"] + "?q=damp")
    page.wait_for_function(SETTLED)
    page.click("form.search summary")
    page.wait_for_function("() => /\\(\\d+\\)/.test(document.querySelector('#kind').innerText)")
    page.select_option("#kind", "meetup")
    page.wait_for_function("() => location.search.includes('kind=meetup')")
    page.wait_for_function(SETTLED)
    kickers = page.locator("ol.results li:visible .kicker").all_inner_texts()
    expected = library.answers("damp", "en", {"kind": "meetup"})
    assert len(kickers) == expected.total
    assert all(kicker.startswith("Meetup") for kicker in kickers)
    page.reload()
    page.wait_for_function(SETTLED)
    assert page.locator("ol.results li:visible").count() == expected.total


def test_pages_of_the_other_language_bear_a_mark(page: Page, sample: Sample) -> None:
    page.goto(sample.address + PAGES["en"])
    assert (
        ask(page, "limrig") == ["cy/blog/eisteddfod-y-cwm/"]
        or page.locator("ol.results li:visible").count()
    )
    item = page.locator("ol.results li:visible").first
    assert item.get_attribute("lang") == "cy"
    assert item.locator(".badge").inner_text().lower() == "in welsh"


def test_a_mistake_is_offered_put_right(page: Page, sample: Sample, library: SearchIndexes) -> None:
    page.route("**/none", lambda route: route.fulfill(status=204))
    page.goto(sample.address + PAGES["en"])
    ask(page, "mobilty scootter")
    offered = page.locator(".meant a")
    offered.wait_for()
    assert offered.inner_text() == library.answers("mobilty scootter", "en", {}).meant
    offered.click()
    page.wait_for_function(SETTLED)
    assert page.locator("ol.results li:visible").count() > 0


@pytest.mark.parametrize("lang", PAGES)
def test_whatever_is_typed_the_page_is_calm(page: Page, sample: Sample, lang: str) -> None:
    page.route("**/none", lambda route: route.fulfill(status=204))
    page.goto(sample.address + PAGES[lang])
    for asked in NASTY:
        page.evaluate("(asked) => { document.querySelector('#q').value = asked; }", asked)
        page.press("#q", "Enter")
        page.wait_for_function(SETTLED)
    page.goto(sample.address + PAGES[lang] + "?q=" + quote("<script>alert(1)</script>&\0%"))
    page.wait_for_function(SETTLED)
    assert page.locator("ol.results script").count() == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("meta.json", '{"format":99,"pages":3}'),
        ("meta.json", "no JSON"),
        ("t/*.txt", "no shard at all\nneither this"),
        ("t/*.txt", "damp zzzz~~~ #"),
        ("t/*.txt", "damp ~AAAA"),
        ("t/*.txt", "damp a"),
        ("t/*.txt", "damp aMMMM"),
        ("t/*.txt", "damp #MMMM"),
        ("d/*.json", "[1]"),
        ("d/*.json", "null"),
        ("x/*.json", '{"body":[[7],"x",[]]}'),
        ("facets.txt", "kind"),
    ],
)
def test_a_spoilt_or_foreign_file_leaves_a_calm_page(
    page: Page, sample: Sample, name: str, text: str
) -> None:
    page.route(f"**/search/en/{name}", lambda route: route.fulfill(body=text))
    page.route("**/none", lambda route: route.fulfill(status=204))
    page.goto(sample.address + PAGES["en"])
    ask(page, "damp")
    page.wait_for_function("() => document.querySelector('.found').textContent")
    shown = page.locator("ol.results li:visible").count()
    assert shown or page.locator(".browse").is_visible()


@pytest.mark.parametrize("lang", PAGES)
def test_offline_the_page_says_so_and_shows_all_there_is(
    browser: Browser, sample: Sample, lang: str
) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(sample.address + PAGES[lang], wait_until="networkidle")
    context.set_offline(True)
    page.fill("#q", "scooter")
    page.press("#q", "Enter")
    page.wait_for_function("() => document.querySelector('.found').textContent")
    notice = page.inner_text(".found")
    assert notice == page.get_attribute(".found", "data-trouble")
    assert page.locator(".browse").is_visible()
    context.close()


@pytest.mark.parametrize("lang", PAGES)
def test_without_a_script_there_is_a_form_and_a_way_to_every_page(
    browser: Browser, sample: Sample, lang: str
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.goto(sample.address + PAGES[lang])
    action = page.locator("form.search").get_attribute("action")
    assert action == f"{BASE}feedback/{PAGES[lang].rstrip('/')}"
    assert page.locator("form.search").get_attribute("method") == "get"
    links = page.locator(".browse a").evaluate_all("all => all.map((one) => one.pathname)")
    own = [document for document in documents(sample).values() if document.lang == lang]
    unled = {document.path for document in own if document.kind not in {"record", "page"}} - {
        link.removeprefix(BASE) for link in links
    }
    assert unled == set()
    overflow = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(overflow)
    context.close()


def test_every_page_leads_to_search(page: Page, sample: Sample) -> None:
    page.goto(sample.address + "cy/")
    page.click("header >> text=Chwilio")
    assert page.url == sample.address + PAGES["cy"]


def test_an_episode_is_opened_at_its_moment(page: Page, sample: Sample) -> None:
    contents = read_contents(sample.folder)["en"]
    number = [document.key for document in contents.documents].index("episode:waiting-in")
    text = sample.folder / "search" / "en" / "x" / f"{number}.json"
    data = json.loads(text.read_text(encoding="utf-8"))
    data["body"] = [["Marged: nine days of scooters", 95]]
    spoken = json.dumps(data)
    page.route(f"**/x/{number}.json", lambda route: route.fulfill(body=spoken))
    page.goto(sample.address + PAGES["en"])
    assert any(path.endswith("#t-95") for path in ask(page, "Marged waiting in scooters"))
