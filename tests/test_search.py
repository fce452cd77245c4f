"""Search without a browser: the index that a build writes, Whoosh's, the service, the terminal."""

from __future__ import annotations

import asyncio
import dataclasses
import html
import json
import os
import random
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from core.search import ranking
from core.search.answers import SearchIndexes
from core.search.documents import Document, Passage, from_files
from core.search.tree import NoDocuments, contents_file, read_contents, read_document
from core.words import Words
from feedback.store.voices import zero_results
from feedback.web.search import plain
from plugins.search.documents import said_in
from plugins.search.postings import NO_LIST, packed, read
from plugins.search.shards import Shards
from plugins.search.term_cache import SPARE, TermCache
from tests.copies import ROOT
from tests.speaking import Speaking, speaking
from tests.tiny import EVERY_KIND, write_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.search.ranking import Counts
    from tests.tiny import TinySite

WORDS = ["gutter", "ladder", "leaf", "roof", "tennis", "ball", "rain", "wall", "damp", "drain"]
NASTY = [
    "a" * 10_000,
    "\0",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    'AND OR NOT ( "x" *:* ~2 ^9 [a TO b]',
    "😀👩‍👩‍👧",
    "בדיקה بحث",
    "\u202egnirts\u202c",
    "%s %(x)s {} {{7*7}}",
    "' OR 1=1 --",
    "\ufffd\u0301",
    "zzyzx qwrtp",
    "   ",
    "the of and",
]


def made(number: int, chance: random.Random) -> Document:
    text = [" ".join(chance.choices(WORDS, k=chance.randint(5, 20))) for _ in range(3)]
    return Document(
        key=f"post:{number}",
        lang="en",
        path=f"en/blog/{number}/",
        kind=chance.choice(("post", "change")),
        title=" ".join(chance.sample(WORDS, 3)),
        order=(f"2026-01-{number % 28 + 1:02}", f"post:{number:04}"),
        year="2026",
        summary=text[0],
        tags=tuple(chance.sample(WORDS, 1)),
        topics=("repairs",),
        body=tuple(map(Passage, text)),
    )


def written(tree: Path, documents: list[Document]) -> None:
    """Write an index as a build would, upon whatever the tree holds."""
    try:
        before = read_contents(tree).get("en")
    except NoDocuments:
        before = None
    listed = Shards(tree, "en").write(documents, ["cy"], before, tree)
    (tree / "_search.json").write_text(contents_file({"en": listed}, "these tests"), "utf-8")


def files(tree: Path) -> dict[str, bytes]:
    return {
        path.relative_to(tree).as_posix(): path.read_bytes()
        for path in sorted(tree.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("seed", range(4))
def test_an_edit_leaves_the_bytes_of_a_whole_index(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    documents = [made(number, chance) for number in range(60)]
    documents.sort(key=lambda document: document.order)
    written(tmp_path / "edited", documents)
    before = files(tmp_path / "edited")
    at = chance.randrange(60)
    new = "A gutter word that nobody said"
    documents[at] = dataclasses.replace(
        documents[at], body=(Passage(new),), title="Ladders, leaves"
    )
    documents.append(dataclasses.replace(made(99, chance), order=("2026-02-01", "post:99")))
    written(tmp_path / "edited", documents)
    written(tmp_path / "whole", documents)
    after = files(tmp_path / "edited")
    assert after == files(tmp_path / "whole")
    assert before.keys() < after.keys()


def test_an_edit_writes_few_files(tmp_path: Path) -> None:
    documents = [made(number, random.Random(number)) for number in range(200)]
    documents.sort(key=lambda document: document.order)
    tree = tmp_path / "tree"
    written(tree, documents)
    old = files(tree / "search")
    shutil.copytree(tree / "search", tmp_path / "linked", copy_function=os.link)
    documents[7] = dataclasses.replace(documents[7], tags=("skylight",))
    written(tree, documents)
    fresh = [path for path in (tree / "search").rglob("*.*") if path.stat().st_nlink == 1]
    assert [path.name for path in fresh if path.parent.name in {"d", "x"}] == ["7.json"] * 2
    assert files(tmp_path / "linked") == old  # what another tree holds stays as it was


def test_a_spoilt_index_is_written_anew(tmp_path: Path) -> None:
    documents = [made(number, random.Random(number)) for number in range(30)]
    documents.sort(key=lambda document: document.order)
    written(tmp_path / "spoilt", documents)
    for shard in (tmp_path / "spoilt" / "search" / "en" / "t").iterdir():
        shard.write_text("no shard at all", encoding="utf-8")
    documents[3] = dataclasses.replace(documents[3], title="New")
    written(tmp_path / "spoilt", documents)
    written(tmp_path / "whole", documents)
    assert files(tmp_path / "spoilt") == files(tmp_path / "whole")


def test_what_a_page_says_is_counted_once_whatever_else_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []

    def counting(document: Document) -> Counts:
        counted.append(document.key)
        return ranking.counted(document)

    monkeypatch.setattr("plugins.search.term_cache.counted", counting)
    documents = [made(number, random.Random(number)) for number in range(20)]
    file = tmp_path / "cache" / "terms.db"

    def build(tree: str, made_by: str = "this") -> dict[str, bytes]:
        remembered = TermCache(file, made_by)
        listed = Shards(tmp_path / tree, "en", remembered).write(documents, ())
        remembered.close([document.digest for document in listed])
        return files(tmp_path / tree)

    first = build("first")
    assert sorted(counted) == sorted(document.key for document in documents)
    assert build("second") == first
    assert len(counted) == len(documents)
    documents[3] = dataclasses.replace(documents[3], title="A skylight")
    documents.insert(0, made(99, random.Random(99)))
    build("third")
    assert counted[len(documents) - 1 :] == ["post:99", "post:3"]
    build("fourth", "another program")
    assert len(counted) == 2 * len(documents) + 1
    file.write_bytes(b"spoilt" * 999)
    before = build("fifth")
    counted.clear()
    assert build("sixth") == before
    assert counted == []  # a spoilt file is replaced


def test_where_nothing_can_be_remembered_the_index_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    documents = [made(number, random.Random(number)) for number in range(3)]
    remembered = TermCache(tmp_path / "file" / "terms.db", "this")
    Shards(tmp_path / "without", "en", remembered).write(documents, ())
    remembered.close([])
    Shards(tmp_path / "with", "en").write(documents, ())
    assert files(tmp_path / "without") == files(tmp_path / "with")


def test_no_more_is_remembered_than_is_of_use(tmp_path: Path) -> None:
    file = tmp_path / "terms.db"
    for number in range(9):
        document = made(number, random.Random(number))
        remembered = TermCache(file, "this")
        remembered(document)
        remembered.close([document.digest])
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT count(*) FROM counts").fetchone()[0] <= SPARE


@pytest.mark.parametrize("most", [3, 70, 2000, 4_000_000])
def test_a_list_of_documents_is_read_back(most: int) -> None:
    chance = random.Random(most)
    for count in (1, 2, 3):
        some = sorted(chance.sample(range(most), count))
        levels = [chance.choice((1, 5, 6, 7, 8, 9, 80, 400)) for _ in some]
        assert read(packed(some, levels)) == dict(zip(some, levels, strict=True))


@pytest.mark.parametrize("spoilt", ["", "a", "c", "c*", "ca", "~AAAA", "bAAAAAAAAB"])
def test_a_spoilt_list_is_no_list(spoilt: str) -> None:
    with pytest.raises(ValueError, match=NO_LIST):
        read(spoilt)


def test_a_document_is_read_back_whole() -> None:
    document = dataclasses.replace(made(1, random.Random(1)), order=("", ""), plain=True)
    heard = dataclasses.replace(document, body=(Passage("Said", 95), Passage("Written")))
    again = from_files(heard.key, heard.lang, heard.lead(), heard.text())
    assert again == heard
    with pytest.raises(ValueError, match="post:1"):
        from_files(heard.key, "en", "[]", "{}")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A small site with a page of each kind, built."""
    from commands.build import BuildOptions, build

    folder = tmp_path_factory.mktemp("search")
    site = write_site(folder / "site", EVERY_KIND)
    now = datetime(2026, 3, 25, 12, tzinfo=UTC)
    options = BuildOptions(ROOT, site.content, site.site, site.output, now=now)
    result = build(options)
    assert result.ok, result.crash
    again = files(site.output / "search")
    assert build(options).ok
    assert files(site.output / "search") == again  # the same content, the same bytes
    return site


@pytest.fixture(scope="module")
def library(tiny: TinySite) -> Iterator[SearchIndexes]:
    library = SearchIndexes(tiny.output, tiny.folder / "index", ("cy", "en"))
    library.update()
    assert library.update() == 0
    yield library
    library.close()


def keys(library: SearchIndexes, asked: str, lang: str = "en", **chosen: str) -> list[str]:
    return [answer.document.key for answer in library.answers(asked, lang, chosen).shown]


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("clearing gutters", "post:clear-gutters"),
        ("tennis balls", "episode:tennis-ball"),
        ("porch steps", "meetup:tea"),
        ("wet walls", "roadmap:dry-walls"),
        ("two of you", "roadmap:dry-walls"),
        ("somebody each October", "change:autumn-gutters"),
        ("guards", "experiment:gutter-guard"),
        ("asked twice", "standard:ask-once"),
        ("bakery", "persona:works-nights"),
        ("Idris", "persona:works-nights"),
        ("look after", "page:about"),
        ("Nia Rowe", "post:clear-gutters"),
    ],
)
def test_every_kind_is_found_by_what_its_page_says(
    library: SearchIndexes, asked: str, key: str
) -> None:
    assert keys(library, asked)[0] == key


def test_welsh_is_found_mutated_without_accents_and_by_facts(library: SearchIndexes) -> None:
    for asked in ("chwteri", "gwteri", "nghwter", "tri thy", "denis"):
        assert "post:clear-gutters" in keys(library, asked, "cy"), asked


def test_pages_of_the_other_language_come_after_and_say_so(library: SearchIndexes) -> None:
    answers = library.answers("bakery", "cy", {}).shown
    assert [(answer.document.key, answer.document.lang) for answer in answers] == [
        ("persona:works-nights", "en")
    ]
    langs = [answer.document.lang for answer in library.answers("denis tennis", "en", {}).shown]
    assert langs == sorted(langs, reverse=True)
    assert set(langs) == {"cy", "en"}


def test_facets_narrow_down_and_count(library: SearchIndexes) -> None:
    everything = library.answers("gutters", "en", {})
    assert sum(everything.facets["kind"].values()) == everything.total
    for kind, count in everything.facets["kind"].items():
        narrowed = library.answers("gutters", "en", {"kind": kind})
        assert (narrowed.total, narrowed.facets) == (count, everything.facets)
        assert {answer.document.kind for answer in narrowed.shown} == {kind}
    assert keys(library, "gutters", year="1999") == []


def test_a_word_that_is_begun_or_misspelt_is_understood(library: SearchIndexes) -> None:
    assert keys(library, "bake")[0] == "persona:works-nights"
    assert library.answers("baekry", "en", {}).meant == "bakery"
    assert library.answers("a guttre guard", "en", {}).meant == "a gutter guard"
    assert library.answers("qqqqq", "en", {}).meant == ""


def test_what_was_asked_for_is_marked(library: SearchIndexes) -> None:
    first = library.answers("leaf ball", "en", {"kind": "post"}).shown[0]
    assert first.excerpt is not None
    assert first.excerpt.pieces[1::2] == ("Leaves", "ball")
    assert "".join(first.excerpt.pieces) == "Leaves, and one tennis ball."


def test_what_is_heard_leads_to_its_moment(tmp_path: Path) -> None:
    heard = Document(
        key="episode:one",
        lang="en",
        path="en/podcast/one/",
        kind="episode",
        title="One",
        body=(Passage("An introduction."), Passage("Nia: the kettle boils", 95)),
    )
    written(tmp_path, [heard])
    library = SearchIndexes(tmp_path, tmp_path / "index", ("en",))
    library.update()
    assert library.answers("kettles", "en", {}).shown[0].path == "en/podcast/one/#t-95"
    assert library.answers("introduction", "en", {}).shown[0].path == "en/podcast/one/"
    library.close()


def test_transcripts_that_the_podcast_hands_over_are_indexed(tiny: TinySite) -> None:
    from commands.build import BuildOptions, build
    from plugins.search import documents as taken
    from plugins.search import search_generator

    before, spoken = taken.documents, {("tennis-ball", "en"): [(61.7, "Nia", "It was a marrow.")]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            search_generator,
            "documents",
            lambda sheets, build, lang, _: before(sheets, build, lang, spoken),
        )
        output = tiny.folder / "heard"
        now = datetime(2026, 3, 25, 12, tzinfo=UTC)
        assert build(BuildOptions(ROOT, tiny.content, tiny.site, output, now=now)).ok
    contents = read_contents(output)["en"]
    number = [document.key for document in contents.documents].index("episode:tennis-ball")
    document = read_document(output, "en", number, contents.documents[number])
    assert document.body[-1] == Passage("Nia: It was a marrow.", 61)


def test_whoosh_follows_the_tree_page_by_page(tmp_path: Path) -> None:
    documents = [made(number, random.Random(number)) for number in range(12)]
    documents.sort(key=lambda document: document.order)
    written(tmp_path, documents)
    library = SearchIndexes(tmp_path, tmp_path / "index", ("en",))
    assert library.update() == 12
    documents[4] = dataclasses.replace(documents[4], title="A skylight")
    written(tmp_path, documents[:-1])
    assert library.update() == 2  # one edited, one gone
    assert keys(library, "skylight") == [documents[4].key]
    assert documents[-1].key not in keys(library, " ".join(WORDS))
    library.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Whoosh's own
@pytest.mark.parametrize("spoil", ["_MAIN_1.toc", "made-by.txt", "there.json"])
def test_a_spoilt_index_of_whoosh_is_made_again(tmp_path: Path, spoil: str) -> None:
    documents = [made(number, random.Random(number)) for number in range(3)]
    written(tmp_path, sorted(documents, key=lambda document: document.order))
    library = SearchIndexes(tmp_path, tmp_path / "index", ("en",))
    library.update()
    library.close()
    for path in (tmp_path / "index").rglob(spoil):
        path.write_bytes(b"spoilt")
    assert library.update() == 3
    assert len(keys(library, documents[0].title)) > 0
    library.close()


def test_a_tree_of_another_version_is_left_alone(tmp_path: Path) -> None:
    written(tmp_path, [made(1, random.Random(1))])
    document = json.loads((tmp_path / "_search.json").read_text("utf-8"))
    (tmp_path / "_search.json").write_text(json.dumps(document | {"format": 99}), "utf-8")
    library = SearchIndexes(tmp_path, tmp_path / "index", ("en",))
    with pytest.raises(NoDocuments):
        library.update()
    assert library.answers("gutter", "en", {}).total == 0
    library.close()


def test_facts_are_said_in_their_own_language() -> None:
    both = Words((("en", "wet"), ("cy", "gwlyb")))
    assert list(said_in((both, [Words.of("1 Bridge Street")], 7, None), "cy")) == [
        "gwlyb",
        "1 Bridge Street",
    ]


@pytest.fixture
def service(tmp_path: Path, tiny: TinySite) -> Iterator[Speaking]:
    """The feedback service of the small site."""
    speak = speaking(tmp_path, ROOT / "theme")
    finder = speak.app.routes[0].app.state.service.finder  # type: ignore[attr-defined]
    finder.__init__(tiny.output, tiny.folder / "index", ("cy", "en"))
    yield speak
    speak.store.close()


def lacking(service: Speaking) -> list[tuple[str, str, int]]:
    with service.store.read() as conn:
        return [
            (question.words, question.lang, question.count)
            for question in zero_results.lacking(conn, most=99)
        ]


@pytest.mark.parametrize(
    ("path", "sentence"), [("en/search", "Pages found"), ("cy/chwilio", "Tudalen")]
)
def test_the_form_is_answered_without_a_script(service: Speaking, path: str, sentence: str) -> None:
    page = service.browser.get(f"/feedback/{path}", params={"q": "tennis denis"})
    assert page.status_code == 200
    assert sentence in page.text
    assert '<a href="/en/blog/the-gutters-are-clear/">' in page.text
    assert re.search(r"<mark>(tennis|denis)</mark>", page.text)
    assert "<script" not in page.text.split("</head>")[1]


def test_the_service_ranks_as_the_terminal_does(service: Speaking, library: SearchIndexes) -> None:
    page = service.browser.get("/feedback/en/search", params={"q": "gutter walls"}).text
    shown = re.findall(r'<h2><a href="/([^"#]+)', page)
    assert shown == [
        answer.document.path for answer in library.answers("gutter walls", "en", {}).shown
    ]


@pytest.mark.parametrize("asked", NASTY)
@pytest.mark.parametrize("lang", ["cy", "en"])
def test_whatever_is_asked_the_page_is_calm(service: Speaking, asked: str, lang: str) -> None:
    page = service.browser.get(f"/feedback/{lang}/search", params={"q": asked})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    field = re.search(r'id="q" value="([^"]*)"', page.text)
    assert field is not None
    assert html.unescape(field[1]) in asked


@pytest.mark.parametrize(
    "query",
    [
        *("", "q=", "q=gutter&page=0", "q=gutter&page=9999999999", "q=gutter&page=٣", "page=x"),
        *("q=gutter&kind=%00&topic='&year=--", f"q=gutter&kind={'x' * 999}", "q=%ff%fe", "q=a&q=b"),
    ],
)
def test_an_address_that_makes_no_sense_is_answered_all_the_same(
    service: Speaking, query: str
) -> None:
    assert service.browser.get(f"/feedback/en/search?{query}").status_code == 200


def test_without_a_built_site_the_page_says_so_calmly(tmp_path: Path) -> None:
    speak = speaking(tmp_path, ROOT / "theme")
    finder = speak.app.routes[0].app.state.service.finder  # type: ignore[attr-defined]
    finder.__init__(tmp_path / "tree", tmp_path / "index", ("cy", "en"))
    page = speak.browser.get("/feedback/en/search?q=gutter")
    speak.store.close()
    assert page.status_code == 200
    assert "Nothing says that" in page.text


def test_what_nobody_found_is_counted_and_shown_without_who_asked(service: Speaking) -> None:
    for asked in ("Unicorn stables", "unicorn  stables", "gutter"):
        service.browser.get("/feedback/en/search", params={"q": asked})
    counted = service.browser.post("/feedback/cy/chwilio/none", data={"q": "ungorn"})
    assert counted.status_code == 204
    assert lacking(service) == [("unicorn stables", "en", 2), ("ungorn", "cy", 1)]


def test_only_pages_of_ours_may_have_something_counted(service: Speaking) -> None:
    elsewhere = {"origin": "https://elsewhere.example.org"}
    response = service.browser.post(
        "/feedback/en/search/none", data={"q": "x y"}, headers=elsewhere
    )
    assert response.status_code == 403
    assert lacking(service) == []


@pytest.mark.parametrize(
    "asked",
    ["ring me on 01632 960111", "someone@example.org", "x" * 61, "12 34", "\0", "Mrs Ffion Pugh"],
)
def test_what_may_be_about_a_person_is_not_counted(asked: str) -> None:
    assert plain(asked) == ""


def test_counts_are_forgotten_and_bounded(service: Speaking) -> None:
    today = date(2026, 3, 4)

    def ask(day: date, words: str) -> None:
        asyncio.run(
            service.store.write(lambda conn: zero_results.lacked(conn, "en", words, today=day))
        )

    ask(today - zero_results.KEPT - timedelta(days=1), "long ago")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zero_results, "MOST_A_DAY", 2)
        for words in ("one", "two", "three", "one"):
            ask(today, words)
    assert lacking(service) == [("one", "en", 2), ("two", "en", 1)]


def test_the_terminal_answers_and_its_code_tells(tiny: TinySite, library: SearchIndexes) -> None:
    from commands.search import index, search

    screen = StringIO()
    console = Console(file=screen, width=200)
    folder = tiny.folder
    code = search(folder, tiny.output, tiny.site, "tennis balls", lang="en", console=console)
    assert code == 0
    assert "https://tiny.example.org/en/blog/the-gutters-are-clear/" in screen.getvalue()
    assert search(folder, tiny.output, tiny.site, "zzyzx", lang="", console=console) == 1
    assert search(folder, tiny.output, tiny.site, "x", lang="fr", console=console) == 2
    assert search(folder, folder / "none", tiny.site, "x", lang="", console=console) == 2
    complaints: list[str] = []
    assert index(folder, tiny.output, tiny.site, complaints.append) == 0
    assert complaints[-1] == "The index is up to date; 0 pages had changed."
    assert index(folder, folder / "none", tiny.site, complaints.append) == 2
    del library


def test_the_words_after_search_are_one_question() -> None:
    from commands.menu import understood

    assert understood(["search", "damp", "wall", "--lang", "cy"]) == [
        *("search", "damp wall", "--lang", "cy")
    ]
    assert understood(["search"]) == ["search"]
