"""A picture as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

MEDIA_TYPES = {
    "avif": "image/avif",
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Variant:
    """One file of a picture: its size in pixels, and where it is."""

    width: int
    height: int
    format: str  # as the name ends: avif, webp, jpg, png, gif, svg
    url_path: str  # from the root of the host, as in "/sub/assets/img/terrace-640-0f3a….avif"
    sha: str  # SHA-256, in hex, of the original's bytes and of how the file is made from them


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in all its sizes and formats, with its words."""

    variants: tuple[Variant, ...]  # best format first, each from narrow to wide
    fallback: Variant  # for a browser that knows none of the formats above
    width: int  # in CSS pixels: the largest it is shown
    height: int
    alt: str
    sizes: str  # as in the HTML attribute: how wide it stands on the page
    lazy: bool
    caption: str | None = None
    still: Variant | None = None  # of a moving picture, for readers who ask for less motion

    @property
    def src(self) -> str:
        """Return where the file is that every browser can show."""
        return self.fallback.url_path

    def html(self) -> Markup:
        """Return a `<picture>`, or a `<figure>` around it when there is a caption."""
        sources = Markup("").join(self._sources())
        image = self._img()
        whole = Markup("<picture>{}{}</picture>").format(sources, image) if sources else image
        if not self.caption:
            return whole
        caption = Markup("<figcaption>{}</figcaption>").format(self.caption)
        return Markup('<figure class="picture">{}{}</figure>').format(whole, caption)

    def _sources(self) -> list[Markup]:
        sources = []
        if self.still:
            sources.append(
                Markup(
                    '<source media="(prefers-reduced-motion: reduce)" type="{}" srcset="{}">'
                ).format(MEDIA_TYPES[self.still.format], self.still.url_path)
            )
        for name, group in groupby(self.variants, key=lambda variant: variant.format):
            srcset = ", ".join(f"{variant.url_path} {variant.width}w" for variant in group)
            sources.append(
                Markup('<source type="{}" srcset="{}" sizes="{}">').format(
                    MEDIA_TYPES[name], srcset, self.sizes
                )
            )
        return sources

    def _img(self) -> Markup:
        # The first picture of a page is what a reader waits for; the others can wait for them.
        lazily = Markup('loading="lazy" decoding="async"')
        when = lazily if self.lazy else Markup('fetchpriority="high"')
        return Markup('<img src="{}" alt="{}" width="{}" height="{}" {}>').format(
            self.src, self.alt, self.width, self.height, when
        )
