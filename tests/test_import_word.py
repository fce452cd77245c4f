"""A Word document becomes a post or a page: headings, lists, tables, notes, pictures."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.importing.bringing import empty_house

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.importing.bringing import NewSite

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NAMES = (
    f'{W} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="png" ContentType="image/png"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>
</Types>"""
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = f"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>
</Relationships>"""
OWN = f"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="{OFFICE}/image" Target="media/image1.png"/>
<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>
<Relationship Id="rId3" Type="{OFFICE}/numbering" Target="numbering.xml"/>
<Relationship Id="rId4" Type="{OFFICE}/footnotes" Target="footnotes.xml"/></Relationships>"""
STYLES = f"""<w:styles {W}>
<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/></w:style></w:styles>"""
NUMBERING = f"""<w:numbering {W}><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>"""
NOTES = f"""<w:footnotes {W}><w:footnote w:id="2"><w:p><w:r><w:t>Three more rang later.</w:t></w:r>
</w:p></w:footnote></w:footnotes>"""
PICTURE = """<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="{alt}"/><a:graphic>
<a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="rId1"/></pic:blipFill></pic:pic>
</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"""


def paragraph(text: str, style: str = "", level: int | None = None, more: str = "") -> str:
    """A paragraph of WordprocessingML."""
    about = f'<w:pStyle w:val="{style}"/>' if style else ""
    if level is not None:
        about += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>'
    return f"<w:p><w:pPr>{about}</w:pPr><w:r><w:t>{text}</w:t></w:r>{more}</w:p>"


def cell(text: str) -> str:
    """A cell of a table."""
    return f"<w:tc>{paragraph(text)}</w:tc>"


BODY = (
    paragraph("Dark stairs", "Title")
    + paragraph("The lamps failed.", more='<w:r><w:footnoteReference w:id="2"/></w:r>')
    + paragraph("What came next", "H1")
    + paragraph("an electrician", level=0)
    + paragraph("on Monday", level=1)
    + paragraph("new lamps", level=0)
    + f"<w:tbl><w:tr>{cell('Street')}{cell('Out')}</w:tr>"
    + f"<w:tr>{cell('Heol y Felin')}{cell('4')}</w:tr></w:tbl>"
    + PICTURE.format(alt="One lamp of five")
)


NOTHING: Mapping[str, bytes | str] = {}


def document(path: Path, body: str = BODY, parts: Mapping[str, bytes | str] = NOTHING) -> Path:
    """Write a .docx."""
    picture = BytesIO()
    Image.new("RGB", (20, 20), "grey").save(picture, "PNG")
    files: dict[str, bytes | str] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": OWN,
        "word/styles.xml": STYLES,
        "word/numbering.xml": NUMBERING,
        "word/footnotes.xml": NOTES,
        "word/media/image1.png": picture.getvalue(),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**files, **parts}.items():
            archive.writestr(name, data)
    return path


@pytest.fixture
def house(tmp_path: Path) -> NewSite:
    return empty_house(tmp_path / "house")


def test_a_document_comes_over_whole(house: NewSite, tmp_path: Path) -> None:
    path = document(tmp_path / "2026-11-09-dark-stairs.docx")
    assert house.bring("word", path) == 0
    text = house.files()["posts/2026-11-09-dark-stairs.en.md"]
    for part in (
        "title: Dark stairs",
        "The lamps failed.[^1]",
        "[^1]: Three more rang later.",
        "## What came next",
        "- an electrician\n    - on Monday\n- new lamps",
        "| Street | Out |\n| --- | --- |\n| Heol y Felin | 4 |",
        "![One lamp of five](../images/2026-11-09-dark-stairs-1.png)",
    ):
        assert part in text
    assert house.faults() == []
    before = house.state()
    house.bring("word", path)
    assert house.state() == before


def test_a_folder_of_documents_becomes_pages_in_a_language(house: NewSite, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    document(folder / "Amdanom ni.docx", paragraph("Helo.", "") + PICTURE.format(alt=""))
    (folder / "broken.docx").write_bytes(b"PK no")
    assert house.bring("word", folder, kind="page", lang="cy") == 0
    assert list(house.files()) == ["pages/amdanom-ni.cy.md"]
    report = house.report("word")
    assert "broken.docx is damaged" in report
    assert "pictures without words" in report
    assert house.faults() == []


HOSTILE: dict[str, tuple[str, dict[str, bytes | str]]] = {
    "entities": ("a.docx", {"word/document.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"}),
    "bomb": ("a.docx", {"word/media/x.bin": b"\0" * 210_000_000}),
    "half": ("a.docx", {"word/document.xml": "<w:document>"}),
    "old": ("a.doc", {}),
}
SAID = {
    "entities": "document type",
    "bomb": "unpack to",
    "half": "can't be read",
    "old": "isn't a .docx",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_broken_or_hostile_document_gets_a_sentence(
    house: NewSite, tmp_path: Path, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    name, parts = HOSTILE[case]
    before = house.state()
    assert house.bring("word", document(tmp_path / name, parts=parts)) == 1
    assert SAID[case] in capsys.readouterr().err
    assert house.state() == before
