"""An association's settings as commands read them: whole, or with all that is wrong told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.terminal import Stop, describe
from core.faults import Report
from core.site import parse_site

if TYPE_CHECKING:
    from pathlib import Path

    from core.site import Site


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
