"""An association's folder as commands read it: settings and content, or what is wrong told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from commands.terminal import Stop, describe
from core.faults import Report
from core.site import parse_site
from plugins.kinds.parse import join
from plugins.sections.content_folder import Folder, read_folder

if TYPE_CHECKING:
    from pathlib import Path

    from core.site import Site
    from plugins.kinds.models import Content


@dataclass(frozen=True)
class SiteFolder:
    """What an association wrote, read as a build reads it."""

    site: Site
    folder: Folder
    contents: list[Content]
    report: Report


def read_site(site_file: Path, ending: str = "", report: Report | None = None) -> Site:
    """Return the settings in a file, with or without the mark that Windows begins one with.

    :param ending: what is told after what is wrong, such as that nothing was written.
    :param report: takes advice about them.
    :raises Stop: with 2, when they can't be read; all their faults are told.
    """
    report = Report() if report is None else report
    try:
        text = site_file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Stop(f"{site_file} can't be read: {error.strerror}. {ending}".strip(), 2) from None
    except UnicodeDecodeError:
        wrong = f"{site_file} can't be read: it isn't saved as UTF-8."
        raise Stop(f"{wrong} {ending}".strip(), 2) from None
    if (site := parse_site(text, report.at(site_file.name))) is None:
        raise Stop(f"{describe(tuple(report))}\n{ending}".strip(), 2)
    return site


def read_content(content: Path, site_file: Path) -> SiteFolder:
    """Return the settings and the content; what is wrong in pages stands in the report.

    :raises Stop: with 2, when there is no content, or the settings can't be read.
    """
    if not content.is_dir():
        raise Stop(f"There is no folder {content}. Name yours with --content.", 2)
    report = Report()
    site = read_site(site_file, report=report)
    inside = report.within(content.name)
    folder = read_folder(content, site, inside)
    contents = join(folder.sources, folder.unread, site, inside)
    return SiteFolder(site, folder, contents, report)
