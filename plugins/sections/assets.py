"""The theme's own files: named by their content, so that browsers may keep them for ever."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import io
import re
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import resvg_py
from PIL import Image

from core.look import LINES, contrast, style_sheet
from core.pictures.decode import decode
from core.pictures.formats import identify
from plugins.images import ImageFault, svg
from plugins.images.original import load
from plugins.sections.own_fonts import fuller_fonts, own_font

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from core.look import Look


MOST_BYTES = 2_000_000  # of a logo or an icon
LOGO_HEIGHT = 176  # pixels: four times as high as it stands, for sharp screens
WIDEST, TALLEST = 8, 2  # times of the other side
SMALL = 64  # pixels high, to look at what is in it
SOLID = 200  # of 255: what is fainter shows what lies below it
MAIL_LOGO = 96  # pixels: twice as high as it stands in a mail
ICON = 512
ROUND = 0.8  # of a maskable icon: what lies further out may be cut away (W3C, App Manifest)
SMALLER = "Save a smaller copy, or a drawing in SVG."
NO_LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


def look_files(
    look: Look, content: Path, letters: Iterable[str], fault: Callable[[str, str, str], None]
) -> dict[str, bytes]:
    """Return the files to publish beside the theme's, by name; a faulty one shows nothing.

    :param content: the folder in which the settings name them.
    :param letters: that fonts must have.
    :param fault: takes the field, what is wrong, and what to do instead.
    """
    fuller = fuller_fonts(letters)
    files = {name: data for name, data in fuller.items() if name not in look.fonts.files}
    size = None
    if look.logo:
        try:
            files[look.logo_file], size = _logo(content / look.logo)
            _check_told_apart(content / look.logo, files[look.logo_file], look)
        except ImageFault as wrong:
            fault("look.logo", f"{look.logo}: {wrong.wrong}", wrong.instead)
            files[look.logo_file] = NO_LOGO if look.logo_file.endswith(".svg") else NO_PICTURE
    if look.icon:
        try:
            files |= _icons(content / look.icon, look.day.roof)
        except ImageFault as wrong:
            fault("look.icon", f"{look.icon}: {wrong.wrong}", wrong.instead)
    for name, font in look.fonts.files.items():
        try:
            files[name] = own_font(content / font, letters)
        except ImageFault as wrong:
            field = next(
                f.name
                for f in dataclasses.fields(look.fonts)
                if getattr(look.fonts, f.name) == font
            )
            fault(f"look.fonts.{field}", f"{font}: {wrong.wrong}", wrong.instead)
    if look.styled:
        files["look.css"] = style_sheet(look, size).encode()
    return files


def _read(path: Path) -> tuple[bytes, str]:
    if not path.exists() and (near := _nearest(path)):
        raise ImageFault(path, "There is no such file.", f"Did you mean “{near}”?")
    data = load(path)
    if len(data) > MOST_BYTES:
        wrong = f"This file is {len(data) / 1_000_000:.0f} MB; a logo or icon has at most 2 MB."
        raise ImageFault(path, wrong, SMALLER)
    name = identify(path, data)
    if name != "SVG":
        with (
            suppress(OSError, Image.DecompressionBombError),
            Image.open(io.BytesIO(data)) as picture,
        ):
            if getattr(picture, "is_animated", False):
                raise ImageFault(path, "This picture moves.", "Save one of its pictures alone.")
    return data, name


def _drawing(path: Path, data: bytes) -> tuple[bytes, int, int]:
    """Return a drawing as it may be published, with its width and height."""
    drawing, width, height = svg.clean(path, data)
    if re.search(rb"<text[\s>]", drawing):
        wrong = "This drawing holds text, which each device sets in a font of its own."
        raise ImageFault(path, wrong, "Turn its text into paths, or save it as PNG.")
    with Image.open(io.BytesIO(_drawn(drawing, SMALL))) as picture:
        _check_seen(path, picture)
    return drawing, width, height


def _check_shape(path: Path, width: float, height: float) -> None:
    """Refuse what would be a line beside the name, or a needle.

    :raises ImageFault: with what to do.
    """
    if not height / TALLEST <= width <= height * WIDEST:
        wrong = f"This picture is {width:g} by {height:g}, so nobody could read it on a page."
        raise ImageFault(path, wrong, "Cut it to its mark: up to eight times as wide as high.")


def _check_told_apart(path: Path, logo: bytes, look: Look) -> None:
    """Refuse a logo of which nothing stands out from the head of the page (WCAG 2.2, 1.4.11).

    :param logo: as it is published.
    :raises ImageFault: with what to do.
    """
    data = _drawn(logo, SMALL) if look.logo_file.endswith(".svg") else logo
    picture = Image.open(io.BytesIO(data)).convert("RGBA")
    picture.thumbnail((SMALL * WIDEST, SMALL))
    pixels = picture.tobytes()
    seen = {pixels[at : at + 3].hex() for at in range(0, len(pixels), 4) if pixels[at + 3] > SOLID}
    for when, ground in (("day", look.day.roof), ("night", look.night.roof)):
        if seen and max(contrast(f"#{colour}", ground) for colour in seen) < LINES:
            wrong = f"By {when}, nothing of it stands out from the head of the page ({ground})."
            raise ImageFault(
                path, wrong, f"Save a lighter one, or choose another roof in [look.{when}]."
            )


def _check_seen(path: Path, picture: Image.Image) -> None:
    """Refuse a picture with nothing in it.

    :raises ImageFault: with what to do.
    """
    if picture.convert("RGBA").getchannel("A").getbbox() is None:
        wrong = "There is nothing to be seen in this picture."
        raise ImageFault(path, wrong, "Save it again, with its layers shown.")


def _drawn(drawing: bytes, height: int) -> bytes:
    return bytes(resvg_py.svg_to_bytes(svg_string=drawing.decode(), height=height))


def _nearest(path: Path) -> str:
    """Return the name of the file beside it that is likeliest meant; "" for none."""
    beside = path.parent.iterdir() if path.parent.is_dir() else ()
    names = {other.name.lower(): other.name for other in beside if other.is_file()}
    near = get_close_matches(path.name.lower(), names, n=1)
    return names[near[0]] if near else ""


def _logo(path: Path) -> tuple[bytes, tuple[int, int]]:
    """Return a logo as it is published, and its size."""
    data, name = _read(path)
    if name == "SVG":
        drawing, width, height = _drawing(path, data)
        _check_shape(path, width, height)
        return drawing, (width, height)
    picture = decode(path, data, name)
    _check_shape(path, *picture.size)
    _check_seen(path, picture)
    if picture.height < LOGO_HEIGHT // 4:
        wrong = f"This picture is {picture.height} pixels high, so it would be blurred."
        raise ImageFault(path, wrong, f"Save it {LOGO_HEIGHT} pixels high, or as SVG.")
    picture.thumbnail((LOGO_HEIGHT * 8, LOGO_HEIGHT))
    return _png(picture), picture.size


def mail_logo(look: Look, content: Path) -> bytes:
    """Return the logo as PNG, on the colour of the head: mail programs draw no SVG.

    :param content: the folder in which the settings name it.
    :returns: nothing where there is none, or where it is faulty, which a build tells.
    """
    if not look.logo:
        return b""
    try:
        data, _ = _logo(content / look.logo)
    except ImageFault:
        return b""
    if look.logo_file.endswith(".svg"):
        data = _drawn(data, MAIL_LOGO)
    picture = Image.open(io.BytesIO(data)).convert("RGBA")
    picture.thumbnail((MAIL_LOGO * 6, MAIL_LOGO))
    margin = MAIL_LOGO // 8
    width, height = (side + 2 * margin for side in picture.size)
    ground = Image.new("RGBA", (width, height), look.day.roof)
    ground.alpha_composite(picture, (margin, margin))
    return _png(ground.convert("RGB"))


def _icons(path: Path, ground: str) -> dict[str, bytes]:
    """Return an icon in every size in which the theme has one."""
    data, name = _read(path)
    if name == "SVG":
        drawing, width, height = _drawing(path, data)
        drawn = _drawn(drawing, ICON)
        picture = Image.open(io.BytesIO(drawn)).convert("RGBA")
    else:
        picture = decode(path, data, name).convert("RGBA")
        width, height = picture.size
        _check_seen(path, picture)
    if width != height:
        raise ImageFault(path, f"An icon is square; this is {width} by {height}.", "Cut it so.")
    if name != "SVG":
        if width < ICON:
            wrong = f"This picture is {width} pixels wide, and telephones ask for {ICON}."
            raise ImageFault(path, wrong, f"Save it {ICON} pixels wide, or as SVG.")
        picture = picture.resize((ICON, ICON))
        source = base64.b64encode(_png(picture)).decode()
        drawing = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {ICON} {ICON}">'
            f'<image width="{ICON}" height="{ICON}" href="data:image/png;base64,{source}"/></svg>'
        ).encode()
    maskable = Image.new("RGBA", (ICON, ICON), ground)
    inner = picture.resize((round(ICON * ROUND),) * 2)
    maskable.alpha_composite(inner, (round(ICON * (1 - ROUND) / 2),) * 2)
    touch = Image.new("RGBA", (180, 180), ground)
    touch.alpha_composite(picture.resize((180, 180)))
    return {
        "icon.svg": drawing,
        **{f"icon-{size}.png": _png(picture.resize((size, size))) for size in (32, 192, ICON)},
        "icon-180.png": _png(touch),
        "icon-maskable.png": _png(maskable),
    }


def _png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG", compress_level=7)
    return written.getvalue()


NO_PICTURE = _png(Image.new("RGBA", (1, 1)))


FOLDER = "assets/"
ASIDE = re.compile(rb"(?m)^\s*/\*[^\n]*\*/\n|^\s+")  # remarks on lines of their own, indents

# What takes room in a style sheet and says nothing to a browser. Strings stay as they are, and so
# do spaces before a colon, which tell `a :hover` from `a:hover`, and around the + and - of calc().
_ROOM = re.compile(
    r"""(?P<string>"[^"]*"|'[^']*')|/\*.*?\*/|\s*(?P<around>[{};,>])\s*|(?P<colon>:)\s+|\s+""",
    re.DOTALL,
)


@dataclass(frozen=True)
class Assets:
    """Files below the theme's `static` folder, and what an association has in their place."""

    root: Path
    own: Mapping[str, bytes] = field(default_factory=dict)  # by name, as below the folder

    @cached_property
    def _files(self) -> dict[str, tuple[str, bytes]]:
        """Return for each file its published path and bytes; style sheets name the others."""
        theirs = (path.relative_to(self.root) for path in self.root.rglob("*") if path.is_file())
        names = sorted({*(path.as_posix() for path in theirs), *self.own})
        files: dict[str, tuple[str, bytes]] = {}
        for name in sorted(names, key=lambda name: name.endswith(".css")):
            data = self.own[name] if name in self.own else (self.root / name).read_bytes()
            if name.endswith(".css"):
                data = _smaller(self._with_published_names(name, data.decode(), files)).encode()
            if name.endswith(".js"):
                data = ASIDE.sub(b"", data)
            stem, dot, suffix = name.rpartition(".")
            digest = hashlib.sha256(data).hexdigest()[:10]
            files[name] = (f"{FOLDER}{stem}.{digest}{dot}{suffix}", data)
        return files

    @staticmethod
    def _with_published_names(name: str, css: str, files: dict[str, tuple[str, bytes]]) -> str:
        above = name.rpartition("/")[0]
        up = "../" * (name.count("/"))

        def published(reference: re.Match[str]) -> str:
            target = f"{above}/{reference[2]}" if above else reference[2]
            if target not in files:
                return reference[0]
            return f"url({up}{files[target][0].removeprefix(FOLDER)})"

        return re.sub(r"""url\((["']?)([^"')]+)\1\)""", published, css)

    @property
    def names(self) -> list[str]:
        """Return the theme's own names of its files, sorted."""
        return sorted(self._files)

    def path(self, name: str) -> str:
        """Return where a file is published, relative to the site's root.

        :raises KeyError: when the theme has no such file.
        """
        return self._files[name][0]

    def read(self, name: str) -> bytes:
        """Return what a file holds.

        :raises KeyError: when the theme has no such file.
        """
        return self._files[name][1]

    def emit(self, output: Path) -> None:
        """Write every file into the output folder."""
        for path, data in self._files.values():
            target = output / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


@lru_cache(maxsize=64)  # a build asks three times, a preview at every save
def _smaller(css: str) -> str:
    """Return a style sheet without its comments and without the spaces that mean nothing."""

    def shortened(match: re.Match[str]) -> str:
        if match["string"]:
            return match[0]
        if match[0].startswith("/*"):
            return ""
        return match["around"] or match["colon"] or " "

    return _ROOM.sub(shortened, css).replace(";}", "}").strip()
