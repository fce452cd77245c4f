"""Old addresses of a language that the site gave up: each leads to the same in one that is left.

The site is planned once more as the readers of that language met it, from the texts and words that
are still kept in it, and nothing of that is written. So every page, feed and calendar is found that
had an address, and nobody has to list them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.faults import Report
from plugins.calendars.addresses import of_entry
from plugins.calendars.calendars_generator import Calendars
from plugins.discovery.redirects import Redirect
from plugins.feeds.plan import plan_feeds
from plugins.feeds.subscribe_page import subscribe_pages
from plugins.kinds.models import Episode, Kind
from plugins.loop.entries import Joined
from plugins.loop.pages import with_loop
from plugins.loop.relations import Loop
from plugins.podcast.addresses import PodcastAddresses
from plugins.podcast.transcripts import FORMS
from plugins.search.pages import search_pages
from plugins.sections.entries import LanguageView
from plugins.sections.plan import plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.sections.build_context import BuildContext
    from plugins.sections.planned_page import PlannedPage, SitePlan


def former_redirects(build: BuildContext, site_plan: SitePlan) -> Iterator[Redirect]:
    """Yield where the addresses of every language lead that the site gave up."""
    for lang in build.site.former_languages:
        yield from _FormerLanguage(build, site_plan, lang).redirects()


class _FormerLanguage:
    """A language that the site gave up, and the one to which its addresses lead."""

    def __init__(self, build: BuildContext, site_plan: SitePlan, lang: str) -> None:
        self.build, self.lang, self.now = build, lang, build.site.languages[0]
        here = [page for page in site_plan.pages if page.lang == self.now and page.path]
        self.pages = {page.identity: page for page in here}
        self.offered = {offer.path for offer in site_plan.subscriptions}
        self.then = replace(
            build,
            site=replace(build.site, languages=(lang,), former_languages=()),
            wordings={lang: build.every_wording[lang]},
            report=Report(),  # what is wrong in the content was told where it counts
            paths=set(),
            used_files=set(),
            counted=[],
            for_templates={},
            _shared=[],
        )

    def redirects(self) -> Iterator[Redirect]:
        """Yield where each page, feed and calendar leads."""
        loop, view = self.build.shared(Loop), LanguageView(self.then, self.lang)
        planned = with_loop(plan(self.then), {self.lang: Joined(view, loop)})
        feeds = plan_feeds(self.then, loop, planned)
        planned += [*subscribe_pages(self.then, feeds, ()), *search_pages(planned, self.then)]
        planned = [page for page in planned if page.path.startswith(f"{self.lang}/")]
        targets = {page.path: self._page_for(page) for page in planned}
        for page in planned:
            target = targets[page.path]
            for path in (page.path, *page.old_paths):
                yield Redirect(path, target.path, self.now, target.title)
            if page.entry and target.entry:
                yield self._file(of_entry(page.entry), of_entry(target.entry))
        for feed in feeds:
            target_page = targets.get(feed.page) or self.pages["home",]
            for offer in feed.subscriptions:
                same = target_page.path + offer.path.removeprefix(feed.page)
                home = self.pages["home",].path + offer.path.removeprefix(feed.page)
                yield self._file(offer.path, same if same in self.offered else home)
        yield from self._calendars(view)
        yield from self._podcasts()

    def _page_for(self, page: PlannedPage) -> PlannedPage:
        """Return the page that has the place of another: the same, its list, or the home."""
        match page.identity:
            case ("list", kind, _, _):  # whose later pages and years may be others
                wider: tuple[str, ...] = ("list", kind, "", "1")
            case ("records", topic, _):
                wider = ("records", topic, "1")
            case ("tag", *_):  # a word of that language
                wider = ("index", "tags")
            case _:
                wider = ("home",)
        return self.pages.get(page.identity) or self.pages.get(wider) or self.pages["home",]

    def _calendars(self, view: LanguageView) -> Iterator[Redirect]:
        now = {
            calendar.name: calendar.path
            for calendar in Calendars(LanguageView(self.build, self.now)).planned
        }
        for calendar in Calendars(view).planned:
            for path in (calendar.path, *calendar.old_paths):
                yield self._file(path, now[calendar.name])

    def _podcasts(self) -> Iterator[Redirect]:
        then, now = PodcastAddresses(self.then), PodcastAddresses(self.build)
        for show in self.build.site.shows:
            yield self._file(then.feed(show, self.lang), now.feed(show, self.now))
        for episode in self.build.index.of_kind[Kind.EPISODE]:
            if isinstance(episode, Episode) and episode.audio:
                for form in FORMS:
                    yield self._file(
                        then.transcript(episode, self.lang, form),
                        now.transcript(episode, self.now, form),
                    )
                yield self._file(then.chapters(episode, self.lang), now.chapters(episode, self.now))

    def _file(self, path: str, target: str) -> Redirect:
        return Redirect(path, target, self.now, "", copied=True)
