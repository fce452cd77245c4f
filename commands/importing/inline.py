"""Running text of HTML as Markdown: emphasis, code, links, pictures, and what must be escaped."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from commands.markdown_text import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

BREAK = "\x1e"  # a line break, until the block that it stands in is known
SPLIT = "\x1d"  # the end of a paragraph inside text, as old WordPress has it
MARKS = {"strong": ("\x01", "\x02", "**"), "em": ("\x03", "\x04", "*")}
ALIKE = {"b": "strong", "i": "em", "cite": "em", "dfn": "em", "var": "em"}
# Elements that Markdown has no mark for, and that pages here may hold.
KEPT = {"sub", "sup", "kbd", "mark", "ins", "del", "small", "abbr", "q", "samp"}
RENAMED = {"acronym": "abbr", "s": "del", "strike": "del", "tt": "code"}
DROPPED = {"script", "style", "noscript", "template", "svg", "canvas", "map", "head", "title",
           "object", "select", "button", "textarea", "math"}  # fmt: skip
ADDRESS = re.compile(r"https?://[^\s<>\"“”‘’«»]*[^\s<>\"“”‘’«».,;:!?)\]}'*_]")
SPACE = re.compile(r"[ \t\r\n\f]+")
BACK = re.compile(r"#(?:foot|end)note-ref-")  # from a note of Word's back to the text
SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b\u2060\ufeff]"
)


class TargetLocator(Protocol):
    """Says where what a text points at is to be found once it is here."""

    def link(self, href: str) -> str | None:
        """Return the address to write; None when it leads nowhere any more."""

    def picture(self, src: str) -> str | None:
        """Return the path to write; None when the picture isn't at hand."""

    def lost(self, sort: str, detail: str) -> None:
        """Take note of something that can't be brought."""


@dataclass
class Inline:
    """Writes running text; what it may point at is asked of `placed`."""

    placed: TargetLocator
    breaks: bool = False  # whether line ends in the text mean something, as in old WordPress
    anchors: frozenset[str] = frozenset()  # names in the page that links may lead to
    notes: dict[str, str] = field(default_factory=dict)  # footnotes: id → label
    _within: list[str] = field(default_factory=list)

    def text(self, node: Any) -> str:  # noqa: ANN401 - an element of lxml, which has no types
        """Return what stands inside an element."""
        parts = [self.words(node.text)]
        for child in node:
            parts += [self.element(child), self.words(child.tail)]
        return _joined(parts)

    def words(self, text: str | None) -> str:
        """Return plain text with everything escaped that Markdown would read as a mark."""
        if not text:
            return ""
        text = INVISIBLE.sub("", text).replace("\u2028", "\n").replace("\u2029", "\n\n")
        if self.breaks:
            text = re.sub(r"[ \t]*\r?\n[ \t]*\r?\n\s*", SPLIT, text)
            text = re.sub(r"[ \t]*\r?\n[ \t]*", BREAK, text)
        text = SPACE.sub(" ", text)
        if "a" in self._within or "http" not in text:
            return escaped(text)
        parts, end = [], 0
        for address in ADDRESS.finditer(text):
            parts += [escaped(text[end : address.start()]), f"<{address[0]}>"]
            end = address.end()
        return "".join([*parts, escaped(text[end:])])

    def element(self, node: Any) -> str:  # noqa: ANN401
        """Return an element of running text."""
        tag = RENAMED.get(node.tag, node.tag) if isinstance(node.tag, str) else ""
        tag = ALIKE.get(tag, tag)
        if not tag or tag in DROPPED:
            self._drop(tag, node)
            return ""
        if tag == "br":
            return BREAK
        if tag == "img":
            return self.picture(node)
        if tag == "input":
            return self._box(node)
        if tag == "code" and "code" not in self._within:
            return code("".join(node.itertext()))
        if tag == "a":
            return self._link(node)
        if tag == "sup" and (label := self._note(node)):
            return f"[^{label}]"
        self._within.append(tag)
        inner = self.text(node)
        self._within.pop()
        if tag in MARKS:
            return self._marked(tag, inner)
        if tag in KEPT and inner.strip():
            about = html.escape(node.get("title") or "")
            return f'<{tag} title="{about}">{inner}</{tag}>' if about else f"<{tag}>{inner}</{tag}>"
        return inner

    def _drop(self, tag: str, node: Any) -> None:  # noqa: ANN401
        if tag in {"script", "object", "svg"}:
            self.placed.lost(
                f"<{tag}> elements left out", " ".join(node.text_content().split())[:60]
            )

    def _box(self, node: Any) -> str:  # noqa: ANN401
        if (node.get("type") or "").lower() != "checkbox":
            return ""
        return "[x] " if node.get("checked") is not None else "[ ] "

    def _marked(self, tag: str, inner: str) -> str:
        core = inner.strip(f" {BREAK}{SPLIT}")
        if not core or tag in self._within:
            return inner
        before, after = inner[: inner.index(core)], inner[inner.index(core) + len(core) :]
        if SPLIT in core or set(self._within) & set(MARKS):
            # Two marks in one another can be read in more than one way; elements can't.
            parts = [f"<{tag}>{part}</{tag}>" for part in core.split(SPLIT)]
            return before + SPLIT.join(parts) + after
        begin, end, _ = MARKS[tag]
        return f"{before}{begin}{core}{end}{after}"

    def _link(self, node: Any) -> str:  # noqa: ANN401
        self._within.append("a")
        inner = self.text(node)
        self._within.pop()
        href = (node.get("href") or "").strip()
        if "footnote-backref" in (node.get("class") or "") or BACK.match(href):
            return ""
        if not href or not inner.strip(f" {BREAK}{SPLIT}"):
            return inner
        if href.startswith("#"):
            address = href if href[1:] in self.anchors else None
        else:
            address = self.placed.link(href)
        if node.find(".//img") is not None and "![" in inner:
            # A picture that leads to itself, only larger, says nothing more as a link.
            return inner
        if address is None:
            return inner
        if address == one_line(node.text_content()) and SCHEME.match(address):
            return f"<{address}>"
        core = inner.strip(f" {BREAK}{SPLIT}").replace(SPLIT, BREAK)
        before, after = inner[: len(inner) - len(inner.lstrip())], " " * inner.endswith(" ")
        return f"{before}[{core}]({safe_address(address)}){after}"

    def _note(self, node: Any) -> str:  # noqa: ANN401
        for link in node.iter("a"):
            return self.notes.get((link.get("href") or "").removeprefix("#"), "")
        return ""

    def picture(self, node: Any, caption: str = "") -> str:  # noqa: ANN401
        """Return a picture; a link to where it was when it isn't at hand."""
        src = (node.get("src") or node.get("data-src") or "").strip()
        alt = one_line(node.get("alt") or "")
        caption = one_line(caption or node.get("title") or "")
        if caption == alt:
            caption = ""
        if not src:
            return ""
        if src.startswith("data:"):
            self.placed.lost("pictures inside the text left out", alt)
            return ""
        if (path := self.placed.picture(src)) is None:
            words = escaped(alt or caption or src.rpartition("/")[2].partition("?")[0])
            address = self.placed.link(src) if SCHEME.match(src) else None
            if address is None or "a" in self._within:
                return words if "a" in self._within else f"({words})"
            return f"[{words}]({safe_address(address)})"
        title = f' "{quotes_made_round(caption)}"' if caption else ""
        if not alt and caption:
            alt = caption
        if not alt:
            self.placed.lost("pictures without words: say what they show", path)
            return f"![]({safe_address(path)}{title}){{role=presentation}}"
        return f"![{escaped(alt)}]({safe_address(path)}{title})"


def _joined(parts: Iterator[str] | list[str]) -> str:
    text = "".join(parts)
    for begin, end, _ in MARKS.values():
        text = text.replace(end + begin, "")  # **a****b** is one thing said in two
    text = re.sub("(?<=[\x02\x04])(?=[\x01\x03])", " ", text)  # *a***b** is read otherwise
    return re.sub(" {2,}", " ", text)


def finished(text: str, line_break: str = "<br>\n") -> str:
    """Return running text with its marks and line breaks written out."""
    for begin, end, mark in MARKS.values():
        text = text.replace(begin, mark).replace(end, mark)
    text = re.sub(f" *{BREAK} *", BREAK, text.replace(SPLIT, BREAK)).strip(f" {BREAK}")
    return re.sub(f"{BREAK}+", line_break, text)


def code(text: str) -> str:
    """Return text set as code, in as many backticks as it takes."""
    text = " ".join(text.split())
    if not text:
        return ""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def one_line(text: str) -> str:
    """Return a text without line ends or invisible characters."""
    return " ".join(INVISIBLE.sub("", text).split())


def plain(text: str) -> str:
    """Return text of a title or a label: no tags, no entities, on one line."""
    return one_line(html.unescape(re.sub(r"</?[a-zA-Z][^<>]*>", "", text)))


def quotes_made_round(text: str) -> str:
    """Return a caption without the straight quotes that would end it."""
    text = re.sub(r'(?:(?<=\s)|^)"', "“", text)
    return text.replace('"', "”").replace("\\", "/")


def safe_address(address: str) -> str:
    """Return an address that can stand between the round brackets of a link."""
    return (
        quote(address.strip(), safe="%/:?#@!$&'*+,;=~-._[]").replace("[", "%5B").replace("]", "%5D")
    )
