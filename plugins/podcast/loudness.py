"""How loud a recording is (ITU-R BS.1770, as EBU R 128 measures it), and whether it plays through.

Measuring decodes all of it, so what was found is kept in the cache under the file's hash.
"""

from __future__ import annotations

import hashlib
import json
import math
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from av.audio.frame import AudioFrame
    from av.filter.context import FilterContext

    from plugins.images.cache import Cache

TARGET, TOLERANCE = -16.0, 1.0  # LUFS, as Apple asks for
CEILING = -1.0  # dBFS of true peak
_SILENT = -70.0  # below this nothing counts as sound (BS.1770)


@dataclass(frozen=True, slots=True)
class Loudness:
    """What a recording measures."""

    integrated: float  # LUFS
    peak: float  # dBFS
    seconds: float  # that could be decoded

    def advice(self) -> str:
        """Return a sentence on what listeners would have to put up with, "" if nothing."""
        if self.integrated <= _SILENT:
            return "The recording is silent."
        if abs(self.integrated - TARGET) > TOLERANCE:
            how = "louder" if self.integrated > TARGET else "quieter"
            return (
                f"The recording is {how} than others: {self.integrated:.1f} LUFS, not {TARGET:.0f}."
            )
        if self.peak > CEILING:
            return f"The recording peaks at {self.peak:.1f} dBFS, where players distort."
        return ""


def loudness(path: Path, cache: Cache) -> Loudness:
    """Return how loud a recording is."""
    with path.open("rb") as file:
        name = f"{hashlib.file_digest(file, 'sha256').hexdigest()}-1.json"
    if (cached := cache.read(name)) is not None:
        return Loudness(**json.loads(cached))
    measured = measure(path)
    cache.write(name, json.dumps(asdict(measured)).encode())
    return measured


def measure(path: Path) -> Loudness:
    """Measure a recording; what can't be decoded of it counts as not there."""
    integrated, peak, seconds = _SILENT, 0.0, 0.0
    for frame in _measured(path):
        seconds += frame.samples / frame.sample_rate
        readings = frame.metadata  # of the last tenth of a second nothing is told
        integrated = float(readings.get("lavfi.r128.I", integrated))
        peak = max(peak, float(readings.get("lavfi.r128.true_peak", 0)))
    decibels = 20 * math.log10(peak) if peak else _SILENT
    return Loudness(round(integrated, 1), round(decibels, 1), round(seconds, 3))


def _measured(path: Path) -> Iterator[AudioFrame]:
    """Yield the sound with what was measured so far on each frame."""
    import av  # noqa: PLC0415 - a tenth of a second, for a recording that is new
    from av.filter import Graph  # noqa: PLC0415 - as above

    with suppress(av.FFmpegError, IndexError), av.open(str(path)) as file:
        stream = file.streams.audio[0]
        graph = Graph()
        source, meter = (
            graph.add_abuffer(template=stream),
            graph.add("ebur128", "peak=true:metadata=1"),
        )
        sink = graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        graph.configure()
        for frame in file.decode(stream):
            source.push(frame)
            with suppress(av.BlockingIOError):
                yield from _pulled(sink)
        source.push(None)
        yield from _pulled(sink)


def _pulled(sink: FilterContext) -> Iterator[AudioFrame]:
    from av.audio.frame import AudioFrame  # noqa: PLC0415 - as above

    while isinstance(frame := sink.pull(), AudioFrame):
        yield frame
