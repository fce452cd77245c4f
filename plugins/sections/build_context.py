"""What one build knows of the site, and what its pages may ask of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from core.faults import Report
from core.own_templates import TemplateFolders
from plugins.markup.dialect import OURS_ALONE, Dialect
from plugins.markup.extension import Labels
from plugins.markup.rendered_markdown import RenderedMarkdown, render
from plugins.sections.addresses import Addresses, as_url
from plugins.sections.content_index import ContentIndex, is_public, shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from core.site import Site
    from core.wording import Wording
    from plugins.images import Pictures
    from plugins.kinds.models import Kind, Meetup, Text
    from plugins.kinds.recurrence import Occurrence
    from plugins.kinds.series import SeriesDate
    from plugins.sections.content_folder import Folder

Progress = Callable[[str, int, int], None]  # what is being done, how many are done, of how many
T = TypeVar("T")


def _no_progress(stage: str, done: int, total: int) -> None:
    del stage, done, total


class NoSite(Exception):
    """What is wrong in settings, a template or a plugin lets no site be; the report says what."""


@dataclass(frozen=True)
class BuildOrder:
    """What a build was asked for, besides Pelican's own settings."""

    site: Path = Path("site.toml")
    url: str = ""  # overrides site.toml's
    drafts: bool = False
    now: datetime | None = None  # None for the clock
    cache: Path = Path(".cache")
    report: Report = field(default_factory=Report)
    progress: Progress = _no_progress
    last_tree: Path | None = None  # the site as it stands, for what an edit leaves alone
    tells: bool = True  # whether faults go to Pelican's log, since no command of ours shows them

    def templates(self, theme: Path) -> TemplateFolders:
        """Return where templates are: the association's own, then the theme's."""
        return TemplateFolders.of(theme, self.site)


@dataclass(frozen=True)
class Counted:
    """Something that the build itself found to be out of some people's reach."""

    sort: str  # "language", "transcript", "picture" or "document"
    count: int
    lang: str = ""  # whose readers lack it; "" for everybody
    of: int = 0  # how many there are of the sort, where it says something
    fails: bool = False  # whether WCAG 2.2 at level AA asks for it


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
    paths: set[str] = field(default_factory=set)  # of pages, and of all that is subscribed to
    used_files: set[str] = field(default_factory=set)  # files that a page links to
    counted: list[Counted] = field(default_factory=list)  # what some people can't use, by sort
    for_templates: dict[str, Any] = field(default_factory=dict)  # what later plugins give them
    dialect: Dialect = OURS_ALONE  # what plugins add to Markdown
    former_wordings: Mapping[str, Wording] = field(default_factory=dict)  # of languages given up
    _shared: list[object] = field(default_factory=list)

    def share(self, result: object) -> None:
        """Keep what a plugin worked out for those that come after it, who ask for its type."""
        self._shared.append(result)

    def shared(self, sort: type[T]) -> T:
        """Return what an earlier plugin worked out.

        :raises LookupError: when the plugin isn't in PLUGINS, or comes later.
        """
        if not (results := self.all_shared(sort)):
            raise LookupError(f"No plugin before this one in PLUGINS shares a {sort.__name__}.")
        return results[-1]

    def all_shared(self, sort: type[T]) -> list[T]:
        """Return everything of a type that earlier plugins shared."""
        return [result for result in self._shared if isinstance(result, sort)]

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

    @cached_property
    def ahead(self) -> BuildContext:
        """Return the build as on the day from which nothing waits; itself, if nothing does.

        What waits is checked by it, so that no night finds it wrong. None of it is written: it has
        pictures, addresses and results of its own.
        """
        contents = self.everything.contents
        days = [
            content.public_from
            for content in contents
            if content.public_from and not is_public(content, self.today)
            if is_public(content, content.public_from)  # and no draft
        ]
        if not days or self.drafts:
            return self
        return replace(
            self,
            now=datetime.combine(max(days), time(12), self.site.timezone),
            index=shown(contents, max(days), drafts=False),
            pictures=self.pictures.apart(),
            paths=set(),
            used_files=set(),
            counted=[],
            for_templates={},
            _shared=[],
        )

    def link(self, path: str) -> str:
        """Return the address of a page for a link."""
        return as_url(path, self.base)

    def absolute(self, path: str) -> str:
        """Return the address of a page with its host."""
        return as_url(path, self.url)

    @property
    def every_wording(self) -> dict[str, Wording]:
        """Return how languages say things, those that the site gave up too."""
        return {**self.former_wordings, **self.wordings}

    def body(self, text: Text) -> RenderedMarkdown:
        """Return a text's Markdown, rendered."""
        return render(text.body, text.body_line, self._labels[text.lang], self.dialect)

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
        return {lang: _labels(wording) for lang, wording in self.every_wording.items()}


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
            ("tip", _("Tip")),
            ("important", _("Important")),
            ("caution", _("Take care")),
        ),
        task_done=_("Done"),
        task_open=_("To do"),
    )
