"""Photos as iPhones save them."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

import pillow_heif
import pytest
from PIL import Image

from plugins.images import ImageFault, Pictures

if TYPE_CHECKING:
    from pathlib import Path

from tests.pictures import PRIVATE, emitted, photo, shown, with_secrets

pytestmark = pytest.mark.long


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return Pictures(tmp_path / "cache")


def heic(path: Path, image: Image.Image, **options: Any) -> Path:
    """Save a photo as a telephone does; our own side only reads them."""
    photo = pillow_heif.from_pillow(image)
    path.parent.mkdir(parents=True, exist_ok=True)
    photo.save(path, quality=60, **options)
    return path


def sideways() -> Image.Exif:
    exif = with_secrets()
    exif[0x0112] = 6  # held upright: the right edge is the top
    return exif


def test_a_photo_in_heic_is_shown_in_formats_that_browsers_know(
    pictures: Pictures, tmp_path: Path
) -> None:
    path = heic(tmp_path / "IMG_0042.HEIC", photo(700, 500), exif=sideways().tobytes())
    assert PRIVATE.encode() in path.read_bytes()
    picture = shown(pictures, path)
    target = pictures.href(path)
    files = emitted(pictures, tmp_path / "out")
    assert {variant.format for variant in picture.variants} == {"avif", "webp"}
    assert (picture.width, picture.height) == (500, 700), "upright"
    assert target.endswith(".jpg")
    for data in files.values():
        assert PRIVATE.encode() not in data
        with Image.open(io.BytesIO(data)) as image:
            assert not image.getexif()
            assert image.height > image.width


def test_of_several_photos_in_one_heic_the_main_one_is_shown(
    pictures: Pictures, tmp_path: Path
) -> None:
    photos = pillow_heif.from_pillow(photo(200, 100))
    photos.add_from_pillow(photo(60, 60))
    photos.save(tmp_path / "burst.heic", quality=60, primary_index=0)
    picture = shown(pictures, tmp_path / "burst.heic")
    assert (picture.width, picture.height) == (200, 100)


@pytest.mark.parametrize("left", [12, 40, 200, 3000])
def test_half_a_heic_is_refused_in_words(pictures: Pictures, tmp_path: Path, left: int) -> None:
    path = heic(tmp_path / "half.heic", photo(120, 90))
    path.write_bytes(path.read_bytes()[:left])
    with pytest.raises(ImageFault, match="broken or was cut short"):
        shown(pictures, path)


def test_a_heic_that_claims_to_be_huge_is_never_decoded(pictures: Pictures, tmp_path: Path) -> None:
    path = heic(tmp_path / "bomb.heic", photo(128, 64))
    size = struct.pack(">II", 128, 64)  # in `ispe` (ISO/IEC 23008-12, 6.5.3)
    assert size in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(size, struct.pack(">II", 60_000, 60_000)))
    with pytest.raises(ImageFault):
        shown(pictures, path)
