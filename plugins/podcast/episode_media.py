"""What is on air: each episode with its recordings and transcripts, read from disk and checked."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from plugins.kinds.models import Episode, Kind
from plugins.podcast.loudness import loudness
from plugins.podcast.recording import RecordingFault, read_recording
from plugins.podcast.webvtt import held_against, read
from plugins.sections.link_target import find

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import timedelta
    from pathlib import Path

    from core.faults import FileFaults
    from plugins.images.cache import Cache
    from plugins.kinds.models import Text
    from plugins.podcast.loudness import Loudness
    from plugins.podcast.recording import RecordingInfo
    from plugins.podcast.webvtt import Cue
    from plugins.sections.build_context import BuildContext

MAX_TRANSCRIPT = 5_000_000  # bytes: a day of speech
_WHOLE = 0.98  # of a recording must play
_AGREES = 2.0  # seconds by which the length written down may differ from the recording's


@dataclass(frozen=True)
class Sound:
    """A recording in one language."""

    lang: str
    file: str  # relative to the content folder
    recording: RecordingInfo


@dataclass(frozen=True)
class EpisodeMedia:
    """An episode with what its files turned out to be; what is faulty is left out."""

    episode: Episode
    sounds: dict[str, Sound] = field(default_factory=dict)  # by language
    transcripts: dict[str, tuple[Cue, ...]] = field(default_factory=dict)  # by language

    def sound_for(self, lang: str) -> Sound | None:
        """Return the recording for readers of a language: theirs, or the first there is."""
        return self.sounds.get(lang) or next(iter(self.sounds.values()), None)

    def words_for(self, lang: str) -> tuple[str, tuple[Cue, ...]]:
        """Return the transcript for readers of a language, and which language it is in."""
        transcripts, sound = self.transcripts, self.sound_for(lang)
        wishes = (lang, sound.lang if sound else lang, *transcripts)
        spoken = next((wish for wish in wishes if wish in transcripts), lang)
        return spoken, transcripts.get(spoken, ())

    def words_of(self, sound: Sound) -> list[str]:
        """Return the languages in which a recording can be read, its own first.

        A transcript in a language that has a recording of its own goes by the clock of that one.
        """
        others = [lang for lang in self.transcripts if lang not in self.sounds]
        return [lang for lang in (sound.lang, *others) if lang in self.transcripts]

    def length_for(self, lang: str) -> timedelta | None:
        """Return how long it takes to hear."""
        sound = self.sound_for(lang)
        return sound.recording.duration if sound else self.episode.duration


class RecordingAnalysis(NamedTuple):
    """What a file's bytes say of it, and what was heard when all of it was played."""

    recording: RecordingInfo
    heard: Loudness


def media_of_episodes(build: BuildContext, cache: Cache) -> dict[str, EpisodeMedia]:
    """Return every episode by its key; whatever is wrong with its files is reported.

    :param cache: where it is kept what a recording measured.
    """
    contents = build.everything.of_kind[Kind.EPISODE]
    episodes = [content for content in contents if isinstance(content, Episode)]
    named = {
        find(name, episode.texts[episode.original].path, build).file
        for episode in episodes
        for _, name in episode.audio
    }
    files = sorted(named - {""})
    # Reading, hashing and decoding are done by libraries that let other threads run meanwhile.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        paths = [build.folder.root / file for file in files]
        examined = dict(zip(files, pool.map(partial(_examined, cache=cache), paths), strict=True))
    return {episode.key: _MediaCheck(build, episode, examined).media() for episode in episodes}


def _examined(path: Path, cache: Cache) -> RecordingAnalysis | RecordingFault:
    try:
        return RecordingAnalysis(read_recording(path), loudness(path, cache))
    except RecordingFault as fault:
        return fault
    except OSError:
        return RecordingFault("This file can't be read.", "Check who may read it.")


@dataclass(frozen=True)
class _MediaCheck:
    """Reads the files of one episode."""

    build: BuildContext
    episode: Episode
    examined: Mapping[str, RecordingAnalysis | RecordingFault]  # by file

    @property
    def _text(self) -> Text:
        return self.episode.texts[self.episode.original]

    def _faults(self) -> FileFaults:
        return self.build.report.at(self._text.path)

    def _fault(self, name: str, wrong: str, instead: str, code: str) -> None:
        self._faults().fault(self._text.line(name), name, wrong, instead, code)

    def media(self) -> EpisodeMedia:
        """Return what its files turned out to be."""
        sounds = {lang: sound for lang, sound in self._sounds() if sound}
        aired = EpisodeMedia(self.episode, sounds, dict(self._transcripts(sounds)))
        self._check_length(aired)
        self._check_chapters(aired)
        self._gate()
        return aired

    def _file(self, name: str, named: str, code: str) -> str:
        """Return the file that a field names, "" when there is none, which is reported."""
        target = find(named, self._text.path, self.build)
        if not target.file:
            near = target.problem.instead if target.problem else ""
            instead = near if near.startswith("Did") else "Put it beside the episode's own file."
            self._fault(name, f"There is no file {named}.", instead, code)
        return target.file

    def _sounds(self) -> Iterator[tuple[str, Sound | None]]:
        for lang, named in self.episode.audio:
            name = f"audio.{lang}"
            if file := self._file(name, named, "recording"):
                examined = self.examined[file]
                if isinstance(examined, RecordingFault):
                    self._fault(name, f"{named}: {examined.wrong}", examined.instead, "recording")
                elif self._plays(name, file, examined):
                    yield lang, Sound(lang, file, examined.recording)

    def _plays(self, name: str, file: str, examined: RecordingAnalysis) -> bool:
        """Whether all of a recording can be decoded; says how loud it is by the way."""
        recording, measured = examined
        if measured.seconds < recording.duration.total_seconds() * _WHOLE - 1:
            wrong = f"{file}: Only {measured.seconds:.0f} seconds of the recording can be played."
            self._fault(name, wrong, "Export it from your editor again.", "recording")
            return False
        if advice := measured.advice():
            self._faults().advise(
                self._text.line(name),
                name,
                f"{file}: {advice}",
                "Set it to -16 LUFS and peaks of -1 dBFS at most in your editor.",
                "loudness",
            )
        return True

    def _transcripts(self, sounds: dict[str, Sound]) -> Iterator[tuple[str, tuple[Cue, ...]]]:
        for lang, named in self.episode.transcript:
            name = f"transcript.{lang}"
            if not (file := self._file(name, named, "transcript")):
                continue
            path, faults = self.build.folder.root / file, self.build.report.at(file)
            if not file.lower().endswith(".vtt") or path.stat().st_size > MAX_TRANSCRIPT:
                wrong = f"{named} isn't a transcript in WebVTT."
                self._fault(name, wrong, "Name a .vtt file; most editors export one.", "transcript")
                continue
            transcript = read(path.read_bytes())
            sound = sounds.get(lang) or next(iter(sounds.values()), None)
            length = sound.recording.duration if sound else self.episode.duration
            outside = held_against(transcript.cues, length) if length else ()
            for problem in (*transcript.problems, *outside):
                faults.fault(problem.line, "", problem.wrong, problem.instead, "transcript")
            if transcript.cues:
                yield lang, transcript.cues

    def _check_length(self, aired: EpisodeMedia) -> None:
        """Hold the length that was written down against the recording in the file's language."""
        sound, written = aired.sound_for(self.episode.original), self.episode.duration
        if sound and written:
            apart = abs((sound.recording.duration - written).total_seconds())
            if apart > _AGREES:
                self._fault(
                    "duration",
                    f"{sound.file} is {apart:.0f} seconds longer or shorter than this says.",
                    "Check that all of the recording is there, then take this line out or mend it.",
                    "recording",
                )

    def _check_chapters(self, aired: EpisodeMedia) -> None:
        for lang, sound in aired.sounds.items():
            for number, chapter in enumerate(self.episode.chapters, 1):
                if chapter.begins(lang) >= sound.recording.duration:
                    self._fault(
                        f"chapters[{number}].at",
                        f"The chapter begins after {sound.file} has ended.",
                        "Check its time; at: {cy: …, en: …} gives each recording its own.",
                        "chapter",
                    )

    def _gate(self) -> None:
        """Let no episode that is heard go out before it can be read in each of its languages."""
        if not self.episode.audio or self._text.draft:
            return
        former = self.build.site.former_languages
        texts = self.episode.texts
        published = [lang for lang in texts if not texts[lang].draft and lang not in former]
        transcripts = dict(self.episode.transcript)
        for lang in dict.fromkeys((*published, *dict(self.episode.audio))):
            if lang not in transcripts:
                name = self.build.every_wording[lang].locale.get_language_name("en") or lang
                self._fault(
                    "transcript" if transcripts else "audio",
                    f"The recording can't be read in {name} ({lang}): it has no transcript there.",
                    f"Write what is said as WebVTT and name it in transcript: {{{lang}: …}}.",
                    "transcript",
                )
