"""Transcripts as Zoom, Teams, YouTube and Whisper give them: cues tidied, every speaker named."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING

import webvtt

from commands.importing.bounds import read_text
from commands.importing.inline import INVISIBLE
from commands.importing.models import ImportedSite, Loss, SourceLocation
from commands.new.questions import FOLDER_OF
from commands.terminal import Stop
from core.words import plain_key
from plugins.kinds.models import Kind
from plugins.podcast.webvtt import clock, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from commands.importing.models import ImportOptions
    from core.site import Site

TAG = re.compile(
    r"</?(?:v|c|i|b|u|ruby|rt|lang|font)(?:[.\s][^<>]{0,200})?>|<\d[\d:.]*>", re.IGNORECASE
)
# `Nia Rowe: words`, `[SPEAKER_01]: words`, `Speaker 2 words follow on the next line`
_NAME = r"[^\W\d_a-z][\w'’.-]*(?: [\w'’.()-]+){0,4}"
LABEL = re.compile(rf"(?:[->–]+\s*)?\[?((?i:speaker|siaradwr)[ _]?\d+|{_NAME})\]?\s*:\s+(?=\S)")
LONGEST = timedelta(seconds=9)  # a cue that stays longer is hard to follow
MOST = 180  # characters of a cue: what two lines hold
PAUSE = timedelta(seconds=1)  # after which a new cue begins, whoever speaks
SHORTEST = timedelta(milliseconds=100)


@dataclass(frozen=True, slots=True)
class SpokenCue:
    """What somebody says, from a time to a time."""

    start: timedelta
    end: timedelta
    speaker: str  # as the file has it; "" when it doesn't say
    text: str


@dataclass
class TranscriptReader:
    """Reads one file of cues."""

    wish: ImportOptions
    site: Site
    content: Path
    ask: Callable[[str], str]

    def read(self) -> ImportedSite:
        """Return the transcript as a file of ours, and its episode's file with a line for it.

        :raises Stop: when it can't be read, or when nobody says who speaks.
        """
        path = self.wish.what
        cues = tidied(spoken(path))
        if not cues:
            raise Stop(f"Nothing is said in {path.name}.")
        names = self._names([cue.speaker for cue in cues])
        text = written([replace(cue, speaker=names[cue.speaker]) for cue in cues])
        lang = self.wish.lang or self.site.unnamed
        lost = [
            Loss(
                "lines of a transcript to mend by hand",
                SourceLocation(path.name, problem.line),
                problem.wrong,
            )
            for problem in read(text.encode()).problems
        ]
        if not self.wish.episode:
            return ImportedSite(
                items=(),
                lost=tuple(lost),
                texts={f"podcast/{plain_key(path.stem)}.{lang}.vtt": text},
            )
        page = self._episode()
        name = f"{page.name.partition('.')[0]}.{lang}.vtt"
        edits, note = _with_transcript(page, lang, name)
        lost += [Loss("lines to write yourself", SourceLocation(page.name), note)] if note else []
        return ImportedSite(
            items=(),
            lost=tuple(lost),
            texts={f"podcast/{name}": text},
            edits={page.relative_to(self.content).as_posix(): edits} if edits else {},
        )

    def _episode(self) -> Path:
        folder = self.content / FOLDER_OF[Kind.EPISODE]
        key = re.escape(self.wish.episode)
        pages = [
            p for p in sorted(folder.glob("*.md")) if re.match(rf"(?:[\d-]{{11}})?{key}\.", p.name)
        ]
        with_facts = [
            p for p in pages if re.search(r"^show:", p.read_text(encoding="utf-8"), re.MULTILINE)
        ]
        if not with_facts:
            keys = ", ".join(
                sorted({re.sub(r"^[\d-]{11}|\..*", "", p.name) for p in folder.glob("*.md")})
            )
            raise Stop(
                f"There is no episode “{self.wish.episode}”. There are: {keys or 'none yet'}.", 2
            )
        return with_facts[0]

    def _names(self, labels: list[str]) -> dict[str, str]:
        """Return who each label stands for, asked once for each."""
        speakers = {}
        for part in filter(None, (p.strip() for p in self.wish.speakers.split(","))):
            label, equals, name = part.partition("=")
            speakers[label.strip().casefold() if equals else ""] = (
                name if equals else label
            ).strip()
        names = {}
        for label in dict.fromkeys(labels):
            if label.casefold() in speakers:
                names[label] = speakers[label.casefold()]
            elif self.wish.yes and label:
                names[label] = label
            elif self.wish.yes:
                raise Stop(
                    "The transcript doesn't say who speaks, and each cue must. Type the same "
                    'again with --speakers "Nia Rowe".'
                )
            else:
                who = f"Who is “{label}”" if label else "Who speaks where the file doesn't say"
                default = f" [{label}]" if label else ""
                while not (name := self.ask(f"{who}?{default} ").strip() or label):
                    pass
                names[label] = name
        return names


def spoken(path: Path) -> list[SpokenCue]:
    """Return what is said in a file of WebVTT or SubRip, as it stands.

    :raises Stop: when it is neither, or can't be read.
    """
    text = INVISIBLE.sub("", read_text(path)).replace("\r\n", "\n").replace("\r", "\n")
    is_vtt = text.lstrip().startswith("WEBVTT")
    if not is_vtt and "-->" not in text:
        raise Stop(f"{path.name} is no transcript with times: export it as WebVTT (.vtt) or .srt.")
    try:
        captions = webvtt.from_buffer(StringIO(text.lstrip()), "vtt" if is_vtt else "srt")
    except webvtt.errors.MalformedCaptionError as error:
        raise Stop(f"{path.name} can't be read: {error}. Export it again.") from None
    except webvtt.errors.MalformedFileError:
        raise Stop(f"{path.name} can't be read as a transcript. Export it again.") from None
    return [
        SpokenCue(
            timedelta(milliseconds=caption.start_time.in_milliseconds()),
            timedelta(milliseconds=caption.end_time.in_milliseconds()),
            caption.voice or "",
            caption.raw_text,
        )
        for caption in captions.captions
    ]


def tidied(cues: list[SpokenCue]) -> list[SpokenCue]:
    """Return cues in order, without overlaps and repeats, each with its speaker's label."""
    return _apart(_joined(_labelled(_once(sorted(cues, key=lambda cue: (cue.start, cue.end))))))


def _once(cues: list[SpokenCue]) -> list[SpokenCue]:
    """Return cues without what they repeat: YouTube's roll each line up under the next."""
    distinct, before = [], ""
    for cue in cues:
        lines = [
            " ".join(html.unescape(TAG.sub("", line)).split()) for line in cue.text.split("\n")
        ]
        lines = [line for line in lines if line]
        new = lines[1:] if lines and lines[0] == before else lines
        if new:
            distinct.append(replace(cue, text=" ".join(new)))
            before = new[-1]
    return distinct


def _labelled(cues: list[SpokenCue]) -> list[SpokenCue]:
    """Return cues with the labels that stand in their texts taken for speakers."""
    labels = [LABEL.match(cue.text) for cue in cues]
    counts = Counter(label[1].casefold() for label in labels if label)
    named = sum(counts.values())
    labelled, speaker = [], ""
    for cue, label in zip(cues, labels, strict=True):
        # A word and a colon may just be a sentence: a label comes again, or stands everywhere.
        text = cue.text
        real = label and (counts[label[1].casefold()] > 1 or named * 2 >= len(cues))
        if cue.speaker:
            speaker = " ".join(cue.speaker.split())
        elif label and real:
            speaker = " ".join(label[1].replace("_", " ").split())
            text = text[label.end() :]
        text = re.sub(r"^(?:>>+|-)\s*", "", text)
        labelled.append(replace(cue, speaker=speaker, text=text))
    return labelled


def _joined(cues: list[SpokenCue]) -> list[SpokenCue]:
    """Return cues of a sentence or so, made of the fragments that programs give."""
    joined: list[SpokenCue] = []
    for cue in cues:
        last = joined[-1] if joined else None
        if (
            last
            and last.speaker == cue.speaker
            and cue.start - last.end < PAUSE
            and cue.end - last.start <= LONGEST
            and len(last.text) + len(cue.text) < MOST
            and not re.search(r"[.!?…]['\"”’]?$", last.text)
        ):
            joined[-1] = replace(last, end=max(last.end, cue.end), text=f"{last.text} {cue.text}")
        else:
            joined.append(cue)
    return joined


def _apart(cues: list[SpokenCue]) -> list[SpokenCue]:
    """Return cues of which each begins when the one before has ended."""
    apart: list[SpokenCue] = []
    for cue in cues:
        start = max(cue.start, apart[-1].start + SHORTEST) if apart else cue.start
        if apart and apart[-1].end > start:
            apart[-1] = replace(apart[-1], end=start)
        apart.append(replace(cue, start=start, end=max(cue.end, start + SHORTEST)))
    return apart


def written(cues: list[SpokenCue]) -> str:
    """Return cues as WebVTT."""
    blocks = ["WEBVTT"]
    for cue in cues:
        speaker = re.sub(r"[<>&\n]", " ", cue.speaker)
        text = html.escape(cue.text, quote=False)
        blocks.append(f"{clock(cue.start)} --> {clock(cue.end)}\n<v {speaker}>{text}")
    return "\n\n".join(blocks) + "\n"


def _with_transcript(page: Path, lang: str, name: str) -> tuple[str, str]:
    """Return an episode's file with a line for its transcript, or else the line to write."""
    text = page.read_text(encoding="utf-8")
    front, fence, body = text[4:].partition("\n---\n")
    line = f"transcript: {{{lang}: {name}}}"
    if not text.startswith("---\n") or not fence:
        return "", line
    if name in front:
        return "", ""
    known = re.search(r"^transcript: \{([^{}\n]*)\}$", front, re.MULTILINE)
    if known and not re.search(rf"\b{lang}:", known[1]):
        added = f"transcript: {{{known[1]}, {lang}: {name}}}"
        return f"---\n{front[: known.start()]}{added}{front[known.end() :]}\n---\n{body}", ""
    if re.search(r"^transcript:", front, re.MULTILINE):
        return "", line
    return f"---\n{front}\n{line}\n---\n{body}", ""
