"""The examples of the docs are real: they are read, built and said by the program itself."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from commands.terminal import describe
from core.faults import Fault, Level, Report
from core.fields import specs
from core.nodes import read_yaml
from core.site import parse_site
from plugins.kinds.models import KINDS, Kind, Text
from tests.copies import ROOT, working_files
from tests.documented import FENCED, WHOLE_FILE, code, read, sections

if TYPE_CHECKING:
    from collections.abc import Callable

    from commands.build import BuildResult
    from tests.conftest import MakeSite
    from tests.tiny import TinySite

pytestmark = pytest.mark.long

NOVEMBER = datetime(2026, 11, 22, 12, tzinfo=UTC)
UNTRANSLATED = {"missing-translation", "missing-field"}  # advice that short examples may draw


def settings_example() -> str:
    """The examples of docs/settings.md, one below the other."""
    return "\n".join(text for lang, text in code("docs/settings.md") if lang == "toml")


def grave(result: BuildResult) -> tuple[Fault, ...]:
    return tuple(fault for fault in result.faults if fault.level == Level.FAULT)


@pytest.fixture
def example(tiny_site: MakeSite) -> TinySite:
    """Every example of docs/writing.md as one site: whole files, and other Markdown as pages."""
    page = read("docs/writing.md")
    files: dict[str, str | bytes] = {
        name.removeprefix("content/"): text for name, text in WHOLE_FILE.findall(page)
    }
    bodies = [
        text for _, lang, text in FENCED.findall(WHOLE_FILE.sub("", page)) if lang == "markdown"
    ]
    assert len(files) > len(KINDS)
    assert bodies
    for number, body in enumerate(bodies, 1):
        files[f"pages/body-{number}.en.md"] = f"---\ntitle: Body {number}\n---\n{body}"
    tiny = tiny_site(files, settings_example())
    pictures = set(re.findall(r"\bimages/[\w-]+\.jpg", "".join(map(str, files.values()))))
    (tiny.content / "images").mkdir()
    for name in pictures:
        Image.new("RGB", (640, 400), "gold").save(tiny.content / name)
    Image.new("RGB", (512, 512), "gold").save(tiny.content / "images/gwennol-icon.png")
    tiny.write("images/gwennol.svg", (ROOT / "theme/static/icon.svg").read_bytes())
    fonts = {"regular": "text", "bold": "text-bold", "display": "heading"}
    for own, ours in fonts.items():
        font = (ROOT / f"theme/static/fonts/{ours}.woff2").read_bytes()
        tiny.write(f"fonts/gwennol-{own}.woff2", font)
    return tiny


def test_the_examples_of_settings_make_a_whole_file_without_fault() -> None:
    report = Report()
    assert parse_site(settings_example(), report.at("site.toml")) is not None
    assert list(report) == []


def test_the_examples_of_writing_make_a_site_without_fault(
    example: TinySite, built: Callable[..., BuildResult]
) -> None:
    result = built(example, strict=True, now=NOVEMBER)
    assert (grave(result), result.crash) == ((), "")
    assert {fault.code for fault in result.faults} <= UNTRANSLATED
    assert {content.kind for content in result.contents} == set(Kind)


def test_the_fault_that_writing_shows_is_what_people_see(
    example: TinySite, built: Callable[..., BuildResult]
) -> None:
    name = "posts/2026-11-09-dark-stairs.en.md"
    text = (example.content / name).read_text(encoding="utf-8")
    example.write(name, text.replace("[repairs]", "[repars]"))
    result = built(example, now=NOVEMBER)
    assert f"```\n{describe(grave(result))}\n```" in read("docs/writing.md")


def test_pieces_of_front_matter_can_be_read() -> None:
    known = set(specs(Text)).union(*map(specs, KINDS.values()))
    pieces = [text for lang, text in code("docs/writing.md") if lang == "yaml"]
    assert pieces
    report = Report()
    for piece in pieces:
        tree = read_yaml(piece, report.at("piece"))
        assert tree is not None
        assert {key.text for key, _ in tree.entries} <= known
    assert list(report) == []


def test_the_examples_of_the_theme_change_every_page(
    example: TinySite, built: Callable[..., BuildResult]
) -> None:
    for name, text in WHOLE_FILE.findall(read("docs/theme.md")):
        path = example.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    result = built(example, url="https://example.org/house/", now=NOVEMBER)
    assert (grave(result), result.crash) == ((), "")
    pages = {path: path.read_text("utf-8") for path in example.output.rglob("index.html")}
    unstyled = [path for path, html in pages.items() if "/house/own.css" not in html]
    unstyled = [path for path in unstyled if 'http-equiv="refresh"' not in pages[path]]
    assert unstyled == []
    assert "--link" in (example.output / "own.css").read_text(encoding="utf-8")
    post = example.output / "en" / "blog" / "three-nights-in-the-dark" / "index.html"
    assert 'Talk to us: <a href="tel:01632960110">' in post.read_text(encoding="utf-8")


def spoken() -> list[str]:
    """Every text in the program, with … where it fills something in."""
    sentences = []
    for name in working_files():
        if re.fullmatch(r"(core|plugins|commands)/.*\.py|run", name):
            for node in ast.walk(ast.parse(read(name))):
                if isinstance(node, ast.JoinedStr):
                    parts = [p.value if isinstance(p, ast.Constant) else "…" for p in node.values]
                    sentences.append("".join(map(str, parts)))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    sentences.append(node.value)
    return sentences


@pytest.mark.parametrize(
    ("page", "heading"),
    [
        ("docs/writing.md", "Faults and how to mend them"),
        ("docs/operating.md", "When something is wrong"),
    ],
)
def test_every_sentence_that_the_docs_explain_is_one_that_the_program_says(
    page: str, heading: str
) -> None:
    sentences = spoken()
    quoted = re.findall(r"^\| “(.+?)” \|", sections(page)[heading], re.MULTILINE)
    assert quoted
    unsaid = []
    for sentence in quoted:
        parts = [re.escape(part.strip()) for part in sentence.split("…")]
        if not any(re.search(".*".join(parts), text) for text in sentences):
            unsaid.append(sentence)
    assert unsaid == []
