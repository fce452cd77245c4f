"""Makes the digest of what was published in a week or a month: to look at, as files, or sent."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING

from commands.service_runtime import ROOT
from commands.site_folder import read_site
from commands.terminal import Stop, complain, ends_in_words
from core.own_templates import OWN
from core.service_address import service_address
from feedback.digest.followed_items import FollowedItems
from feedback.digest.rendering import Renderer
from feedback.digest.selection import DigestDays, PublishedNews, choose
from feedback.model import Period, orders, spoken
from feedback.notices.digests import digest_mail
from feedback.notices.envelopes import Envelope
from feedback.published_site import CannotNotify, in_folder, on_the_web
from feedback.settings import SettingFault, Settings
from feedback.store import Store, StoreFault
from feedback.store.mail import mailings
from plugins.sections.assets import mail_logo

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sqlalchemy import Connection

    from core.faults import Fault
    from core.site import Site
    from feedback.digest.followed_items import FollowerNews
    from feedback.digest.selection import Digest
    from feedback.published_site import PublishedSite
    from feedback.store.mail.mailings import WrittenDigest

CANNOT = 2  # exit code: a wrong word or setting


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the command was asked to do."""

    site_file: Path
    tree: Path | None  # the folder of the published site; None to ask for it over the web
    url: str = ""  # its address; "" for the one in site.toml
    period: str = ""
    since: str = ""
    output: Path | None = None
    send: bool = False
    dry_run: bool = False


@ends_in_words({SettingFault: CANNOT, CannotNotify: 1, StoreFault: 1})
def digest(root: Path, options: Options, say: Callable[[str], None]) -> int:
    """Make a digest of what is published.

    :returns: 0, 1 when the site or the database could not be read, 2 on wrong options or settings.
    """
    now = datetime.now(UTC)
    try:
        site = read_site(options.site_file)
        issues = _issues(options, now.astimezone(site.timezone).date())
        place = in_folder(options.tree) if options.tree else on_the_web(options.url or site.url)
        work = _Work(site, _renderer(site, options), PublishedNews.of(place), now, say)
        if options.send:
            with Store.open(Settings.read(os.environ, root)) as store:
                work.send(store, issues, dry_run=options.dry_run)
                work.tell_followers(store, place, dry_run=options.dry_run)
        else:
            work.show(issues[0], options.output, dry_run=options.dry_run)
    except OSError as error:
        raise Stop(f"{options.output} can't be written: {error.strerror}.") from None
    return 0


def _issues(options: Options, today: date) -> list[DigestDays]:
    """Return the days to tell of; where nothing is said and it is sent, of either period."""
    if options.period and options.period not in set(Period):
        raise Stop(f"{options.period} is no period. Write week or month.", CANNOT)
    if options.send and (options.since or options.output):
        raise Stop(
            "What is sent tells of a whole week or month, once: leave --since and --output out.",
            CANNOT,
        )
    chosen = Period(options.period) if options.period else None
    if options.since:
        try:
            first = date.fromisoformat(options.since)
        except ValueError:
            wrong = f"{options.since} is no day. Write one such as 2026-03-04."
            raise Stop(wrong, CANNOT) from None
        if first > today:
            raise Stop(f"{options.since} is still to come. Write a day that has been.", CANNOT)
        return [DigestDays.since(first, today, chosen or Period.WEEK)]
    if options.send and chosen is None:
        return [DigestDays.before(today, period) for period in Period]
    return [DigestDays.before(today, chosen or Period.WEEK)]


def _renderer(site: Site, options: Options) -> Renderer:
    root = f"{(options.url or site.url).rstrip('/')}/"
    service = service_address(site.feedback.service, root)
    own = options.site_file.parent / OWN

    def tell(fault: Fault) -> None:
        complain(f"{fault} Until then, mails look as ours do.")

    logo = mail_logo(site.look, options.site_file.with_name("content"))
    return Renderer(ROOT / "theme", own, site, service, tell).with_logo(logo)


@dataclass(frozen=True)
class _Work:
    """The news, and what is needed to tell them."""

    site: Site
    renderer: Renderer
    published: PublishedNews
    now: datetime
    say: Callable[[str], None]

    def digest_of(self, days: DigestDays) -> Digest:
        return choose(self.published, days, self.now, self.site.timezone)

    def show(self, days: DigestDays, folder: Path | None, *, dry_run: bool) -> None:
        """Write a digest to files, or to the terminal."""
        issue = self.digest_of(days)
        if issue.empty:
            self.say(f"Nothing was published from {days.first} to {days.last}, and nobody meets.")
            return
        for languages in orders(self.site.languages):
            written = self.renderer.write(issue, languages, leave="")
            if folder is None:
                if len(languages) == 1:
                    self.say(written.text)
                continue
            self._files(days, languages, written, folder, dry_run=dry_run)

    def _files(
        self,
        days: DigestDays,
        languages: Sequence[str],
        written: WrittenDigest,
        folder: Path,
        *,
        dry_run: bool,
    ) -> None:
        envelope = Envelope(
            to="",
            sender=self.site.email,
            lang=languages[0],
            message_id=f"{days.file}.{'-'.join(languages)}",
            made=datetime(days.last.year, days.last.month, days.last.day, 12, tzinfo=UTC),
        )
        mail = digest_mail(envelope, written, " ".join(languages), "", self.site)
        texts = {"html": written.html.encode(), "txt": written.text.encode(), "eml": bytes(mail)}
        for ending, text in texts.items():
            target = folder / f"{days.file}.{'-'.join(languages)}.{ending}"
            self.say(str(target))
            if not dry_run:
                folder.mkdir(parents=True, exist_ok=True)
                target.write_bytes(text)

    def send(self, store: Store, issues: Sequence[DigestDays], *, dry_run: bool) -> None:
        """Put each digest on its way to whoever has not been sent it."""
        for days in issues:
            issue = self.digest_of(days)
            with store.read() as conn:
                lacking = mailings.lacking(conn, days.name, days.period)
            to = {number: self._spoken(languages) for number, languages in lacking}
            if issue.empty:
                self.say(f"{days.name}: nothing was published, so nobody gets a mail.")
                continue
            if not to:
                self.say(f"{days.name}: nobody is to get it, or all have it.")
                continue
            written = {chosen: self.renderer.write(issue, chosen) for chosen in set(to.values())}
            if not dry_run:
                send = partial(mailings.send, name=days.name, written=written, to=to, now=self.now)
                store.write_now(send)
            for chosen in sorted(written):
                count = sum(languages == chosen for languages in to.values())
                self.say(f"{days.name}, {' then '.join(chosen)}: {count}")
            if not dry_run:
                self.say("Mails go out while the service runs.")

    def tell_followers(self, store: Store, place: PublishedSite, *, dry_run: bool) -> None:
        """Put a mail on its way to whoever follows an item that moved, or led to a change."""
        with store.read() as conn:
            followers = mailings.followers(conn)
        if not followers:
            return
        followed = FollowedItems.of(place, self.published)
        whose = followed.news(followers, self.site.timezone)
        for news in whose if not dry_run else ():
            store.write_now(partial(self._tell_follower, news=news, followed=followed))
        if count := sum(bool(news.fresh) for news in whose):
            self.say(f"{count} of those who follow one item are told that it moved.")

    def _tell_follower(
        self, conn: Connection, *, news: FollowerNews, followed: FollowedItems
    ) -> None:
        person = news.follower
        if news.past is not None:
            mailings.begin_following(conn, person, news.past, now=self.now)
        if news.fresh:
            languages = self._spoken(person.languages)
            issue, item = followed.digest(news.fresh), followed.items[person.item]
            written = {languages: self.renderer.write(issue, languages, item=item)}
            name = mailings.item_mail(person.item, [event.name for event in news.fresh])
            mailings.send(conn, name, written, {person.id: languages}, now=self.now)

    def _spoken(self, languages: tuple[str, ...]) -> tuple[str, ...]:
        """Return the languages that somebody chose, as far as the site still speaks them."""
        left = tuple(lang for lang in languages if lang in self.site.languages)
        return left or (spoken(languages, self.site.languages),)
