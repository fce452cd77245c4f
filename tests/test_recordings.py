"""A recording is what its bytes say, and not what its name or its header claims."""

from __future__ import annotations

import io
import os
import tracemalloc
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from mutagen.id3 import ID3
from mutagen.mp4 import MP4

from plugins.images import ImageFault
from plugins.images.cache import Cache
from plugins.podcast.artwork import read_artwork
from plugins.podcast.file_tags import Tags, small_cover, write_tags
from plugins.podcast.loudness import loudness, measure
from plugins.podcast.recording import MAX_BYTES, RecordingFault, read_recording
from tests.on_air import SECONDS, picture, sound

if TYPE_CHECKING:
    from pathlib import Path


def placed(folder: Path, data: bytes, name: str = "talk.mp3") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(("name", "kind"), [("mp3", "audio/mpeg"), ("m4a", "audio/x-m4a")])
def test_type_size_and_length_are_read_from_the_bytes(tmp_path: Path, name: str, kind: str) -> None:
    recording = read_recording(placed(tmp_path, sound(name=name), f"talk.{name}"))
    assert (recording.type, recording.length) == (kind, len(sound(name=name)))
    assert recording.duration.total_seconds() == pytest.approx(SECONDS, abs=0.1)


@pytest.mark.parametrize(
    ("data", "name", "wrong"),
    [
        (b"", "talk.mp3", "empty"),
        (b"Dear tenant, " * 99, "talk.mp3", "isn't a recording"),
        (b"ID3" + bytes(4000), "talk.mp3", "No sound"),
        (b"RIFF" + bytes(4000), "talk.wav", "a WAV file"),
        (b"OggS" + bytes(4000), "talk.mp3", "an Ogg file"),
        (sound(), "talk.m4a", "is one of .mp3"),
        (sound(name="m4a"), "talk.mp3", "is one of .m4a"),
        (sound()[:-9000], "talk.mp3", "cut short: about 76%"),
        (sound(name="m4a")[:-20_000], "talk.m4a", "No sound"),
    ],
)
def test_what_isn_t_a_whole_recording_is_refused(
    tmp_path: Path, data: bytes, name: str, wrong: str
) -> None:
    with pytest.raises(RecordingFault) as refusal:
        read_recording(placed(tmp_path, data, name))
    assert wrong in refusal.value.wrong
    assert refusal.value.instead.endswith(".")


def test_an_m4a_whose_index_comes_first_is_held_against_what_its_boxes_hold(
    tmp_path: Path,
) -> None:
    data = sound(name="m4a")
    boxes, at = {}, 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        boxes[data[at + 4 : at + 8]] = data[at : at + length]
        at += length
    first = boxes[b"ftyp"] + boxes[b"moov"] + boxes[b"mdat"]
    assert read_recording(placed(tmp_path, first, "whole.m4a")).length == len(first)
    with pytest.raises(RecordingFault, match="cut short"):
        read_recording(placed(tmp_path, first[:-9000], "cut.m4a"))


def test_two_gigabytes_are_refused_without_being_read(tmp_path: Path) -> None:
    path = placed(tmp_path, sound())
    os.truncate(path, 2 * 10**9)
    tracemalloc.start()
    with pytest.raises(RecordingFault, match="2,000 MB"):
        read_recording(path)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1_000_000


def test_the_largest_recording_is_looked_at_without_being_read_whole(tmp_path: Path) -> None:
    path = placed(tmp_path, sound())
    os.truncate(path, MAX_BYTES)
    tracemalloc.start()
    assert read_recording(path).length == MAX_BYTES
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 10_000_000


@pytest.mark.parametrize(
    ("level", "advice"),
    [(0.37, ""), (0.05, "quieter"), (0.9, "louder"), (0.0, "silent")],
)
def test_loudness_is_held_against_what_apple_asks_for(
    tmp_path: Path, level: float, advice: str
) -> None:
    pieces = measure(placed(tmp_path, sound(level=level))).advice()
    assert advice in pieces
    assert bool(pieces) == bool(advice)


def test_loudness_is_measured_once_and_known_by_the_bytes(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    first = loudness(placed(tmp_path, sound()), cache)
    (remembered,) = (tmp_path / "cache").glob("*.json")
    text = f'{{"integrated": -99.0, "peak": 0.0, "seconds": {first.seconds}}}'
    cache.write(remembered.name, text.encode())
    assert loudness(placed(tmp_path, sound(), "same.mp3"), cache).integrated == -99.0
    assert loudness(placed(tmp_path, sound(level=0.1)), cache).integrated != -99.0


def test_decoding_tells_how_much_truly_plays(tmp_path: Path) -> None:
    assert measure(placed(tmp_path, sound())).seconds == pytest.approx(SECONDS, abs=0.1)
    assert measure(placed(tmp_path, sound()[:12_000])).seconds < SECONDS / 2
    assert measure(placed(tmp_path, b"no sound")).seconds == 0


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (picture((1400, 1399)), "1400 by 1399"),
        (picture((1399, 1399)), "1399 pixels a side"),
        (picture((3001, 3001)), "3001 pixels a side"),
        (picture(mode="CMYK", name="JPEG"), "in CMYK colours"),
        (picture(mode="RGBA"), "see-through"),
        (picture(mode="L"), "in L colours"),
        (picture(name="GIF", mode="P"), "GIF"),
        (b"", "empty"),
    ],
)
def test_a_show_s_picture_is_held_against_apple_s_rules(
    tmp_path: Path, data: bytes, wrong: str
) -> None:
    suffix = "gif" if data[:3] == b"GIF" else "jpg" if data[:2] == b"\xff\xd8" else "png"
    path = placed(tmp_path, data, f"show.{suffix}")
    with pytest.raises(ImageFault) as refusal:
        read_artwork(path, Cache(tmp_path / "cache"))
    assert wrong in refusal.value.wrong


def test_a_show_s_picture_goes_out_without_what_a_camera_adds(tmp_path: Path) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x010F] = "A camera in Bridge Street"
    stream = io.BytesIO()
    Image.new("RGB", (1500, 1500), 90).save(stream, "JPEG", exif=exif)
    artwork = read_artwork(placed(tmp_path, stream.getvalue(), "a.jpg"), Cache(tmp_path / "cache"))
    for data, form, side in ((artwork.data, "JPEG", 1500), (artwork.small, "WEBP", 320)):
        assert b"Bridge Street" not in data
        with Image.open(io.BytesIO(data)) as clean:
            assert (clean.format, clean.mode, clean.size) == (form, "RGB", (side, side))


def tags(**changed: object) -> Tags:
    known = {
        "title": "Y gwŷdd a'r tŷ",
        "show": "Wrth y tegell",
        "author": "Cartrefi Bach",
        "summary": "Am bêl.",
        "licence": "CC BY 4.0",
        "day": date(2026, 3, 11),
        "number": 1,
        "season": 2,
        "page": "https://tiny.example.org/cy/podlediad/un-bel-denis/",
        "cover": small_cover(picture()),
        "chapters": [(timedelta(), "Dail"), (timedelta(seconds=3), "Pêl")],
        "duration": timedelta(seconds=SECONDS),
    }
    return Tags(**(known | changed))  # type: ignore[arg-type]


def test_what_is_written_into_an_mp3_is_read_back(tmp_path: Path) -> None:
    path = placed(tmp_path, sound())
    write_tags(path, tags())
    read_back = ID3(path)
    assert read_back.version == (2, 3, 0)
    assert {name: str(read_back[name]) for name in ("TIT2", "TALB", "TPE1", "TRCK", "TPOS")} == {
        "TIT2": "Y gwŷdd a'r tŷ",
        "TALB": "Wrth y tegell",
        "TPE1": "Cartrefi Bach",
        "TRCK": "1",
        "TPOS": "2",
    }
    assert read_back.getall("APIC")[0].data[:2] == b"\xff\xd8"
    order = read_back["CTOC:contents"].child_element_ids
    chapters = [read_back[f"CHAP:{name}"] for name in order]
    marks = [
        (chapter.start_time, chapter.end_time, str(chapter.sub_frames["TIT2"]))
        for chapter in chapters
    ]
    assert marks == [(0, 3000, "Dail"), (3000, 6000, "Pêl")]


def test_tags_are_written_anew_and_alike_and_leave_the_sound_whole(tmp_path: Path) -> None:
    first, second = placed(tmp_path, sound()), placed(tmp_path, sound(), "two.mp3")
    write_tags(first, tags(title="An older title", summary="Gone tomorrow"))
    write_tags(first, tags(summary=""))
    write_tags(second, tags(summary=""))
    assert first.read_bytes() == second.read_bytes()
    assert b"o\x00m\x00o\x00r" not in first.read_bytes()
    assert (
        read_recording(first).duration
        == read_recording(placed(tmp_path, sound(), "plain.mp3")).duration
    )


def test_an_m4a_gets_what_players_agree_on(tmp_path: Path) -> None:
    path = placed(tmp_path, sound(name="m4a"), "talk.m4a")
    write_tags(path, tags())
    read_back = MP4(path)
    assert (read_back["\xa9nam"], read_back["\xa9alb"]) == (["Y gwŷdd a'r tŷ"], ["Wrth y tegell"])
    assert read_recording(path).title == "Y gwŷdd a'r tŷ"
