"""One file of content, taken apart: its name, its front matter and its Markdown."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.faults import Report
from core.nodes import CONFLICT, Mapping, conflict_line, read_yaml
from core.times import day_of
from core.values import UTC, is_language
from core.words import TURNING, plain_key
from plugins.kinds.front_matter import name_of, split, tell_second_block, tell_slips
from plugins.kinds.models import Kind, Text

if TYPE_CHECKING:
    from datetime import date

    from core.faults import FileFaults
    from core.site import Site

# What people write by hand ends somewhere, or it is a mistake. What the program writes may grow.
MAX_BYTES = 2_000_000  # of a file: a long novel
MAX_FRONT_MATTER = 65_536  # characters: fifty times the longest that people write by hand
NEARLY = 0.75  # of the most: from here on, whoever writes is told before it is too much
FOLDERS = {
    "posts": Kind.POST,
    "meetups": Kind.MEETUP,
    "podcast": Kind.EPISODE,
    "roadmap": Kind.ROADMAP,
    "changes": Kind.CHANGE,
    "experiments": Kind.EXPERIMENT,
    "standard": Kind.STANDARD,
    "personas": Kind.PERSONA,
    "pages": Kind.PAGE,
}
# A day before a name: as it is to be written, or as people write it elsewhere.
_WITH_DAY = re.compile(
    r" *(?P<day>(?P<full>\d{4}-\d{2}-\d{2})(?=-.)|(?:19|20)\d{2}(?:-\d{1,2}-\d{1,2}|\d{4}))"
    r"(?:[-_ ]+(?=.)|$)"
)
SETTINGS = "site.toml"
RESERVED_FOLDERS = {"feedback"}  # records, written by `pull`


@dataclass(frozen=True, slots=True)
class Source:
    """A file of content, read but not yet understood."""

    path: str  # relative to the content folder, with forward slashes
    kind: Kind
    key: str
    lang: str
    day: date | None  # from the file's name
    front: Mapping
    body: str
    body_line: int
    fenced: bool = True  # False: it has no front matter, and that was reported
    torn: bool = False  # more of its front matter stands in the body, and that was reported
    misdated: bool = False  # its name begins with a day that there is not, and that was reported


def take_apart(path: str, data: bytes, site: Site, faults: FileFaults) -> Source | None:
    """Take a Markdown file apart.

    :param path: relative to the content folder, with forward slashes.
    :returns: the source, or None when nothing can be made of the file.
    """
    if (text := _decode(data, faults)) is None:
        return None
    if line := conflict_line(text):
        faults.fault(line, "", *CONFLICT, "conflict")
        return None
    if (parts := split(text, faults)) is None:
        return None
    front = None
    if _fits(parts.front or "", faults) and not tell_slips(parts, faults):
        front = read_yaml(parts.front or "", faults, parts.front_line)
    named = _name(path, site, faults)
    if front is None or named is None:
        return None
    key, lang, day, misdated = named
    has_date = day is not None or front.get("date") is not None
    kind = _kind(path, has_date, faults)
    return Source(
        path,
        kind,
        key,
        lang,
        day,
        front,
        parts.body,
        parts.body_line,
        fenced=parts.front is not None,
        torn=tell_second_block(parts, faults),
        misdated=misdated,
    )


def headless(path: str, data: bytes, site: Site) -> Text | None:
    """Return the words of a file whose front matter can't be read: their faults are told with its.

    :returns: None where nobody can tell where they begin or which language they are in.
    """
    untold = Report().at(path)
    text = _decode(data, untold)
    if text is None or conflict_line(text):
        return None
    parts, named = split(text, untold), _name(path, site, untold)
    if parts is None or named is None:
        return None
    body, body_line = parts.body, parts.body_line
    return Text(lang=named[1], path=path, body=body, body_line=body_line, lines={}, title="")


def _fits(front: str, faults: FileFaults) -> bool:
    """Whether front matter is as short as what people write by hand."""
    if len(front) > NEARLY * MAX_FRONT_MATTER:
        too_long = len(front) > MAX_FRONT_MATTER
        (faults.fault if too_long else faults.advise)(
            2,
            "",
            f"The part between the --- lines is {len(front):,} characters long.",
            f"Keep it under {MAX_FRONT_MATTER:,}; put long text below the second --- line.",
            "yaml",
        )
        return not too_long
    return True


def _decode(data: bytes, faults: FileFaults) -> str | None:
    if len(data) > NEARLY * MAX_BYTES:
        too_long = len(data) > MAX_BYTES
        (faults.fault if too_long else faults.advise)(
            0,
            "",
            f"The file is {len(data) / 1e6:.1f} MB long.",
            f"Keep a page under {MAX_BYTES // 10**6} MB; pictures and documents are files apart.",
            "file",
        )
        if too_long:
            return None
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
        faults.advise(
            1,
            "",
            "The file begins with an invisible byte-order mark.",
            "Save it as “UTF-8”, not as “UTF-8 with BOM”.",
            "file",
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        faults.fault(
            data.count(b"\n", 0, error.start) + 1,
            "",
            "The file isn't saved as UTF-8: a letter here can't be read.",
            "Open it in your editor and save it with the encoding “UTF-8”.",
            "file",
        )
        return None
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        faults.advise(
            1, "", "The file has Windows line ends.", "Save it with “LF” line ends.", "file"
        )
    unreadable = False
    for number, line in enumerate(text.split("\n"), 1):
        if not line.isprintable() and (bad := _unreadable(line)):
            unreadable = True
            faults.fault(
                number,
                "",
                f"An invisible character stands in this line: {name_of(bad)}.",
                "Delete the line and type it again.",
                "invisible",
            )
    if unreadable:
        return None
    if not text.strip():
        faults.whole("The file is empty.", "Write it, or delete the file.", "file")
        return None
    return text


def _unreadable(line: str) -> str:
    """Return a character that breaks lines, or turns round how they are read, where none shows."""
    return next(
        (
            c
            for c in line
            if (c != "\t" and unicodedata.category(c) in {"Cc", "Zl", "Zp"}) or c in TURNING
        ),
        "",
    )


def _name(path: str, site: Site, faults: FileFaults) -> tuple[str, str, date | None, bool] | None:
    """Return what a file's name says: [YYYY-MM-DD-]key[.lang].md.

    :returns: key, language, date, and whether it begins with a day that there is not.
    """
    stem, _, ending = path.rpartition("/")[2].rpartition(".")
    rest, dot, written = stem.rpartition(".")
    lang = written.lower()
    if not dot:
        rest, lang = stem, site.unnamed
    elif lang not in site.every_language:
        known = " or ".join(f".{code}.md" for code in site.languages)
        wrong = (
            f"The file is in a language (“{lang}”) that the site doesn't have."
            if is_language(lang)
            else "The file's name has a full stop too many."
        )
        was = f" If it was one, write it into former_languages in {SETTINGS}."
        instead = f"End its name with {known}.{was if is_language(lang) else ''}"
        faults.whole(wrong, instead, "file-name")
        return None
    whole, (day, prefix, rest) = rest, _dated(rest)
    misdated = bool(prefix) and day is None
    if misdated:
        faults.whole(
            f"The file's name begins with {prefix[:-1]}, which isn't a day of the calendar.",
            "Begin it with year-month-day, such as 2026-03-04-.",
            "file-name",
        )
    key = plain_key(rest)
    better = f"{prefix}{key}"
    tail = re.fullmatch(rf"(?P<key>.+)-(?P<lang>{'|'.join(site.languages)})", key)
    if tail and not dot and tail["lang"] != lang:
        faults.advise(
            0,
            "",
            f"By its name this may be in {tail['lang']}, and it is taken as {lang}.",
            f"If it is, rename it to {prefix}{tail['key']}.{tail['lang']}.md.",
            "file-name",
        )
    elif better != whole or ending != "md" or (dot and lang != written):
        faults.whole(
            "The file's name has more than small letters, digits and single hyphens."
            if plain_key(whole) != whole or (dot and lang != written) or ending != "md"
            else "The file's name begins with a day that isn't written in full.",
            f"Rename it to {better}{dot}{lang if dot else ''}.md.",
            "file-name",
        )
    return key, lang, day, misdated


def _dated(stem: str) -> tuple[date | None, str, str]:
    """Return the day with which a name begins, as it is to be written, and the rest of the name.

    :returns: no day, but what stands for one, where the calendar doesn't have it.
    """
    written = _WITH_DAY.match(stem)
    if not written:
        return None, "", stem
    rest = stem[written.end() :]
    try:
        day = day_of(written["day"], UTC)
    except ValueError:
        return (None, written[0], rest) if written["full"] else (None, "", stem)
    # A name may be a day alone.
    return (day, f"{day}-", rest) if rest else (day, "", str(day))


def path_without_language(path: str) -> str:
    """Return what the paths of all languages of one thing have in common."""
    folder, slash, name = path.rpartition("/")
    return folder + slash + name.partition(".")[0]


def _kind(path: str, has_date: bool, faults: FileFaults) -> Kind:  # noqa: FBT001 - internal
    """Return the kind that the folder stands for; elsewhere, what has a date is a post."""
    folder, slash, _ = path.partition("/")
    if slash and folder in FOLDERS:
        return FOLDERS[folder]
    kind = Kind.POST if has_date else Kind.PAGE
    where = f"The folder “{folder}” isn't one that we know" if slash else "The file is in no folder"
    faults.advise(
        0,
        "",
        f"{where}, so this was taken as a {kind}.",
        f"Move it into one of {', '.join(FOLDERS)}.",
        "folder",
    )
    return kind
