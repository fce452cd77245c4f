"""Pictures go out in several sizes and formats, and never with what a camera added in secret."""

from __future__ import annotations

import io
import os
import re
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageFile

from plugins.discovery.headers import headers_file
from plugins.images import IMAGE_SUFFIXES, ImageFault, Pictures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

from tests.pictures import (
    PRIVATE,
    drawing,
    emitted,
    gif,
    photo,
    read,
    saved,
    shown,
    svg,
    with_secrets,
)

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def pictures(tmp_path: Path) -> Pictures:
    return Pictures(tmp_path / "cache")


# --- sizes and formats ---------------------------------------------------------------------------


def test_a_photo_comes_in_avif_webp_and_jpeg_in_several_widths(
    pictures: Pictures, tmp_path: Path
) -> None:
    picture = shown(pictures, saved(tmp_path / "wall.jpg", photo(1500, 1000)))
    files = emitted(pictures, tmp_path / "out")
    variants = [(variant.format, variant.width, variant.height) for variant in picture.variants]
    steps = [(320, 213), (640, 427), (960, 640), (1280, 853)]
    assert variants == [(name, *size) for name in ("avif", "webp") for size in steps]
    assert (picture.width, picture.height) == (1280, 853)
    assert set(files) == {v.url_path for v in (*picture.variants, picture.fallback)}
    for variant in (*picture.variants, picture.fallback):
        with Image.open(io.BytesIO(files[variant.url_path])) as image:
            assert image.size == (variant.width, variant.height)
            assert image.format == {"jpg": "JPEG"}.get(variant.format, variant.format.upper())


def test_no_picture_is_made_larger_than_it_is(pictures: Pictures, tmp_path: Path) -> None:
    picture = shown(pictures, saved(tmp_path / "small.jpg", photo(200, 90)))
    assert {variant.width for variant in picture.variants} == {200}
    assert (picture.width, picture.height) == (200, 90)


def test_widths_that_are_nearly_the_same_are_made_once(pictures: Pictures, tmp_path: Path) -> None:
    picture = shown(pictures, saved(tmp_path / "near.jpg", photo(660, 300)))
    assert {variant.width for variant in picture.variants} == {320, 660}


def test_a_strip_one_pixel_high_keeps_a_pixel(pictures: Pictures, tmp_path: Path) -> None:
    picture = shown(pictures, saved(tmp_path / "strip.png", drawing(3000, 1)))
    assert all(variant.height == 1 for variant in picture.variants)
    assert len(emitted(pictures, tmp_path / "out")) == 5


def test_a_drawing_keeps_its_edges_sharp(pictures: Pictures, tmp_path: Path) -> None:
    source = drawing()
    picture = shown(pictures, saved(tmp_path / "plan.png", source))
    files = emitted(pictures, tmp_path / "out")
    assert {variant.format for variant in picture.variants} == {"webp"}
    assert picture.fallback.format == "png"
    for variant in (picture.variants[-1], picture.fallback):
        with Image.open(io.BytesIO(files[variant.url_path])) as image:
            assert image.convert("RGB").tobytes() == source.tobytes()


def test_what_is_see_through_stays_so(pictures: Pictures, tmp_path: Path) -> None:
    image = photo()
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    picture = shown(pictures, saved(tmp_path / "cut-out.png", image))
    assert picture.fallback.format == "png"
    for name, data in emitted(pictures, tmp_path / "out").items():
        with Image.open(io.BytesIO(data)) as opened:
            alpha = opened.convert("RGBA").getchannel("A").tobytes()
            assert min(alpha) < 10, name
            assert max(alpha) > 245, name


def test_an_alpha_channel_that_hides_nothing_is_dropped(pictures: Pictures, tmp_path: Path) -> None:
    image = photo()
    image.putalpha(255)
    assert shown(pictures, saved(tmp_path / "full.png", image)).fallback.format == "jpg"


# --- what a picture must not tell ----------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "avif"])
def test_the_position_of_a_home_never_goes_out(
    pictures: Pictures, tmp_path: Path, suffix: str
) -> None:
    packet = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{PRIVATE}</x:xmpmeta>".encode()
    options: dict[str, Any] = {"exif": with_secrets()}
    if suffix in {"webp", "avif", "jpg"}:
        options["xmp"] = packet
    if suffix == "jpg":
        options["comment"] = PRIVATE
    path = saved(tmp_path / f"kitchen.{suffix}", photo(), **options)
    assert PRIVATE.encode() in path.read_bytes()
    shown(pictures, path)
    pictures.social(path)
    pictures.href(path)
    for name, data in emitted(pictures, tmp_path / "out").items():
        assert PRIVATE.encode() not in data, name
        with Image.open(io.BytesIO(data)) as image:
            assert not image.getexif(), name
            assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info), name


def test_a_moving_gif_says_nothing_besides_its_frames(pictures: Pictures, tmp_path: Path) -> None:
    path = gif(tmp_path / "lift.gif", comment=PRIVATE.encode(), duration=90)
    xmp = b"\x21\xff\x0bXMP DataXMP" + bytes([len(PRIVATE)]) + PRIVATE.encode() + b"\x00"
    path.write_bytes(path.read_bytes()[:-1] + xmp + b"\x3b")
    picture = shown(pictures, path)
    data = emitted(pictures, tmp_path / "out")[picture.src]
    assert PRIVATE.encode() not in data
    with Image.open(io.BytesIO(data)) as moving, Image.open(path) as before:
        assert moving.format == "GIF"
        assert getattr(moving, "n_frames", 1) == 3
        assert moving.info["loop"] == 0
        for frame in range(3):
            moving.seek(frame)
            before.seek(frame)
            assert moving.info["duration"] == 90
            assert moving.convert("RGB").tobytes() == before.convert("RGB").tobytes()


# --- colours and turns ---------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_taken_sideways_stands_upright(
    pictures: Pictures, tmp_path: Path, orientation: int
) -> None:
    upright = Image.new("RGB", (640, 320), "blue")
    upright.paste("red", (0, 0, 160, 80))  # the roof, top left
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = shown(pictures, saved(tmp_path / "roof.jpg", stored, exif=exif, quality=95))
    assert (picture.width, picture.height) == (640, 320)
    with Image.open(io.BytesIO(emitted(pictures, tmp_path / "out")[picture.src])) as image:
        red, green, blue = image.convert("RGB").getpixel((40, 40))  # type: ignore[misc]
        assert red > 200
        assert max(green, blue) < 60


def test_broken_exif_does_not_hide_the_picture(pictures: Pictures, tmp_path: Path) -> None:
    path = saved(tmp_path / "odd.jpg", photo(), exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    shown(pictures, path)
    assert emitted(pictures, tmp_path / "out")


def test_print_colours_become_screen_colours(pictures: Pictures, tmp_path: Path) -> None:
    picture = shown(pictures, saved(tmp_path / "poster.jpg", photo().convert("CMYK")))
    for data in emitted(pictures, tmp_path / "out").values():
        with Image.open(io.BytesIO(data)) as image:
            assert image.mode == "RGB"
    assert picture.fallback.format == "jpg"


def test_colours_of_another_profile_are_brought_to_srgb(pictures: Pictures, tmp_path: Path) -> None:
    image = Image.new("RGB", (64, 64), (250, 10, 10))
    path = saved(tmp_path / "swapped.png", image, icc_profile=red_and_blue_swapped())
    picture = shown(pictures, path)
    with Image.open(io.BytesIO(emitted(pictures, tmp_path / "out")[picture.src])) as opened:
        red, _, blue = opened.convert("RGB").getpixel((9, 9))  # type: ignore[misc]
        assert blue > 200 > red


def red_and_blue_swapped() -> bytes:
    """Return an sRGB profile, under another name, whose red and blue have changed places."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(data[at : at + 4]): at + 4 for at in range(132, 132 + 12 * data[131], 12)}
    red, blue = tags[b"rXYZ"], tags[b"bXYZ"]
    data[red : red + 8], data[blue : blue + 8] = data[blue : blue + 8], data[red : red + 8]
    return bytes(data).replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be"))


def test_a_broken_profile_does_not_hide_the_picture(pictures: Pictures, tmp_path: Path) -> None:
    path = saved(tmp_path / "odd.png", photo(), icc_profile=b"no profile at all")
    shown(pictures, path)
    assert emitted(pictures, tmp_path / "out")


def test_sixteen_bits_of_grey_keep_their_greys(pictures: Pictures, tmp_path: Path) -> None:
    ramp = Image.frombytes("I;16", (256, 64), struct.pack("<16384H", *range(0, 65536, 4)))
    picture = shown(pictures, saved(tmp_path / "scan.png", ramp))
    with Image.open(io.BytesIO(emitted(pictures, tmp_path / "out")[picture.src])) as image:
        greys = image.convert("L").tobytes()
    assert [greys[row * 256 + 128] for row in (0, 32, 63)] == [2, 130, 254]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA"])
def test_every_way_to_store_a_png_is_understood(
    pictures: Pictures, tmp_path: Path, mode: str
) -> None:
    stored = "P" if mode == "PA" else mode
    options = {"transparency": 0} if mode == "PA" else {}
    path = saved(tmp_path / "stored.png", drawing().convert(stored), **options)
    shown(pictures, path)
    assert len(emitted(pictures, tmp_path / "out")) == 3


# --- moving pictures -----------------------------------------------------------------------------


def test_a_moving_gif_stands_still_for_those_who_ask(pictures: Pictures, tmp_path: Path) -> None:
    picture = shown(pictures, gif(tmp_path / "lift.gif"))
    source = read(picture.html()).find("picture/source")
    assert source is not None
    assert source.attrib["media"] == "(prefers-reduced-motion: reduce)"
    still = emitted(pictures, tmp_path / "out")[source.attrib["srcset"]]
    with Image.open(io.BytesIO(still)) as image:
        assert getattr(image, "n_frames", 1) == 1


def test_a_gif_that_stands_still_is_a_drawing(pictures: Pictures, tmp_path: Path) -> None:
    picture = shown(pictures, saved(tmp_path / "plan.gif", drawing()))
    assert {v.format for v in (*picture.variants, picture.fallback)} == {"webp", "png"}


def test_another_moving_format_is_refused_in_words(pictures: Pictures, tmp_path: Path) -> None:
    path = saved(tmp_path / "lift.webp", photo(), save_all=True, append_images=[drawing(700, 500)])
    with pytest.raises(ImageFault) as fault:
        shown(pictures, path)
    assert "moves" in fault.value.wrong
    assert "GIF" in fault.value.instead


def test_a_gif_cut_short_is_found_out(pictures: Pictures, tmp_path: Path) -> None:
    path = gif(tmp_path / "lift.gif")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ImageFault):
        shown(pictures, path)


# --- markup --------------------------------------------------------------------------------------


def test_the_markup_reserves_the_space_and_offers_the_best_format_first(
    pictures: Pictures, tmp_path: Path
) -> None:
    path = saved(tmp_path / "Wal wen ŵ.jpg", photo())
    picture = shown(pictures, path, alt='A "damp" <wall> & more', sizes="(min-width: 40em) 38em")
    whole = read(picture.html())
    types = [source.attrib["type"] for source in whole.findall("picture/source")]
    assert types == ["image/avif", "image/webp"]
    image = whole.find("picture/img")
    assert image is not None
    assert image.attrib == {
        "src": picture.src,
        "alt": 'A "damp" <wall> & more',
        "width": "700",
        "height": "500",
        "loading": "lazy",
        "decoding": "async",
    }
    for source in whole.findall("picture/source"):
        assert source.attrib["sizes"] == "(min-width: 40em) 38em"
        for candidate in source.attrib["srcset"].split(", "):
            assert re.fullmatch(r"/assets/img/wal-wen-w-\d+-[0-9a-f]{16}\.\w+ \d+w", candidate)


def test_the_first_picture_is_fetched_at_once(pictures: Pictures, tmp_path: Path) -> None:
    picture = shown(pictures, saved(tmp_path / "wall.jpg", photo()), lazy=False)
    assert 'loading="lazy"' not in picture.html()
    assert 'fetchpriority="high"' in picture.html()


def test_a_caption_is_tied_to_its_picture(pictures: Pictures, tmp_path: Path) -> None:
    picture = shown(pictures, saved(tmp_path / "wall.jpg", photo()), caption="Before <paint>")
    caption = read(picture.html()).find("figure/figcaption")
    assert caption is not None
    assert caption.text == "Before <paint>"


def test_a_site_below_a_path_finds_its_pictures(pictures: Pictures, tmp_path: Path) -> None:
    path = saved(tmp_path / "wall.jpg", photo())
    picture = shown(pictures, path, base="/sub/")
    assert picture.src.startswith("/sub/assets/img/")
    pictures.emit(tmp_path / "out")
    assert (tmp_path / "out" / picture.src.removeprefix("/sub/")).is_file()


def test_a_link_leads_to_a_copy_and_never_to_the_original(
    pictures: Pictures, tmp_path: Path
) -> None:
    path = saved(tmp_path / "wall.jpg", photo(3000, 400), exif=with_secrets())
    target = pictures.href(path)
    data = emitted(pictures, tmp_path / "out")[target]
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.width) == ("JPEG", 1280)
        assert not image.getexif()


@pytest.mark.parametrize("suffix", ["heic", "HEIF", "tif", "bmp", "jfif", "dng"])
def test_a_picture_that_browsers_cannot_show_is_still_known_for_one(suffix: str) -> None:
    """Or a link to it would send it out as it came from the phone."""
    assert f".{suffix}".lower() in IMAGE_SUFFIXES


# --- cards for other sites -----------------------------------------------------------------------


@pytest.mark.parametrize("size", [(2400, 1000), (500, 900), (100, 80)])
def test_a_card_is_a_jpeg_of_the_size_that_readers_crop_to(
    pictures: Pictures, tmp_path: Path, size: tuple[int, int]
) -> None:
    target = pictures.social(saved(tmp_path / "wall.jpg", photo(*size)), base="/")
    with Image.open(io.BytesIO(emitted(pictures, tmp_path / "out")[target])) as image:
        assert (image.format, image.size) == ("JPEG", (1200, 630))


def test_a_small_or_see_through_picture_stands_on_paper(pictures: Pictures, tmp_path: Path) -> None:
    path = saved(tmp_path / "logo.png", Image.new("RGBA", (80, 80), (0, 0, 0, 0)))
    target = pictures.social(path)
    with Image.open(io.BytesIO(emitted(pictures, tmp_path / "out")[target])) as image:
        middle = image.convert("RGB").crop((600, 315, 601, 316)).tobytes()
        assert list(middle) == pytest.approx([247, 244, 238], abs=2)


# --- bad input -----------------------------------------------------------------------------------


def png_claiming(width: int, height: int) -> bytes:
    """Return a whole, tiny PNG whose header claims a size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def jpeg() -> bytes:
    stream = io.BytesIO()
    photo().save(stream, "JPEG")
    return stream.getvalue()


BAD = {
    "empty.jpg": (b"", "empty"),
    "text.jpg": (b"Dear tenant, this is no picture.", "isn't a picture"),
    "page.jpg": (b"<!doctype html><p>Hello", "isn't a picture"),
    "bomb.png": (png_claiming(60_000, 60_000), "million pixels"),
    "large.png": (png_claiming(8000, 7000), "8,000 by 7,000"),
    "long.png": (png_claiming(20_000, 10), "20,000 by 10"),
    "hollow.png": (png_claiming(100, 100), "broken"),
    "header.png": (b"\x89PNG\r\n\x1a\n", "broken"),
    "cut.jpg": (jpeg()[:9000], "cut short"),
    "named.png": (jpeg(), "is a JPEG picture, but its name ends in “.png”"),
    "iphone.jpg": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(80), "HEIC"),
    "scan.jpg": (b"II*\0" + bytes(80), "TIFF"),
    "letter.jpg": (b"%PDF-1.7", "PDF"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_good_picture_is_refused_in_words(
    pictures: Pictures, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as WeasyPrint leaves it
    data, words = BAD[name]
    path = tmp_path / name
    path.write_bytes(data)
    for ask in (shown, Pictures.href, Pictures.social):
        with pytest.raises(ImageFault) as fault:
            ask(pictures, path)
        assert words in fault.value.wrong
        assert all(text.endswith(".") for text in (fault.value.wrong, fault.value.instead))
    assert pictures.emit(tmp_path / "out") == 0


def test_what_is_no_file_is_refused_in_words(pictures: Pictures, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    for path in (tmp_path / "gone.jpg", tmp_path, tmp_path / "pipe.jpg", tmp_path / "nul\0.jpg"):
        with pytest.raises(ImageFault):
            shown(pictures, path)


def test_a_file_one_may_not_read_is_refused_in_words(
    pictures: Pictures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    path = saved(tmp_path / "locked.jpg", photo())
    monkeypatch.setattr(Path, "read_bytes", refuse)  # root, as in a container, may read everything
    with pytest.raises(ImageFault, match="can't be read"):
        shown(pictures, path)


def test_a_name_in_capitals_is_a_name(pictures: Pictures, tmp_path: Path) -> None:
    assert shown(pictures, saved(tmp_path / "DSC_0001.JPG", photo(), format="JPEG")).variants


def _kinds() -> Iterator[tuple[str, bytes]]:
    for suffix, image in (("jpg", photo(90, 70)), ("png", drawing(90, 70)), ("webp", drawing())):
        stream = io.BytesIO()
        image.save(stream, {"jpg": "JPEG"}.get(suffix, suffix), exif=with_secrets())
        yield suffix, stream.getvalue()
    stream = io.BytesIO()
    drawing(50, 40).save(stream, "GIF", save_all=True, append_images=[photo(50, 40)])
    yield "gif", stream.getvalue()


SEEDS = dict(_kinds())


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    suffix=st.sampled_from(sorted(SEEDS)),
    hits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12),
    end=st.floats(0, 1),
)
def test_whatever_the_bytes_there_are_pictures_or_words(
    tmp_path: Path, suffix: str, hits: list[tuple[float, int]], end: float
) -> None:
    data = bytearray(SEEDS[suffix])
    for place, value in hits:
        data[int(place * (len(data) - 1))] = value
    path = tmp_path / f"odd.{suffix}"
    path.write_bytes(data[: int(len(data) * (0.3 + end))])
    pictures = Pictures(tmp_path / "cache")
    try:
        shown(pictures, path)
    except ImageFault:
        return
    pictures.emit(tmp_path / "out")


# --- in a browser --------------------------------------------------------------------------------


@pytest.mark.browser
def test_a_browser_shows_the_best_format_under_the_policy(
    pictures: Pictures, tmp_path: Path, hosted: Callable[[Path], str], page: Page
) -> None:
    sources = [
        saved(tmp_path / "wall.jpg", photo()),
        saved(tmp_path / "plan.png", drawing()),
        gif(tmp_path / "lift.gif"),
        svg(tmp_path / "house.svg", '<rect style="fill: red" width="9" height="9"/>'),
    ]
    body = "".join(shown(pictures, path, lazy=False).html() for path in sources)
    pictures.emit(tmp_path / "out")
    (tmp_path / "out" / "index.html").write_text(f"<!doctype html><title>Four</title>{body}")
    (tmp_path / "out" / "_headers").write_text(headers_file("/", https=False))
    page.goto(hosted(tmp_path / "out"), wait_until="load")
    seen = page.eval_on_selector_all("img", "all => all.map(i => [i.currentSrc, i.naturalWidth])")
    assert [address.rpartition(".")[2] for address, _ in seen] == ["avif", "webp", "gif", "svg"]
    assert all(width > 0 for _, width in seen)
    page.emulate_media(reduced_motion="reduce")
    page.reload(wait_until="load")
    still = page.eval_on_selector_all("img", "all => all.map(i => i.currentSrc)")[2]
    assert still.endswith(".webp")
