"""The sample's site as it stood on a day of the story, as far as the service asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.faults import Report
from core.public.public_history import to_text
from plugins.kinds.models import Kind, RoadmapItem
from plugins.kinds.parse import join
from plugins.loop import history_audit
from plugins.loop.record_loader import load_records
from plugins.loop.relations import Loop
from plugins.loop.site_shell import TARGETS
from plugins.sections.content_folder import read_folder
from plugins.sections.content_index import shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from core.site import Site
    from plugins.kinds.models import Content


def read_things(site: Site, content: Path) -> Sequence[Content]:
    """Return everything that the sample's staff wrote in a content folder."""
    report = Report()
    folder = read_folder(content, site, report)
    return tuple(join(folder.sources, folder.unread, site, report))


def shown_records(site: Site, heard: Path) -> list[str]:
    """Return the references that have a page.

    :param heard: the content folder that the story's pulls write.
    """
    records = load_records(heard, site, Report()).records.values()
    return [record.ref for record in records if record.shown]


def chrome(
    site: Site, contents: Sequence[Content], records: list[str], day: date
) -> dict[str, Any]:
    """Return what a build on that day would leave for the service: what there is to speak of."""
    index = shown(contents, day, drafts=False)
    keys = {
        str(kind): [content.key for content in index.of_kind[kind] if _has_begun(content, day)]
        for kind in TARGETS
    }
    keys["record"] = records
    return {
        "url": site.url,
        "targets": {
            kind: {
                key: {
                    lang: {"title": key, "url": f"/{lang}/{kind}/{key}/"} for lang in site.languages
                }
                for key in those
            }
            for kind, those in keys.items()
        },
        "parts": {
            content.key: list(content.roadmap)
            for content in index.of_kind[Kind.CHANGE]
            if content.roadmap
        },
    }


def _has_begun(content: Content, day: date) -> bool:
    """Whether an item had its first move by then: it wasn't on the roadmap before."""
    return not isinstance(content, RoadmapItem) or content.moves[0].on <= day


def manifest(site: Site, contents: Sequence[Content], heard: Path, day: date) -> str:
    """Return the list of what stands in public on that day."""
    index = shown(contents, day, drafts=False)
    loop = Loop(index, load_records(heard, site, Report()))
    published = history_audit.what_stands(loop, site)
    return to_text(published, sample=site.sample)
