"""What our pages ask of Python-Markdown beyond its own extensions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

if TYPE_CHECKING:
    from markdown import Markdown

AFTER_ALL_OTHERS = 1  # Python-Markdown runs higher numbers first


@dataclass(frozen=True, slots=True)
class Labels:
    """Words of one language that stand in rendered Markdown."""

    table: str  # "Table {}", with the table's number on the page
    back_to_note: str  # "Back to note {} in the text"
    admonitions: tuple[tuple[str, str], ...]  # (type as written, title)


class HouseExtension(Extension):
    """Scrolling tables with a name, and admonitions titled in the page's language."""

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self._labels = labels

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is theirs
        """Register what follows."""
        md.treeprocessors.register(_Dressing(md, self._labels), "house", AFTER_ALL_OTHERS)


class _Dressing(Treeprocessor):
    def __init__(self, md: Markdown, labels: Labels) -> None:
        super().__init__(md)
        self._labels = labels
        self._titles = dict(labels.admonitions)

    def run(self, root: Element) -> None:
        """Dress the tree of one page."""
        self._name_admonitions(root)
        self._scroll_tables(root)

    def _name_admonitions(self, root: Element) -> None:
        for box in root.iter("div"):
            classes = (box.get("class") or "").split()
            if classes[:1] != ["admonition"]:
                continue
            for title in box.findall("p[@class='admonition-title']"):
                for written in classes[1:2]:
                    if title.text == written.capitalize() and written in self._titles:
                        title.text = self._titles[written]

    def _scroll_tables(self, root: Element) -> None:
        """Put each table in a region that keyboards can scroll (WCAG 2.2, 2.1.1 and 1.4.10)."""
        number = 0
        for parent in list(root.iter()):
            for place, table in enumerate(list(parent)):
                if table.tag != "table":
                    continue
                number += 1
                for cell in table.iter():
                    # The attribute is obsolete in HTML, and a style is refused by the CSP.
                    if (align := cell.attrib.pop("align", None)) not in {None, "left"}:
                        cell.set("class", f"align-{align}")
                region = Element("div")
                for name, value in {
                    "class": "scroll",
                    "role": "region",
                    "tabindex": "0",
                    "aria-label": self._labels.table.format(number),
                }.items():
                    region.set(name, value)
                region.tail, table.tail = table.tail, None
                region.append(table)
                parent[place] = region
