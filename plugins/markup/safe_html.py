"""HTML as browsers read it, of which only what is allowed here is written again.

Markdown may hold HTML, and whatever looks for tags by patterns reads it otherwise than browsers
do. So it is parsed by the rules of the HTML Living Standard, and nothing of the text reaches a
page but elements and attributes that stand in the tables below. The tables name no element that
runs, embeds, sends or fetches; every address is a hole that the site fills.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, NamedTuple

import turbohtml
from turbohtml import Element, Namespace, Text, TokenType
from turbohtml.clean import LinkDetector

from core.faults import Level
from core.words import visible
from plugins.markup.allowed_html import (
    ADDRESSES,
    ALLOWED,
    ENDS_ITSELF,
    EVERYWHERE,
    HOLES,
    INSIDE,
    NEEDLESS,
    OWN,
    REFUSED,
    TODAY,
    VOID,
)
from plugins.markup.pieces import EmbeddedPicture, Heading, Link, Piece, Problem, Recording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.markup.lines import Lines

PASSES = 4  # what was taken out may let the rest be read otherwise, so it is read again

_CHOICE = ("source", "picture")
_CONTROLS = "".join(map(chr, range(0x21)))  # what browsers cut off both ends of an address
_ADDRESSES_IN_TEXT = LinkDetector(emails=True, bare_domains=True)
_MAY_BE_ADDRESS = re.compile(r"://|www\.|@").search
# A name with a dot in it may be a file, or two sentences without a space between.
_IS_MEANT = re.compile(r"(?:https?://|www\.|mailto:)|.*@", re.IGNORECASE).match
_LINKED = ("http://", "https://", "mailto:")
_CODE = frozenset({"pre", "code", "kbd", "samp"})
_PARTS_OF_TABLES = frozenset({"caption", "col", "tbody", "td", "tfoot", "th", "thead", "tr"})
DROPPED = _PARTS_OF_TABLES | {"body", "frame", "frameset", "head", "html"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


class SafeHtml(NamedTuple):
    """A body as it may stand in a page, and what is known of it from reading it."""

    pieces: tuple[Piece, ...]
    headings: tuple[Heading, ...]  # of every level, those without an id and empty ones included
    anchors: frozenset[str]
    shown: str  # its words, but for code
    words: int
    problems: tuple[Problem, ...]


def safe_html(rendered: str, lines: Lines) -> SafeHtml:
    """Return what may stand in a page of a body's HTML.

    :param rendered: what Markdown became, author's HTML included.
    :param lines: finds where each tag was written.
    :raises RecursionError: it is nested too deeply to be read.
    """
    first = reading = _Reading(rendered, lines)
    for _ in range(PASSES):
        if not reading.changed:
            break
        reading = _Reading(reading.as_html(), lines)
    else:
        raise RecursionError
    problems = [*first.problems, *_stray(rendered, first.tags, lines)]
    return SafeHtml(
        tuple(reading.pieces),
        tuple(reading.headings),
        frozenset(reading.anchors),
        "".join(reading.shown),
        reading.words,
        tuple(dict.fromkeys(problems)),
    )


@dataclass
class _Reading:
    """One parse of a body, and what was written of it."""

    html: str
    lines: Lines
    pieces: list[Piece] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    shown: list[str] = field(default_factory=list)
    words: int = 0
    problems: list[Problem] = field(default_factory=list)
    changed: bool = False  # an element was taken out, or its name changed
    tags: Counter[str] = field(default_factory=Counter)  # how often an element is there
    _line_of_tag: dict[int, int] = field(default_factory=dict)  # by where it begins
    _text: list[str] = field(default_factory=list)  # since the last hole
    _links: int = 0  # in how many what is read stands

    def __post_init__(self) -> None:
        root = turbohtml.parse_fragment(self.html, source_locations=True)
        self._children(root, "", code=False)
        self._flush()

    def as_html(self) -> str:
        """Return what was written, with its addresses as they came."""
        return "".join(map(_as_written, self.pieces))

    def _flush(self) -> None:
        if self._text:
            self.pieces.append("".join(self._text))
            self._text.clear()

    def _hole(self, piece: Link | EmbeddedPicture | Recording) -> None:
        self._flush()
        self.pieces.append(piece)

    def _children(self, parent: Element, inside: str, *, code: bool) -> None:
        for node in parent.children:
            if isinstance(node, Text):
                self._words(node.data, linked=not code and not self._links)
                self.words += len(node.data.split())
                if not code:
                    self.shown.append(node.data)
            elif isinstance(node, Element):
                self._element(node, inside, code=code)
            # Comments are notes of authors to each other.

    def _words(self, text: str, *, linked: bool) -> None:
        """Write text; addresses that stand in it become links."""
        end = 0
        for span in _ADDRESSES_IN_TEXT.find(text) if linked and _MAY_BE_ADDRESS(text) else ():
            if span.url.startswith(_LINKED) and _IS_MEANT(span.text):
                self._text += [escape(text[end : span.start], quote=False), '<a href="']
                self._hole(Link(span.url, self.lines.of(span.text)))
                self._text.append(f'">{escape(span.text, quote=False)}</a>')
                end = span.end
        self._text.append(escape(text[end:], quote=False))

    def _element(self, element: Element, inside: str, *, code: bool) -> None:
        written = element.tag
        self.tags[written] += 1
        if element.namespace is not Namespace.HTML or written in REFUSED:
            self._tell_refused(element, written)
            self.changed = True
            return
        tag = TODAY.get(written, written)
        self.changed = self.changed or tag != written
        if tag not in ALLOWED or (tag in INSIDE and inside not in INSIDE[tag]):
            self._unwrap(element, written, inside, code=code)
        elif tag == "img":
            self._picture(element)
        elif tag == "p" and _is_blank(element):
            pass  # what browsers make of </p> where none is open, and what held a comment
        elif tag == "p" and (picture := _lone_picture(element)):
            self._picture(picture)
        else:
            self._write(tag, element, code=code)

    def _unwrap(self, element: Element, tag: str, inside: str, *, code: bool) -> None:
        # The site itself draws a picture in every size, so what chooses among sizes is needless.
        if not (tag == "picture" and element.find("img")) and (tag, inside) != _CHOICE:
            self._tell_unknown(element, tag)
        self.changed = True
        self._children(element, tag if tag == "picture" else inside, code=code)

    def _write(self, tag: str, element: Element, *, code: bool) -> None:
        place = element.source_location
        if place and not place.end_tag and element.tag not in VOID | ENDS_ITSELF:
            self._tell_unclosed(element, element.tag)
        self._text.append(f"<{tag}")
        self._attributes(tag, element)
        self._text.append(">")
        if tag in VOID:
            return
        if tag == "pre" and element.text.startswith("\n"):
            self._text.append("\n")  # browsers drop the first
        if tag == "a" and "href" in element.attrs and _says_nothing(element):
            line = self.lines.of(f"[]({element.attr('href')}")
            instead = "Write where it leads, between the square brackets."
            self.problems.append(Problem(line, "A link has no words.", instead, "empty-link"))
        if level := _HEADINGS.get(tag):
            anchor = element.attr("id") or ""
            self.headings.append(Heading(level, anchor, " ".join(element.text.split())))
        self._links += tag == "a"
        self._children(element, tag, code=code or tag in _CODE)
        self._links -= tag == "a"
        self._text.append(f"</{tag}>")

    def _attributes(self, tag: str, element: Element) -> None:
        for name, value in element.attrs.items():
            text = " ".join(value) if isinstance(value, list) else value or ""
            if hole := HOLES.get((tag, name)):
                self._text.append(f' {name}="')
                line = self.lines.of(text) if hole is Link else self._line(element)
                self._hole(hole(_address(text), line))
                self._text.append('"')
            elif _may_stand(tag, name, text):
                self._text.append(f' {name}="{escape(text)}"' if text else f" {name}")
                if name == "id":
                    self.anchors.add(text)
            elif (tag, name) == ("a", "name") and "id" not in element.attrs:
                self._text.append(f' id="{escape(text)}"')  # as HTML 4 wrote it
                self.anchors.add(text)
            elif (tag, name) not in NEEDLESS:
                self._tell_attribute(element, name)
        if tag in {"audio", "video"}:
            self._text.append(" controls")  # without them nobody can stop it (WCAG 2.2, 1.4.2)

    def _picture(self, element: Element) -> None:
        values = {name: value for name, value in element.attrs.items() if isinstance(value, str)}
        src = values.get("src", "")
        alt: str | None = values.get("alt", "").strip() or None
        if values.get("role") in {"presentation", "none"}:
            alt = ""
        for name in element.attrs:
            if name in ADDRESSES - {"src"} or name == "style" or name.startswith("on"):
                self._tell_attribute(element, name)
        self._hole(EmbeddedPicture(_address(src), alt, values.get("title", ""), self.lines.of(src)))

    # --- what is wrong --------------------------------------------------------------------------

    def _line(self, element: Element) -> int:
        place = element.source_location
        if place is None or place.start_tag is None:
            return self.lines.of(f"<{element.tag}")
        span = place.start_tag
        if span.start_offset not in self._line_of_tag:
            written = self.html[span.start_offset : span.end_offset]
            self._line_of_tag[span.start_offset] = self.lines.of(written)
        return self._line_of_tag[span.start_offset]

    def _tell(self, element: Element, wrong: str, instead: str, code: str) -> None:
        self.problems.append(Problem(self._line(element), wrong, instead, code))

    def _tell_refused(self, element: Element, tag: str) -> None:
        what = REFUSED.get(tag) or REFUSED["svg"]
        self._tell(
            element,
            f"The text holds {what}, which pages here never have: it was left out.",
            "Take it out; link to it instead.",
            "refused-html",
        )

    def _tell_unclosed(self, element: Element, tag: str) -> None:
        self._tell(
            element,
            f"<{tag}> is opened and never closed.",
            f"Write </{tag}> where it ends.",
            "unbalanced-html",
        )

    def _tell_unknown(self, element: Element, tag: str) -> None:
        if parents := INSIDE.get(tag):
            wrong = f"<{tag}> stands outside of any <{min(parents)}>, so it was left out."
            instead = f"Put it inside <{min(parents)}>, or take it out."
        else:
            wrong = f"<{tag}> isn't a tag that pages here may have, so readers don't see it."
            instead = f"Take it out; if it is meant to be read, write `<{tag}>` or \\<{tag}>."
        self._tell(element, wrong, instead, "refused-html")

    def _tell_attribute(self, element: Element, name: str) -> None:
        if name == "toc":
            wrong = "{:toc} stands for a list of contents in another program."
            instead, level = "Take it out: a page with three headings has one.", Level.FAULT
        elif name == "style" or name.startswith("on"):
            wrong = f"The tag <{element.tag}> has a “{name}” attribute, which browsers refuse here."
            instead, level = "Take it out; the theme gives everything its look.", Level.FAULT
        elif name in ADDRESSES:
            wrong = (
                f"The tag <{element.tag}> has a “{name}” attribute, an address that pages here "
                "never ask."
            )
            instead, level = "Take it out; link to it instead.", Level.FAULT
        else:
            wrong = f"The “{name}” of <{element.tag}> means nothing here, so it was left out."
            instead, level = "Take it out; the theme gives everything its look.", Level.ADVICE
        code = "refused-html" if level is Level.FAULT else "needless-html"
        self.problems.append(Problem(self._line(element), wrong, instead, code, level))


def _may_stand(tag: str, name: str, value: str) -> bool:
    if name == "tabindex":
        return value in {"0", "-1"}
    return (
        name in EVERYWHERE
        or name in OWN.get(tag, ())
        or re.fullmatch(r"aria-[a-z]+", name) is not None
    )


def _says_nothing(link: Element) -> bool:
    """Whether nobody hears where a link leads (WCAG 2.2, 2.4.4)."""
    named = (link.attr("aria-label") or link.attr("title") or "").strip()
    return not (named or visible(link.text).strip() or link.find("img"))


def _is_blank(element: Element) -> bool:
    return not element.text.strip() and all(not isinstance(n, Element) for n in element.children)


def _lone_picture(paragraph: Element) -> Element | None:
    """Return the picture that is all a paragraph holds."""
    nodes = [node for node in paragraph.children if not isinstance(node, Text) or node.data.strip()]
    (only,) = nodes if len(nodes) == 1 else (None,)
    return only if isinstance(only, Element) and only.tag == "img" else None


def _address(written: str) -> str:
    """Return an address as browsers take it (URL Living Standard, 4.4)."""
    return re.sub(r"[\t\n\r]", "", written.strip(_CONTROLS))


def _as_written(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, EmbeddedPicture):
        alt = ' role="presentation"' if piece.alt == "" else f' alt="{escape(piece.alt or "")}"'
        return f'<img src="{escape(piece.src)}"{alt} title="{escape(piece.caption)}">'
    return escape(piece.url)


def _stray(rendered: str, in_tree: Counter[str], lines: Lines) -> Iterator[Problem]:
    """Tell of ends whose beginning isn't there, of what browsers drop, and of a program's code.

    :param in_tree: how often each element is in the tree that browsers make of it.
    """
    begun: Counter[str] = Counter()
    opened: Counter[str] = Counter()
    for token in turbohtml.tokenize(rendered, capture_source=True):
        tag = token.tag or ""
        if token.type is TokenType.START_TAG:
            begun[tag] += 1
            opened[tag] += 1
            if opened[tag] > in_tree[tag] and tag in DROPPED:
                yield Problem(lines.of(f"<{tag}"), *_dropped(tag), "refused-html")
        elif token.type is TokenType.END_TAG:
            begun[tag] -= 1
            if begun[tag] < 0 and tag not in {"p", "br"}:
                begun[tag] = 0
                yield Problem(
                    lines.of(f"</{tag}"),
                    f"</{tag}> closes what was never opened.",
                    f"Write <{tag}> where it begins, or take it out.",
                    "unbalanced-html",
                )
        elif wrong := _no_comment(token.source or ""):
            yield Problem(
                lines.of((token.source or "")[:2]),
                wrong,
                "Take it out; in code that is to be read, put it in backticks.",
                "refused-html",
            )


def _dropped(tag: str) -> tuple[str, str]:
    """Return what is wrong with a tag that no browser makes anything of, and what to do."""
    if tag in _PARTS_OF_TABLES:
        return f"<{tag}> stands outside of any <table>, so it was left out.", "Put it inside one."
    return f"<{tag}> begins a page of its own, so it was left out.", "Take it out, and its end."


def _no_comment(source: str) -> str:
    """Return what is wrong with what browsers take as a comment that is none; "" for the rest."""
    if source.startswith("<?"):
        return "<?…?> is a program's code, which nothing runs here: readers don't see it."
    if re.match(r"<!(?!--)|</[^A-Za-z]", source) and not source.upper().startswith("<!DOCTYPE"):
        return f"{source[:20]} is read as a note, so readers don't see it."
    return ""
