"""What the site says reaches those who read on paper, and their answer finds its way back."""

from __future__ import annotations

import io
import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

import pytest
import resvg_py
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from commands.paper.pdf import TextSize, one_page
from commands.paper.sheet import Layout, Paper
from commands.paper.subject import AssociationFolder, PaperSubject, find, open_folder
from commands.poster import poster
from commands.terminal import Stop
from plugins.kinds.models import Kind
from plugins.shortcuts.addresses import LETTERS
from tests.copies import ROOT
from tests.tiny import CHANGE, EVERY_KIND, MEETUP, POST, ROADMAP, SITE, TinySite, write_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from commands.build import BuildResult
    from tests.conftest import MakeSite

pytestmark = pytest.mark.long

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
A4 = (210, 297)
BOTH = Layout(("cy", "en"))
LETTER = Layout(("cy", "en"), letter=True)
RECORD = """\
ref: F-2K7Q9T
status: published
sort: problem
lang: en
received: 2026-01
topic: repairs
channel: letter
said: The wall behind my bed is wet.
reply: {on: 2026-01-19, by: repairs, text: {en: We are coming., cy: Rydyn ni'n dod.}}
"""
ROADMAP_CY = """\
---
title: Waliau sych yn nhŷ'r ŵyl
summary: Glaw yn aros y tu allan.
---
Mae'r waliau'n wlyb.
"""
HEARD = {
    "feedback/2026/f-2k7q9t.yaml": RECORD,
    "roadmap/dry-walls.en.md": ROADMAP.replace("rung:", "heard: [F-2K7Q9T]\nrung:"),
    "roadmap/dry-walls.cy.md": ROADMAP_CY,
}


def opened(tiny: TinySite) -> AssociationFolder:
    return open_folder(ROOT, tiny.content, tiny.site, NOW)


def printed(read: AssociationFolder, word: str, layout: Layout = BOTH) -> PdfReader:
    paper = Paper(ROOT, read, find(word, read), layout)
    return PdfReader(io.BytesIO(one_page(paper.html, ROOT / "theme")))


def words(pdf: PdfReader) -> str:
    # Where a font has letters beyond the first plane, pypdf finds a zero before every other.
    return " ".join(pdf.pages[0].extract_text().replace("\0", "").split())


def millimetres(pdf: PdfReader) -> tuple[int, int]:
    box = pdf.pages[0].mediabox
    return round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)


def elements(pdf: PdfReader) -> Iterator[Any]:
    """Go through the tagged tree, parents first."""
    root: Any = pdf.trailer["/Root"]
    waiting = [root["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop(0).get_object()
        if isinstance(element, dict) and "/S" in element:
            yield element
        inner = element.get("/K", []) if isinstance(element, dict) else []
        waiting += [
            kid for kid in (inner if isinstance(inner, list) else [inner]) if kid != element
        ]


def scanned(read: AssociationFolder, subject: PaperSubject, layout: Layout = BOTH) -> str:
    """Read the code as a telephone does."""
    html = Paper(ROOT, read, subject, layout).html(TextSize(0, 0))
    source = re.search(r'class="qr" src="data:[^,]*,([^"]*)"', html)
    assert source
    svg = unquote_to_bytes(source[1].replace("&#39;", "'")).decode()
    png = resvg_py.svg_to_bytes(svg_string=svg, width=400, background="#fff")
    barcodes = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)).convert("L"))
    assert [barcode.format.name for barcode in barcodes] == ["QRCode"]
    return str(barcodes[0].text)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> AssociationFolder:
    return opened(write_site(tmp_path_factory.mktemp("paper") / "association", EVERY_KIND | HEARD))


@pytest.fixture(scope="module")
def item(read: AssociationFolder) -> PdfReader:
    return printed(read, "dry-walls")


@pytest.fixture(scope="module")
def letter(read: AssociationFolder) -> PdfReader:
    return printed(read, "dry-walls", LETTER)


# --- what stands on it ---------------------------------------------------------------------------


def test_a_poster_says_in_both_languages_what_is_done_and_how_to_answer(item: PdfReader) -> None:
    page_text = words(item)
    for each in (
        "Waliau sych yn nhŷ'r ŵyl",
        "Dry walls",
        "Nawr.",
        "Now.",
        "The wall behind my bed is wet.",
        "tiny.example.org/r/dry-walls",
        "01632 960001",
        "neu ffoniwch ni",
        "or ring us",
    ):
        assert each in page_text
    assert page_text.index("Waliau sych") < page_text.index("Dry walls")
    assert len(item.pages) == 1
    assert millimetres(item) == A4


def test_a_poster_is_a_tagged_file_that_names_its_languages(item: PdfReader) -> None:
    root: Any = item.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "cy"
    about = root["/Metadata"].get_object().get_data().decode()
    assert 'pdfuaid:part="1"' in about
    assert item.metadata
    assert (item.metadata.title, item.metadata.author) == (
        "Waliau sych yn nhŷ'r ŵyl",
        "Cartrefi Bach",
    )
    tree = list(elements(item))
    assert {"cy", "en"} == {element["/Lang"] for element in tree if element["/S"] == "/Sect"}
    pictures = [element for element in tree if element["/S"] == "/Figure"]
    assert pictures
    assert all(picture["/Alt"] for picture in pictures)
    assert any("tiny.example.org/r/dry-walls" in picture["/Alt"] for picture in pictures)
    assert [element["/S"] for element in tree].count("/H1") == 2


def test_the_fonts_of_the_theme_are_in_the_file(item: PdfReader) -> None:
    resources: Any = item.pages[0]["/Resources"]
    names = {str(font.get_object()["/BaseFont"]) for font in resources["/Font"].values()}
    assert {name.partition("+")[2].split("-")[0] for name in names} == {"Atkinson", "Bricolage"}


def test_a_letter_has_an_address_window_and_a_reply_that_says_what_it_is_about(
    letter: PdfReader,
) -> None:
    page_text = words(letter)
    for each in (
        "To everyone in this home",
        "I bawb yn y cartref hwn",
        "Torrwch yma / Cut here",
        "r/dry-walls",
        "This matters to me too",
        "May we publish your words, without your name?",
        "1 Bridge Street",
    ):
        assert each in page_text
    assert len(letter.pages) == 1
    assert millimetres(letter) == A4


def test_a_letter_about_a_change_asks_whether_it_is_fixed(read: AssociationFolder) -> None:
    page_text = words(printed(read, "autumn-gutters", Layout(("en",), letter=True)))
    assert "Gutters are cleared each autumn" in page_text
    assert "Wet walls: 2 before and 0 now. It got better." in page_text
    assert "Is it fixed? Yes Partly No" in page_text
    assert "Torrwch" not in page_text


def test_an_address_that_needs_no_stamp_stands_on_the_reply(tmp_path: Path) -> None:
    settings = SITE.replace("phone =", 'freepost = "Freepost TINY HOMES"\nphone =', 1)
    tiny = write_site(tmp_path / "association", settings=settings)
    page_text = words(printed(opened(tiny), "say", Layout(("en",), letter=True)))
    assert "Tiny Homes, Freepost TINY HOMES" in page_text


# What a poster about each kind says besides its title and its summary.
SAYS = {
    "post": "4 March 2026",
    "meetup": "Been and gone",
    "episode": "11 March 2026 · 12:30",
    "roadmap": "On our roadmap",
    "change": "You said, we did",
    "experiment": "A guard keeps leaves out.",
    "standard": "Being asked twice wears people out.",
    "persona": "To write to us at three in the morning",
    "page": "Who we are.",
}


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_poster_that_leads_to_its_page(
    read: AssociationFolder, kind: Kind
) -> None:
    (content,) = read.build.index.of_kind[kind]
    text = words(printed(read, f"{kind}/{content.key}", Layout(("en",))))
    entry = read.joined["en"].entry(content)
    for expected in (entry.title, entry.summary, SAYS[kind], "01632 960001"):
        assert expected in text
    code = scanned(read, PaperSubject(kind, content.key), Layout(("en",)))
    letter = LETTERS.get(kind)
    door = f"/{letter}/{content.key}/".upper() if letter else f"/{entry.path}"
    assert code.endswith(door)


def test_a_logo_stands_on_posters_and_letters(tmp_path: Path) -> None:
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
    )
    settings = f'{SITE}\n[look]\nlogo = "logo.svg"\n'
    tiny = write_site(tmp_path / "a", EVERY_KIND | {"logo.svg": drawing}, settings)
    for layout in (BOTH, LETTER):
        html = Paper(ROOT, opened(tiny), PaperSubject("say", ""), layout).html(TextSize(0, 0))
        assert '<img class="logo" src="data:image/svg+xml;base64,' in html
    assert printed(opened(tiny), "say").pages


def test_a_meetup_says_when_and_where(read: AssociationFolder) -> None:
    html = Paper(ROOT, read, find("tea", read), Layout(("en",))).html(TextSize(0, 2))
    assert "Tuesday 7 April 2026, 18:00 – 19:00" in html
    assert "The porch, 1 Bridge Street. No steps." in html


def test_the_form_has_its_own_poster_with_what_must_not_wait(read: AssociationFolder) -> None:
    html = Paper(ROOT, read, find("say", read), BOTH).html(TextSize(0, 2))
    assert ">tiny.example.org/dweud</a>" in html
    assert ">tiny.example.org/say</a>" in html
    assert "<strong>999</strong> Danger to life" in html


def test_a_large_poster_is_a3(read: AssociationFolder) -> None:
    pdf = printed(read, "f-2k7q9t", Layout(("en",), a3=True))
    assert millimetres(pdf) == (297, 420)
    assert "We are coming." in words(pdf)


@pytest.mark.parametrize(
    ("subject", "address"),
    [
        (PaperSubject("roadmap", "dry-walls"), "HTTPS://TINY.EXAMPLE.ORG/R/DRY-WALLS/"),
        (PaperSubject("record", "F-2K7Q9T"), "HTTPS://TINY.EXAMPLE.ORG/F-2K7Q9T/"),
        (PaperSubject("say", ""), "HTTPS://TINY.EXAMPLE.ORG/DWEUD/"),
    ],
)
def test_a_telephone_reads_the_address_from_the_code(
    read: AssociationFolder, subject: PaperSubject, address: str
) -> None:
    assert scanned(read, subject) == address


def test_on_a_site_in_a_folder_the_code_keeps_the_folders_letters(tmp_path: Path) -> None:
    settings = SITE.replace("tiny.example.org/", "example.org/House/")
    read = opened(write_site(tmp_path / "association", EVERY_KIND, settings))
    address = scanned(read, PaperSubject("change", "autumn-gutters"))
    assert address == "https://example.org/House/c/autumn-gutters/"


# --- words that nobody thought of ----------------------------------------------------------------

LONG = "Damp and mould in every bedroom of every house on the street " * 4


@pytest.mark.parametrize("layout", [BOTH, LETTER], ids=["poster", "letter"])
def test_any_title_fits_on_one_page(layout: Layout, tmp_path: Path) -> None:
    strange = f"رطوبة في الجدران 🏠 “<b>” & co {LONG}"
    item = ROADMAP.replace("title: Dry walls", f"title: '{strange}'")
    item = item.replace("Rain stays outside.", LONG + LONG)
    pdf = printed(opened(write_site(tmp_path / "a", {"roadmap/damp.en.md": item})), "damp", layout)
    assert len(pdf.pages) == 1
    page_text = words(pdf)
    for each in ("01632 960001", "“<b>” & co Damp and mould", "🏠", "رطوبة"):
        assert each in page_text


def test_the_same_words_make_the_same_file_on_another_day(read: AssociationFolder) -> None:
    paper = Paper(ROOT, read, find("dry-walls", read), BOTH)
    first, second = (one_page(paper.html, ROOT / "theme") for _ in range(2))
    assert first == second
    metadata = PdfReader(io.BytesIO(first)).metadata
    assert metadata
    assert metadata.creation_date == datetime(2026, 2, 10)  # noqa: DTZ001 - as the file has it


def test_nothing_is_fetched_from_elsewhere(tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    pictures = "".join(
        f'<img alt="x" src="{source}">'
        for source in (
            "http://127.0.0.1:9/a.png",
            secret.as_uri(),
            "fonts/../../../pyproject.toml",
        )
    )
    html = f'<html lang="en"><title>x</title><p>{pictures}'
    pdf = PdfReader(io.BytesIO(one_page(lambda _: html, ROOT / "theme")))
    resources: Any = pdf.pages[0]["/Resources"]
    assert not resources["/XObject"]


# --- finding it ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "subject"),
    [
        ("dry-walls", PaperSubject("roadmap", "dry-walls")),
        ("roadmap/dry-walls", PaperSubject("roadmap", "dry-walls")),
        ("r/dry-walls", PaperSubject("roadmap", "dry-walls")),
        ("changes/autumn-gutters", PaperSubject("change", "autumn-gutters")),
        ("f-2k7q9t", PaperSubject("record", "F-2K7Q9T")),
        ("record/F-2K7Q9T", PaperSubject("record", "F-2K7Q9T")),
        ("say", PaperSubject("say", "")),
        ("clear-gutters", PaperSubject("post", "clear-gutters")),
        ("w/works-nights", PaperSubject("persona", "works-nights")),
        ("standard/ask-once", PaperSubject("standard", "ask-once")),
    ],
)
def test_a_thing_is_found_by_what_people_call_it(
    read: AssociationFolder, word: str, subject: PaperSubject
) -> None:
    assert find(word, read) == subject


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("dry-wall", "There is nothing public called “dry-wall”. Did you mean “dry-walls”?"),
        ("qqq", "There is nothing public called “qqq”. Posters are made of"),
        ("roadmaps/dry-walls", "There is nothing called “roadmaps” to print."),
    ],
)
def test_what_is_not_there_is_said_in_a_sentence(
    read: AssociationFolder, word: str, sentence: str
) -> None:
    with pytest.raises(Stop) as refusal:
        find(word, read)
    assert refusal.value.code == 2
    assert str(refusal.value).startswith(sentence)


def test_a_key_that_two_things_have_is_asked_about(tmp_path: Path) -> None:
    files = {"roadmap/tea.en.md": ROADMAP, "meetups/2026-04-07-tea.en.md": MEETUP}
    with pytest.raises(Stop, match="Write roadmap/tea or meetup/tea") as refusal:
        find("tea", opened(write_site(tmp_path / "a", files)))
    assert refusal.value.code == 2


@pytest.mark.parametrize("field", ["draft: true", "publish_on: 2026-06-02"])
def test_what_the_public_cannot_see_is_not_printed(field: str, tmp_path: Path) -> None:
    tiny = write_site(
        tmp_path / "a", {"roadmap/dry.en.md": ROADMAP.replace("owner:", f"{field}\nowner:")}
    )
    with pytest.raises(Stop, match="publish it first") as refusal:
        find("dry", opened(tiny))
    assert refusal.value.code == 1


def test_words_that_were_taken_back_are_not_printed(tmp_path: Path) -> None:
    stone = "ref: F-2K7Q9T\nwithdrawn: 2026-02\nreceived: 2026-01\n"
    tiny = write_site(
        tmp_path / "a", {"feedback/2026/f-2k7q9t.yaml": stone, "posts/2026-01-01-a.en.md": POST}
    )
    with pytest.raises(Stop, match="was taken back"):
        find("F-2K7Q9T", opened(tiny))


# --- the task ------------------------------------------------------------------------------------


def run(tiny: TinySite, word: str, **options: Any) -> tuple[int, list[str]]:
    printed: list[str] = []
    plain: dict[str, Any] = {"letter": False, "a3": False, "lang": "", "output": None}
    code = poster(
        ROOT, tiny.content, tiny.site, word, **plain | options, say=printed.append, now=NOW
    )
    return code, printed


def test_the_task_names_the_file_that_it_wrote(tiny_site: MakeSite, tmp_path: Path) -> None:
    target = tmp_path / "lift" / "walls.pdf"
    code, printed = run(tiny_site({"roadmap/dry-walls.en.md": ROADMAP}), "dry-walls", output=target)
    assert code == 0
    assert printed[-1] == f"A poster about “Dry walls”: {target}"
    assert target.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("word", "options", "sentence"),
    [
        ("no-such", {}, "There is nothing public called “no-such”."),
        ("say", {"lang": "fr"}, "The site doesn't speak “fr”. Write --lang cy or en."),
        ("say", {"letter": True, "a3": True}, "A letter folds into an envelope"),
    ],
)
def test_words_that_cannot_be_followed_end_with_2(
    word: str,
    options: dict[str, Any],
    sentence: str,
    tiny_site: MakeSite,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(tiny_site(), word, **options)[0] == 2
    assert capsys.readouterr().err.startswith(sentence)


def test_a_machine_that_sets_no_type_is_told_what_to_install(
    tiny_site: MakeSite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class NoLibraries:
        """Finds no Pango, as on a machine without it."""

        @staticmethod
        def find_spec(name: str, *_: object) -> None:
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [NoLibraries, *sys.meta_path])
    assert run(tiny_site(), "say")[0] == 2
    assert "sudo apt install libpango-1.0-0" in capsys.readouterr().err


# --- short addresses -----------------------------------------------------------------------------


def test_a_short_address_leads_to_the_page_in_each_language(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    tiny = tiny_site(EVERY_KIND | HEARD)
    assert built(tiny, now=NOW, strict=True).ok
    side_door = (tiny.output / "r" / "dry-walls" / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'<a href="([^"]*)" hreflang="(\w+)"[^>]*>([^<]*)</a>', side_door)
    assert links == [
        ("/cy/map-ffordd/waliau-sych-yn-nhyr-wyl/", "cy", "Waliau sych yn nhŷ&#39;r ŵyl"),
        ("/en/roadmap/dry-walls/", "en", "Dry walls"),
    ]
    assert all((tiny.output / url[1:] / "index.html").is_file() for url, _, _ in links)
    assert '<meta name="robots" content="noindex">' in side_door
    twin = tiny.output / "R" / "DRY-WALLS" / "index.html"
    assert twin.read_text(encoding="utf-8") == side_door
    for path in (
        "c/autumn-gutters",
        "m/tea",
        "p/about",
        "W/WORKS-NIGHTS",
        "e/tennis-ball",
        "f-2k7q9t",
        "F-2K7Q9T",
        "say",
        "dweud",
        "DWEUD",
    ):
        assert (tiny.output / path / "index.html").is_file()
    assert "/r/dry-walls/" not in (tiny.output / "sitemap.xml").read_text(encoding="utf-8")


def test_where_there_is_one_language_a_short_address_asks_nothing(
    tiny_site: MakeSite, built: Callable[..., BuildResult]
) -> None:
    settings = SITE.replace('["cy", "en"]', '["en"]')
    tiny = tiny_site(
        {"changes/2026-03-20-autumn.en.md": CHANGE.replace("roadmap: dry-walls\n", "")}, settings
    )
    assert built(tiny, now=NOW).ok
    side_door = (tiny.output / "c" / "autumn" / "index.html").read_text(encoding="utf-8")
    target = "/en/changes/gutters-are-cleared-each-autumn/"
    assert f'<meta http-equiv="refresh" content="0; url={target}">' in side_door
