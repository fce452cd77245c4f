"""A transcript in every form that podcast apps ask for, made from the same cues."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING

from plugins.podcast.webvtt import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from plugins.podcast.webvtt import Cue

# By the ending of its file: the media type (podcast namespace, transcript).
FORMS = {"vtt": "text/vtt", "srt": "application/x-subrip", "json": "application/json"}


def written(cues: Sequence[Cue], form: str) -> str:
    """Return a transcript in one of :data:`FORMS`."""
    return {"vtt": _vtt, "srt": _srt, "json": _json}[form](cues)


def _vtt(cues: Sequence[Cue]) -> str:
    blocks = ["WEBVTT\n"]
    for cue in cues:
        who = f"<v {html.escape(cue.speaker, quote=False)}>" if cue.speaker else ""
        escaped = html.escape(cue.text, quote=False)
        blocks.append(f"{clock(cue.start)} --> {clock(cue.end)}\n{who}{escaped}\n")
    return "\n".join(blocks)


def _srt(cues: Sequence[Cue]) -> str:
    """Return SubRip: the speaker's name before the words each time somebody else speaks."""
    blocks, before = [], ""
    for number, cue in enumerate(cues, 1):
        who = f"{cue.speaker}: " if cue.speaker and cue.speaker != before else ""
        times = f"{clock(cue.start)} --> {clock(cue.end)}".replace(".", ",")
        blocks.append(f"{number}\n{times}\n{who}{cue.text}\n")
        before = cue.speaker
    return "\n".join(blocks)


def _json(cues: Sequence[Cue]) -> str:
    segments = [
        {
            "speaker": cue.speaker,
            "startTime": cue.start.total_seconds(),
            "endTime": cue.end.total_seconds(),
            "body": cue.text,
        }
        for cue in cues
    ]
    data = {"version": "1.0.0", "segments": segments}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"
