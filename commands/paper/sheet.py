"""The words of a poster or a letter, as HTML: each language's in a part of its own."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import segno
from markupsafe import Markup

from core.templating import environment
from plugins.cards.illustrations import draw_house, house_of
from plugins.kinds.models import Change, Kind, Meetup, RoadmapItem
from plugins.loop.entries import for_templates
from plugins.sections.assets import look_files
from plugins.sections.lists import section_title
from plugins.sections.own_fonts import letters_of
from plugins.shortcuts.addresses import LETTERS, RECORD, SAY, short_path

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from jinja2 import Environment
    from jinja2.environment import TemplateModule

    from commands.paper.pdf import TextSize
    from commands.paper.subject import AssociationFolder, PaperSubject
    from plugins.kinds.models import Content
    from plugins.loop.entries import Joined

LONGEST = 160  # characters of a title or of a quotation; on a wall nobody reads more
STRIPS = 7
FONTS = ("fonts/text.woff2", "fonts/text-bold.woff2", "fonts/heading.woff2")
GROWN = 2**0.5  # from A4 to A3, on which everything grows alike
QUARTER = "q"  # so much of the code may be torn, wet or drawn on


@dataclass(frozen=True)
class Layout:
    """How the paper is to look."""

    languages: tuple[str, ...]  # one, or all in the site's order
    letter: bool = False
    a3: bool = False


@dataclass(frozen=True)
class PaperAddress:
    """How readers of one language get from the paper to the site."""

    lang: str
    url: str  # whole
    typed: str  # what has to be typed


@dataclass(frozen=True)
class Paper:
    """A poster or a letter about one subject."""

    root: Path  # this repository
    opened: AssociationFolder
    subject: PaperSubject
    layout: Layout

    def html(self, sized: TextSize) -> str:
        """Return the page at a size."""
        opened, env, languages = self.opened, self._env, self.layout.languages
        house = draw_house(env, house_of(self._thing, opened.loop, opened.build.now))
        shared = {"site": opened.build.site, "kind": self.subject.kind, "sized": sized}
        part = env.get_template("paper/part.html")
        data = shared | {
            "a3": self.layout.a3,
            "grown": GROWN if self.layout.a3 else 1,
            "changed": self._changed,
            "house": _as_source(house),
            "fonts": self._fonts,
            "logo": self._logo,
            "labels": {way.lang: self._labels(way) for way in self._ways},
            "lang": languages[0],
            "parts": [
                (lang, Markup(part.render(shared | self._words(lang))))  # noqa: S704 - escaped
                for lang in languages
            ],
            "qr": _qr(self._scanned),
            "reference": self.reference,
            "title": self.title,
            "ways": self._ways,
        }
        strips = env.get_template("paper/strips.svg").render(data | {"count": STRIPS})
        name = "paper/letter.html" if self.layout.letter else "paper/poster.html"
        return env.get_template(name).render(data | {"strips": _as_source(strips)})

    def _labels(self, way: PaperAddress) -> TemplateModule:
        """Return the small words around the big ones, in one language."""
        labels = self._env.get_template("paper/labels.html")
        return labels.make_module({"lang": way.lang, "address": way.typed})

    @property
    def title(self) -> str:
        """Return what the paper is about, in the first of its languages."""
        return str(self._words(self.layout.languages[0])["title"])

    @property
    def reference(self) -> str:
        """Return what staff type to say what a reply is about; "" for a form about anything."""
        if self.subject.kind == SAY:
            return ""
        if not self._has_door:
            return f"{self.subject.kind}/{self.subject.key}"
        path = short_path(self.subject.kind, self.subject.key).strip("/")
        return path.upper() if self.subject.kind == RECORD else path

    @cached_property
    def _look(self) -> dict[str, bytes]:
        """Return the files of the association's own look, as pages have them."""
        build = self.opened.build
        letters = letters_of(build.wordings)
        return look_files(build.site.look, self.opened.content, letters, lambda *_: None)

    @property
    def _fonts(self) -> dict[str, str]:
        """Return where each font is: below the theme's files, or in the page itself."""
        return {
            name: f"data:font/woff2;base64,{base64.b64encode(self._look[name]).decode()}"
            if name in self._look
            else name
            for name in FONTS
        }

    @property
    def _logo(self) -> str:
        """Return the association's logo as the source of a picture; "" where it has none."""
        name = self.opened.build.site.look.logo_file
        if not name:
            return ""
        kind = "svg+xml" if name.endswith(".svg") else "png"
        return f"data:image/{kind};base64,{base64.b64encode(self._look[name]).decode()}"

    @cached_property
    def _env(self) -> Environment:
        opened = self.opened
        env = environment(opened.templates, opened.build.wordings)
        env.globals |= for_templates(opened.build, opened.loop)
        return env

    @property
    def _has_door(self) -> bool:
        return self.subject.kind in {*LETTERS, RECORD, SAY}

    @property
    def _thing(self) -> Content | None:
        if self.subject.kind in {RECORD, SAY}:
            return None
        return self.opened.build.index.by_key[Kind(self.subject.kind), self.subject.key]

    @property
    def _changed(self) -> date | None:
        """Return the day of the last change of what it says: no other may be in the file."""
        if self.subject.kind == RECORD:
            reply = self.opened.loop.heard.records[self.subject.key].reply
            return reply.on if reply else None
        return self._thing.last_changed if self._thing else None

    def _words(self, lang: str) -> dict[str, Any]:
        """Return what the part of one language is made from."""
        joined = self.opened.joined[lang]
        words: dict[str, Any] = {"lang": lang, "records": [], "people": 0}
        if self.subject.kind == SAY:
            return words | {"title": joined.view.gettext("Say something"), "title_lang": lang}
        if self.subject.kind == RECORD:
            record = joined.record(self.opened.loop.heard.records[self.subject.key])
            return words | {"title": record.title, "title_lang": lang, "record": record}
        return words | self._words_of_thing(joined)

    def _words_of_thing(self, joined: Joined) -> dict[str, Any]:
        kind, key = Kind(self.subject.kind), self.subject.key
        content = self.opened.build.index.by_key[kind, key]
        if isinstance(content, Meetup):
            content = joined.view.latest(content)
        entry = joined.entry(content)
        words = {
            "entry": entry,
            "title": shortened(entry.title),
            "title_lang": entry.lang,
            "section": section_title(kind, joined.view.gettext),
            "standing": house_of(content, self.opened.loop, self.opened.build.now),
        }
        if not isinstance(content, (RoadmapItem, Change)):
            return words
        behind = self.opened.loop.behind(content)
        quoted = [record for record in joined.records(behind.records) if record.extract]
        return words | {"records": quoted, "people": behind.people}

    @property
    def _ways(self) -> list[PaperAddress]:
        build = self.opened.build
        ways = []
        for lang in self.layout.languages:
            path = short_path(self.subject.kind, self.subject.key, lang) if self._has_door else ""
            if not path and self._thing:
                path = self.opened.joined[lang].entry(self._thing).path
            url = build.absolute(path)
            ways.append(PaperAddress(lang, url, url.partition("//")[2].rstrip("/")))
        return ways

    @property
    def _scanned(self) -> str:
        """Return the address in the code: in capitals, which take up less room, where it can be.

        Each side door has a twin in capitals; the folder that a site may stand in has none.
        """
        url = self._ways[0].url
        return url.upper() if self._has_door and self.opened.build.base == "/" else url


def shortened(words: str) -> str:
    """Return words cut to what fits on a wall, at the end of a word."""
    if len(words) <= LONGEST:
        return words
    return words[:LONGEST].rpartition(" ")[0].rstrip(".,;:-") + " …"


def _qr(url: str) -> str:
    """Return a code for print as the source of a picture (ISO/IEC 18004, a quiet zone of four)."""
    return segno.make(url, error=QUARTER, micro=False, boost_error=False).svg_data_uri(border=4)


def _as_source(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
