"""What one build knows of the site, and what its pages may ask of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from plugins.markup.extension import Labels
from plugins.markup.rendered_markdown import RenderedMarkdown, render
from plugins.sections.addresses import Addresses, as_url

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from core.faults import Report
    from core.site import Site
    from core.wording import Wording
    from plugins.images import Pictures
    from plugins.kinds.models import Kind, Meetup, Text
    from plugins.kinds.recurrence import Occurrence
    from plugins.kinds.series import SeriesDate
    from plugins.sections.accessibility_statement import Counted
    from plugins.sections.content_index import ContentIndex
    from plugins.sections.reading import Folder


@dataclass(frozen=True)
class BuildContext:
    """What one build knows of the site: settings, content, pictures, the hour."""

    site: Site
    everything: ContentIndex  # what is written, drafts and all
    index: ContentIndex  # what this build shows
    folder: Folder
    wordings: Mapping[str, Wording]
    pictures: Pictures
    report: Report  # for faults of files in the content folder
    url: str  # the site's address, ending in a slash
    now: datetime
    drafts: bool
    paths: set[str] = field(default_factory=set)  # every page's path, once all are planned
    used_files: set[str] = field(default_factory=set)  # files that a page links to
    counted: list[Counted] = field(default_factory=list)  # what some people can't use, by sort
    for_templates: dict[str, Any] = field(default_factory=dict)  # what later plugins give them

    @cached_property
    def addresses(self) -> Addresses:
        """Return where pages live."""
        return Addresses(self.site)

    @property
    def base(self) -> str:
        """Return the path of the site's root, with a slash at both ends."""
        return urlsplit(self.url).path or "/"

    @property
    def today(self) -> date:
        """Return the day on the association's clock."""
        return self.now.astimezone(self.site.timezone).date()

    def link(self, path: str) -> str:
        """Return the address of a page for a link."""
        return as_url(path, self.base)

    def absolute(self, path: str) -> str:
        """Return the address of a page with its host."""
        return as_url(path, self.url)

    def body(self, text: Text) -> RenderedMarkdown:
        """Return a text's Markdown, rendered."""
        return render(text.body, text.body_line, self._labels[text.lang])

    def dates_ahead(self, meetup: Meetup) -> list[SeriesDate]:
        """Return the dates of a meetup that are still to come, today's until it is over.

        Those of which another file tells are among them: cancelled, moved, or with its own words.
        """
        return [date for date in self.index.dates.every(meetup) if date.end > self.now]

    def next_dates(self, meetup: Meetup) -> list[Occurrence]:
        """Return the dates still to come of which a meetup's own file tells."""
        return [date for date in self.index.dates.own(meetup) if date.end > self.now]

    @cached_property
    def places(self) -> dict[tuple[Kind, str], int]:
        """Return each thing's place in the list of its kind, counted from 0."""
        return {
            (kind, content.key): number
            for kind, contents in self.index.of_kind.items()
            for number, content in enumerate(contents)
        }

    @cached_property
    def _labels(self) -> dict[str, Labels]:
        return {lang: _labels(wording) for lang, wording in self.wordings.items()}


def _labels(wording: Wording) -> Labels:
    _ = wording.gettext
    return Labels(
        table=_("Table {}"),
        back_to_note=_("Back to note {} in the text"),
        admonitions=(
            ("note", _("Note")),
            ("warning", _("Warning")),
            ("success", _("Good news")),
            ("quote", _("In their words")),
        ),
    )
