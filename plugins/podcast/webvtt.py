"""WebVTT (W3C): what is said in a recording, when and by whom, read strictly.

Players are told to skip over what they can't read, and then a tenant misses a sentence and
nobody knows. So everything that a player would skip or mend is a problem here, with its line.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMING = re.compile(rf"\s*{_TIME}\s+-->\s+{_TIME}(?:\s+(\S.*))?\s*")
_SETTING = re.compile(r"(vertical|line|position|size|align|region):\S+")
_TAG = re.compile(r"<(/?)([a-z]*)((?:\.[^\s.<>]+)*)(?:[ \t]+([^<>]*))?>")
_TAGS = {"v", "c", "i", "b", "u", "ruby", "rt", "lang"}
_TIME_TAG = re.compile(rf"<{_TIME}>")
_REFERENCE = re.compile(r"&(?:[a-zA-Z]+|#\d+|#x[0-9a-fA-F]+);")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BELOW_HEAD = 2
_SLACK = timedelta(milliseconds=500)  # a recording's length is known to about a frame
_SHAPE = "Write it as 00:01:35.000 --> 00:01:38.500, or without the hours."


class CueProblem(NamedTuple):
    """Something wrong in a transcript."""

    line: int  # counted from 1
    wrong: str
    instead: str


@dataclass(frozen=True, slots=True)
class Cue:
    """What one person says, from a time to a time."""

    start: timedelta
    end: timedelta
    speaker: str  # "" when the transcript doesn't say
    text: str  # plain, on one line
    line: int  # of the file, where its times stand

    @property
    def second(self) -> int:
        """Return the whole second in which it begins: its place on the page."""
        return int(self.start.total_seconds())


@dataclass(frozen=True)
class Transcript:
    """A file of WebVTT, read."""

    cues: tuple[Cue, ...]
    problems: tuple[CueProblem, ...]


def read(data: bytes) -> Transcript:
    """Read a transcript and tell everything that is wrong with it by itself."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        wrong = CueProblem(line, "A letter here can't be read.", "Save the file as UTF-8.")
        return Transcript((), (wrong,))
    return _Reader(re.split(r"\r\n|\n|\r", text)).read()


def held_against(cues: tuple[Cue, ...], duration: timedelta) -> Iterator[CueProblem]:
    """Tell which cues are outside a recording of that length."""
    for cue in cues:
        if cue.end > duration + _SLACK:
            yield CueProblem(
                cue.line,
                f"This is said at {clock(cue.end)}, after the recording ends ({clock(duration)}).",
                "Check the times, and that this is the transcript of that recording.",
            )
            return


def clock(moment: timedelta) -> str:
    """Return a time as WebVTT writes it, as in 00:01:35.000."""
    milliseconds = round(moment / timedelta(milliseconds=1))
    seconds, milliseconds = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}"


@dataclass
class _Reader:
    """Goes through the lines once."""

    lines: list[str]
    cues: list[Cue] = field(default_factory=list)
    problems: list[CueProblem] = field(default_factory=list)

    def read(self) -> Transcript:
        if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", self.lines[0]):
            self._tell(1, "The file doesn't begin with WEBVTT.", "Make that its first line.")
        for number, line in enumerate(self.lines, 1):
            if _CONTROL.search(line):
                self._tell(number, "An invisible control character stands here.", "Delete it.")
        for number, block in self._blocks():
            self._block(number, block)
        if not self.cues and not self.problems:
            self._tell(1, "Nothing is said in this transcript.", "Write what is heard, and when.")
        return Transcript(tuple(self.cues), tuple(self.problems))

    def _tell(self, line: int, wrong: str, instead: str) -> None:
        self.problems.append(CueProblem(line, wrong, instead))

    def _blocks(self) -> Iterator[tuple[int, list[str]]]:
        """Yield runs of lines between empty ones, each with the number of its first line."""
        block: list[str] = []
        for number, line in enumerate([*self.lines[1:], ""], 2):
            if line.strip():
                block.append(line)
            elif block:
                yield number - len(block), block
                block = []

    def _block(self, number: int, block: list[str]) -> None:
        first = block[0]
        if "-->" not in first and re.fullmatch(r"(NOTE|STYLE|REGION)(\s.*)?", first):
            hidden = next((i for i, line in enumerate(block) if "-->" in line), None)
            if hidden is not None:
                where = number + hidden
                self._tell(where, "A cue is stuck to a note.", "Put an empty line before it.")
            elif self.cues and not first.startswith("NOTE"):
                self._tell(number, "Styles stand below a cue.", "Move them above the first cue.")
            return
        if number == _BELOW_HEAD and "-->" not in first:
            wrong = "Text stands right below WEBVTT."
            self._tell(number, wrong, "Put an empty line between them.")
        skip = 0 if "-->" in first else 1  # a cue may begin with a name of its own
        if len(block) <= skip or "-->" not in block[skip]:
            wrong = "This isn't a cue: it has no times."
            self._tell(number, wrong, "Write its times above it, or NOTE before a remark.")
            return
        self._cue(number + skip, block[skip], block[skip + 1 :])

    def _cue(self, number: int, timing: str, lines: list[str]) -> None:
        match = _TIMING.fullmatch(timing)
        if match is None:
            self._tell(number, "The times of this cue can't be read.", _SHAPE)
            return
        for setting in (match[9] or "").split():
            if not _SETTING.fullmatch(setting):
                wrong = f"“{setting}” means nothing after the times."
                self._tell(number, wrong, "Take it out.")
        start, end = _moment(match.groups()[:4]), _moment(match.groups()[4:8])
        if end <= start:
            self._tell(number, "This cue ends before it begins.", "Swap or mend its times.")
            return
        self._in_order(number, start)
        speaker, text = self._said(number + 1, lines)
        if not text:
            self._tell(number, "Nothing is said in this cue.", "Write what is heard, or delete it.")
            return
        if not speaker:
            wrong = "Nobody is named as the speaker of this cue."
            self._tell(number + 1, wrong, "Begin it with <v Name>.")
        self.cues.append(Cue(start, end, speaker, text, number))

    def _in_order(self, number: int, start: timedelta) -> None:
        if not self.cues:
            return
        before = self.cues[-1]
        if start < before.start:
            wrong = f"This cue begins before the one on line {before.line}."
            self._tell(number, wrong, "Put the cues in the order in which they are heard.")
        elif start < before.end:
            wrong = f"This cue begins before the one on line {before.line} has ended."
            self._tell(number, wrong, "Let the earlier one end first, or join the two.")

    def _said(self, number: int, lines: list[str]) -> tuple[str, str]:
        """Return who speaks, and what; tell what a player would drop."""
        speakers, texts = [], []
        for at, line in enumerate(lines, number):
            if "-->" in line:
                self._tell(at, "A second cue is stuck to this one.", "Put an empty line before it.")
            for tag in _TAG.finditer(line):
                if tag[2] not in _TAGS:
                    wrong = f"{tag[0]} is no tag of WebVTT."
                    self._tell(at, wrong, "Take it out, or write &lt; for a plain <.")
                elif tag[2] == "v" and not tag[1]:
                    speakers.append(_plain(tag[4] or ""))
                    if not speakers[-1]:
                        self._tell(at, "<v> names nobody.", "Write <v Name>.")
            bare = _TIME_TAG.sub("", _TAG.sub("", line))
            if "<" in bare or "&" in _REFERENCE.sub("", bare):
                wrong = "A < or & stands here that begins nothing."
                self._tell(at, wrong, "Write &lt; or &amp; for it.")
            texts.append(_plain(bare))
        if len(set(speakers)) > 1:
            self._tell(number, "Two people speak in this cue.", "Write a cue for each.")
        elif speakers and not lines[0].lstrip().startswith("<v"):
            self._tell(number, "Words stand before <v Name>.", "Begin the cue with it.")
        return (speakers or [""])[0], " ".join(filter(None, texts))


def _plain(text: str) -> str:
    return " ".join(html.unescape(text).split())


def _moment(parts: tuple[str, ...]) -> timedelta:
    hours, minutes, seconds, milliseconds = (int(part or 0) for part in parts)
    return timedelta(hours=hours, minutes=minutes, seconds=seconds, milliseconds=milliseconds)
