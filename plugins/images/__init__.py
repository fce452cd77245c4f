"""Responsive pictures: several sizes and formats of each, without what a camera adds in secret.

A phone writes the position of the home into the photo of its damp wall. So no original ever
leaves this package: every file that it writes is made anew from the pixels alone. Knows Pillow
and a cache on disk; imports nothing else of ours.
"""

from __future__ import annotations

from core.pictures.faults import ImageFault
from core.pictures.formats import SUFFIXES as IMAGE_SUFFIXES
from plugins.images.picture import Picture, Variant
from plugins.images.pictures import Pictures

__all__ = ["IMAGE_SUFFIXES", "ImageFault", "Picture", "Pictures", "Variant"]
