"""HTML to a tagged PDF (PDF/UA-1), with nothing but the theme's own files in reach."""

from __future__ import annotations

import hashlib
import logging
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from commands.terminal import Stop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LIBRARIES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
VARIANT = "pdf/ua-1"


@dataclass(frozen=True)
class TextSize:
    """How much is to fit: a size of type, and how much of what was said is quoted."""

    size: int  # 0 is the largest
    quotes: int


# What is tried in turn until all stands on one page.
SIZES = (
    *(TextSize(size, 2) for size in (0, 1)),
    *(TextSize(size, 1) for size in (1, 2, 3)),
    *(TextSize(size, 0) for size in (3, 4, 5, 6)),
)


def one_page(html: Callable[[TextSize], str], theme: Path) -> bytes:
    """Return the PDF of the largest type with which everything stands on one page.

    :param html: makes the page at a size. Each `section` in it names its language.
    :param theme: the folder whose files the page may use.
    :raises Stop: when the libraries that set type are missing, or nothing makes it fit.
    """
    weasyprint, static = _weasyprint(), theme / "static"

    @cache
    def set_in(sized: TextSize) -> tuple[str, Any, Any]:
        text = html(sized)
        source = weasyprint.HTML(
            string=text, base_url=f"{static.as_uri()}/", url_fetcher=_only_within(static)
        )
        return text, source, source.render(pdf_variant=VARIANT)

    def fits(sized: TextSize) -> bool:
        return len(set_in(sized)[2].pages) == 1

    # Most things fit at once; of the others, the first size that fits is found by halving.
    place = 0 if fits(SIZES[0]) else bisect_left(SIZES, x=True, lo=1, key=fits)
    if place == len(SIZES):
        raise Stop("There is more to say here than a page can hold, however small the type.", 1)
    text, source, document = set_in(SIZES[place])
    languages = [section.get("lang") for section in source.etree_element.iter("section")]
    return bytes(
        document.write_pdf(
            pdf_variant=VARIANT,
            pdf_identifier=hashlib.sha256(text.encode()).digest()[:16],
            finisher=lambda _, pdf: _tell_languages(pdf.objects, languages),
        )
    )


def _weasyprint() -> Any:  # noqa: ANN401 - a module without types
    try:
        module = import_module("weasyprint")
    except OSError as error:
        raise Stop(
            "What sets the type of posters is missing on this machine. "
            f"On Debian and Ubuntu, type: sudo apt install {' '.join(LIBRARIES)}",
            2,
        ) from error
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # it would speak of our CSS
    return module


def _only_within(folder: Path) -> Any:  # noqa: ANN401 - a class without types
    """Return what fetches files for the page: those of a folder, and what the page itself holds."""
    fetcher = import_module("weasyprint.urls").URLFetcher

    class Ours(fetcher):  # type: ignore[misc, valid-type] # a class without types
        """Refuses the network and every other file."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:  # noqa: ANN401
            """Return what stands at an address of ours."""
            parts = urlsplit(url)
            path = folder.joinpath(unquote(parts.path)).resolve()
            if parts.scheme != "data" and not (
                parts.scheme == "file" and path.is_relative_to(folder.resolve())
            ):
                raise ValueError(f"A poster asks for nothing from elsewhere: {url}")
            return super().fetch(url, headers)

    return Ours()


def _tell_languages(objects: list[Any], languages: list[str | None]) -> None:
    """Mark each section of the tagged tree with its language, which WeasyPrint leaves out.

    Both go from the top of the page to its foot, and no section is broken over pages.
    """
    import_string = import_module("pydyf").String
    sections = [node for node in objects if isinstance(node, dict) and node.get("S") == "/Sect"]
    for section, lang in zip(sections, languages, strict=True):
        section["Lang"] = import_string(lang)
