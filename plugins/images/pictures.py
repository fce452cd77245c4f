"""The pictures of one build: asked for while pages are made, written when all are known."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from typing import TYPE_CHECKING

from core.pictures import decode
from core.pictures.faults import ImageFault
from plugins.images import encode, gif, svg
from plugins.images.cache import Cache, put
from plugins.images.encode import Recipe
from plugins.images.original import load, look
from plugins.images.picture import Picture, Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from plugins.images.original import Original

    Progress = Callable[[str, int, int], None]


class Pictures:
    """Gives pages their pictures, then writes the files that those pages name.

    The name of a file is known before the file is made: it carries a hash of the original's
    bytes and of how the file is made from them, so it may be kept by browsers for ever.
    """

    def __init__(self, cache: Path, assets_prefix: str = "assets/img") -> None:
        """Take the folder for what can be kept between builds, and where files go on the site."""
        self._folder, self._cache = cache, Cache(cache)
        self._prefix = assets_prefix.strip("/")
        self._known: dict[Path, Original | ImageFault] = {}
        self._wanted: dict[str, tuple[Path, Recipe]] = {}

    def apart(self) -> Pictures:
        """Return others that may be looked at and are never written."""
        return Pictures(self._folder, self._prefix)

    def picture(  # noqa: PLR0913 - what an <img> needs to be told, by name
        self,
        path: Path,
        *,
        alt: str,
        sizes: str,
        lazy: bool,
        caption: str | None = None,
        base: str = "/",
    ) -> Picture:
        """Return the picture at `path` in every size and format.

        :param sizes: how wide it stands on the page, as in the HTML attribute.
        :param base: the path of the site on its host, with a slash at both ends.
        :raises ImageFault: when it can't be read or shown.
        """
        original = self._original(path)
        want = partial(self._want, path, base)
        variants: tuple[Variant, ...] = ()
        still = None
        if original.moving or original.format == "SVG":
            fallback = want(_as_is(original))
            if original.moving:
                still = want(_recipe(original, "webp", min(original.width, encode.WIDTHS[-1])))
        else:
            fallback = want(_fallback(original))
            variants = tuple(want(recipe) for recipe in _recipes(original))
        largest = max((fallback, *variants), key=lambda variant: variant.width)
        size = largest.width, largest.height
        return Picture(variants, fallback, *size, alt, sizes, lazy, caption, still)

    def href(self, path: Path, *, base: str = "/") -> str:
        """Return where the largest copy is that any browser shows.

        For links to a picture, since the original itself must not go out.

        :raises ImageFault: when it can't be read or shown.
        """
        original = self._original(path)
        if original.moving or original.format == "SVG":
            return self._want(path, base, _as_is(original)).url_path
        width = min(original.width, encode.WIDTHS[-1])
        name = _fallback(original).format
        return self._want(path, base, _recipe(original, name, width)).url_path

    def social(self, path: Path, *, base: str = "/") -> str:
        """Return where a JPEG of 1200 by 630 pixels is, or "" for a drawing in SVG."""
        original = self._original(path)
        if original.format == "SVG":
            return ""
        recipe = Recipe(original.sha, "jpg", *encode.SOCIAL, "social")
        return self._want(path, base, recipe).url_path

    def emit(self, output: Path, progress: Progress | None = None) -> int:
        """Write every file asked for so far below `output`; return how many.

        :param progress: is told "pictures", how many are ready and how many there are.
        :raises ImageFault: when an original has changed since it was looked at.
        :raises OSError: when the disk won't take a file.
        """
        total = len(self._wanted)
        missing: dict[Path, list[tuple[str, Recipe]]] = {}
        for name, (path, recipe) in sorted(self._wanted.items()):
            if not self._cache.place(_kept_as(recipe), output / self._prefix / name):
                missing.setdefault(path, []).append((name, recipe))
        done = total - sum(map(len, missing.values()))
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            for path, files in missing.items():
                make = self._maker(path)
                futures = {pool.submit(make, recipe): (name, recipe) for name, recipe in files}
                for future in as_completed(futures):
                    name, recipe = futures[future]
                    self._write(output / self._prefix / name, recipe, future.result())
                    done += 1
                    if progress:
                        progress("pictures", done, total)
        return total

    def _write(self, target: Path, recipe: Recipe, data: bytes) -> None:
        self._cache.write(_kept_as(recipe), data)
        if not self._cache.place(_kept_as(recipe), target):
            put(target, data)  # the cache can't be written, or was emptied in between

    def _original(self, path: Path) -> Original:
        if path not in self._known:
            try:
                self._known[path] = look(path, self._cache)
            except ImageFault as fault:
                self._known[path] = fault
        known = self._known[path]
        if isinstance(known, ImageFault):
            raise ImageFault(known.path, known.wrong, known.instead)
        return known

    def _want(self, path: Path, base: str, recipe: Recipe) -> Variant:
        key = recipe.key
        name = f"{_slug(path.stem)}-{recipe.width}-{key[:16]}.{recipe.format}"
        self._wanted[name] = (path, recipe)
        url = f"{base}{self._prefix}/{name}"
        return Variant(recipe.width, recipe.height, recipe.format, url, key)

    def _maker(self, path: Path) -> Callable[[Recipe], bytes]:
        """Return what makes files from the original at `path`, which is read now."""
        original = self._original(path)
        data = load(path)
        if hashlib.sha256(data).hexdigest() != original.sha:
            wrong = "This picture changed while the site was being built."
            raise ImageFault(path, wrong, "Build again.")
        if original.format == "SVG":
            drawing, _, _ = svg.clean(path, data)
            return lambda _: drawing
        pixels = encode.base(decode.decode(path, data, original.format))

        def make(recipe: Recipe) -> bytes:
            if recipe.purpose == "as-is":
                return gif.without_notes(path, data)
            return encode.encode(pixels, recipe)

        return make


def _kept_as(recipe: Recipe) -> str:
    return f"{recipe.key[:2]}/{recipe.key}.{recipe.format}"


def _as_is(original: Original) -> Recipe:
    return Recipe(original.sha, original.format.lower(), original.width, original.height, "as-is")


def _recipe(original: Original, name: str, width: int) -> Recipe:
    height = encode.height_at(width, (original.width, original.height))
    purpose = "lossless" if original.few_colours else "page"
    return Recipe(original.sha, name, width, height, purpose)


def _recipes(original: Original) -> Iterator[Recipe]:
    names = ["avif", "webp"] if encode.HAS_AVIF and not original.few_colours else ["webp"]
    for name in names:
        for width in encode.widths(original.width):
            yield _recipe(original, name, width)


def _fallback(original: Original) -> Recipe:
    name = "png" if original.few_colours or original.see_through else "jpg"
    return _recipe(original, name, min(original.width, encode.FALLBACK_WIDTH))


def _slug(stem: str) -> str:
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "picture"
