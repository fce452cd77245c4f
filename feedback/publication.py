"""What may leave the desk: from decided cases to the files of public records.

The privacy line runs through this module. Each public field is named here, and what isn't named
stays where it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from operator import itemgetter
from typing import TYPE_CHECKING

from core.public.record_files import (
    ANSWERS,
    CLOCKS,
    CONFIRMATIONS,
    PLACES,
    STRIKES,
    VOTES,
    public_words,
    record_path,
    record_yaml,
)
from core.public.records import Correction, Record, Reply
from core.public.small_numbers import shown_counts
from core.public.tallies import Confirmations, PlaceVoices, StruckVoices, Votes, Waits
from core.public.vocabulary import Detail, HandedOver, PublicStatus, TargetKind, Turning
from core.words import Words
from core.working_time import WorkingTime
from feedback.model import DECISIONS, PUBLIC_DECISIONS, Route
from feedback.step_figures import step_tallies
from feedback.store.actions import submissions
from feedback.store.casework.events import Provenance, provenance
from feedback.store.casework.step_clocks import every_step
from feedback.store.voices import strikes, votes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from sqlalchemy import Connection

    from core.public.vocabulary import Target
    from core.site import Site
    from feedback.model import Case
    from feedback.store.voices.strikes import Strike
    from feedback.store.voices.votes import FixedAnswer, Tally

FEWEST = 5  # answers of a quarter below which their lengths could be told apart
VOTABLE = {TargetKind.ROADMAP, TargetKind.RECORD}


@dataclass(frozen=True)
class ItemVerdict:
    """How tenants' answers about a roadmap item stand, and since which day."""

    to: Turning = Turning.SETTLED
    on: date | None = None  # None where they never turned


@dataclass(frozen=True)
class Harvest:
    """Everything that is public now, as files below the content folder."""

    files: Mapping[str, str]  # text by path
    cleared: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # ^ by reference: words that look personal, and that staff found harmless
    withdrawn: Mapping[str, str] = field(default_factory=dict)
    # ^ by reference: what may have been public and is no more, and the record it is part of, or ""
    turned: Mapping[str, ItemVerdict] = field(default_factory=dict)  # by a roadmap item's key
    provenance: Provenance | None = None  # an older service does not say where records come from


def record_of(case: Case, site: Site) -> Record | None:
    """Turn a decided case into its public record, field by named field.

    :returns: None for what never becomes a record: undecided, withdrawn, merged or escalated
        cases, and those handed over for somebody's safety.
    """
    hidden = case.escalated or case.merged_into or case.route == Route.SAFEGUARDING
    if case.status not in PUBLIC_DECISIONS or hidden:
        return None
    standing = PUBLIC_DECISIONS[case.status]
    published = standing == PublicStatus.PUBLISHED
    answered = _day(case.answered, site) if case.answered else None
    handed = case.handed if standing == PublicStatus.ROUTED else None
    shows_reply = bool(case.reply) and answered is not None and DECISIONS[case.status].shows_answer
    reply = _reply(case, answered, site) if shows_reply and answered else None
    reason = _words(case.reason, site) if standing == PublicStatus.DECLINED else None
    return Record(
        ref=case.ref,
        status=standing,
        sort=case.sort,
        lang=case.lang,
        received=_day(case.received, site).replace(day=1),
        topic=case.topic or None,
        channel=case.channel,
        target=case.target,
        people=case.people,
        said=public_words(case.public_text) if published else "",
        redacted=tuple(Detail(kind) for kind in case.redacted) if published else (),
        route=HandedOver(case.route) if standing == PublicStatus.ROUTED and case.route else None,
        reason=reason,
        reply=reply,
        corrected=_correction(case, site) if reply or reason else None,
        due=None if answered else case.due,
        done_by=case.handed_by if handed else None,
        outcome=handed.outcome if handed else None,
        in_time=_in_time(case, site) if case.promised_day is None else None,
    )


def _in_time(case: Case, site: Site) -> bool | None:
    """Whether everything that was owed came by its day: the answer, and what was handed over."""
    if case.answered is None:
        return None
    handed = case.handed
    came_back = not handed or handed.ended is None or _day(handed.ended, site) <= handed.by
    return _day(case.answered, site) <= case.due and came_back


def _reply(case: Case, answered: date, site: Site) -> Reply | None:
    team = case.reply_by if case.reply_by in site.known["teams"] else ""
    text = _words(case.reply, site)
    return Reply(on=answered, by=team, text=text) if team and text else None


def _correction(case: Case, site: Site) -> Correction | None:
    why = _words(case.corrected, site)
    return (
        Correction(on=_day(case.corrected_at, site), why=why) if case.corrected_at and why else None
    )


def _words(texts: Mapping[str, str], site: Site) -> Words | None:
    """Return words in the site's own order of languages, so that the file never changes by it.

    Those in a language that the site gave up come last: they were said all the same.
    """
    languages = (*site.languages, *sorted(set(texts) - set(site.languages)))
    pairs = tuple(
        (lang, public_words(texts[lang])) for lang in languages if texts.get(lang, "").strip()
    )
    return Words(pairs) if pairs else None


def _day(moment: datetime, site: Site) -> date:
    return moment.astimezone(site.timezone).date()


def harvest(
    conn: Connection,
    site: Site,
    parts: Mapping[str, Sequence[str]] | None = None,
    seen: Collection[str] = (),
    now: datetime | None = None,
) -> Harvest:
    """Return everything that is public now, from the service's own database.

    :param parts: the roadmap items that each change is part of, as the built site shows them.
    :param seen: the marks of earlier pulls, as their folder keeps them.
    :param now: the moment, aware; None for this one.
    """
    cases = list(submissions.public(conn))
    records = [record for case in cases if (record := record_of(case, site))]
    public = {record.ref for record in records}
    places = list(_places(conn, cases, public, site)) if site.areas else []
    records = _placed(records, cases, places, site)
    files = {record_path(record): record_yaml(record) for record in records}
    files[VOTES.path] = VOTES.text(_votes(votes.tally(conn), public))
    answers = votes.answered(conn)
    files[CONFIRMATIONS.path] = CONFIRMATIONS.text(_confirmations(answers))
    if struck := strikes.strikes(conn):  # also when all were undone: then the file is empty
        files[STRIKES.path] = STRIKES.text(_struck(struck, public, site))
    files[ANSWERS.path] = ANSWERS.text(_waits(cases, site))
    if places:
        files[PLACES.path] = PLACES.text(places)
    if steps := [step for mine in every_step(conn).values() for step in mine]:
        files[CLOCKS.path] = CLOCKS.text(step_tallies(steps, now or datetime.now(UTC)))
    return Harvest(
        files,
        {case.ref: case.cleared for case in cases if case.ref in public and case.cleared},
        {ref: into for ref, into in submissions.decided_once(conn).items() if ref not in public},
        _turned(answers, parts or {}, site),
        provenance(conn, seen),
    )


def _votes(tallies: Mapping[Target, Tally], public: set[str]) -> Iterator[Votes]:
    for target, tally in tallies.items():
        known = target.kind in VOTABLE and (
            target.kind != TargetKind.RECORD or target.key in public
        )
        if known and (tally.online or tally.offline):
            yield Votes(
                kind=TargetKind(target.kind),
                key=target.key,
                online=tally.online,
                offline=tally.offline,
            )


def _confirmations(answers: Iterable[FixedAnswer]) -> Iterator[Confirmations]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for answer in answers:
        counts[answer.change].update(_counted(answer))
    for change, counted in counts.items():
        yield Confirmations(change=change, **counted)


def _counted(answer: FixedAnswer) -> list[str]:
    """Return the counts that an answer adds to: all, and those of who asked or of what waits."""
    apart = "asked" if answer.asked else "" if answer.looked else "waiting"
    return [str(answer.fixed), *([f"{apart}_{answer.fixed}"] if apart else [])]


def _struck(every: Iterable[Strike], public: set[str], site: Site) -> Iterator[StruckVoices]:
    for strike in every:
        why = _words(strike.why, site)
        known = strike.target.kind != TargetKind.RECORD or strike.target.key in public
        if known and why and not strike.undone:
            yield StruckVoices(
                kind=TargetKind(strike.target.kind),
                key=strike.target.key,
                on=_day(strike.at, site),
                count=strike.count,
                why=why,
            )


def _turned(
    answers: Iterable[FixedAnswer], parts: Mapping[str, Sequence[str]], site: Site
) -> dict[str, ItemVerdict]:
    """Tell since when answers about each item stand as they do, without a word of whose they are.

    An item is judged by the answers about all its changes, as on its page. An answer of somebody
    who asked is heard as it comes, another's once a person has looked at it.
    """
    standing = {item: ItemVerdict() for items in parts.values() for item in items}
    sums: dict[str, Counter[str]] = {item: Counter() for item in standing}
    heard = [(answer.heard, answer) for answer in answers if answer.heard]
    for at, answer in sorted(heard, key=itemgetter(0)):
        for item in parts.get(answer.change, ()):
            sums[item].update(_counted(answer))
            against = Confirmations(change="", **sums[item]).against
            to = Turning.REOPENED if against else Turning.SETTLED
            if to != standing[item].to:
                standing[item] = ItemVerdict(to, _day(at, site))
    return dict(sorted(standing.items()))


def _waits(cases: Iterable[Case], site: Site) -> Iterator[Waits]:
    """Tell how long answers took, by quarter, without a word of whose they were."""
    quarters: dict[str, list[int]] = defaultdict(list)
    working_time = WorkingTime.of(site)
    for case in cases:
        if case.answered:
            received, answered = _day(case.received, site), _day(case.answered, site)
            quarter = f"{answered.year}-Q{(answered.month + 2) // 3}"
            quarters[quarter].append(working_time.working_days(received, answered))
    for quarter, waited in sorted(quarters.items()):
        if len(waited) >= FEWEST:
            yield Waits(quarter=quarter, waited=tuple(waited))


def _placed(
    records: Iterable[Record], cases: Iterable[Case], places: Iterable[PlaceVoices], site: Site
) -> list[Record]:
    """Return records with where they are about: of published ones, where enough are heard.

    So no record tells of a place whose number is hidden.
    """
    shown = {place.area for place in places if place.area and not place.hidden}
    area_of = {case.ref: site.current("areas", case.area) for case in cases}
    return [
        replace(record, area=area)
        if record.status == PublicStatus.PUBLISHED and (area := area_of[record.ref]) in shown
        else record
        for record in records
    ]


def _places(
    conn: Connection, cases: Iterable[Case], public: Collection[str], site: Site
) -> Iterator[PlaceVoices]:
    """Tell from where people were heard: all who stand behind records, small numbers hidden."""
    counts = Counter({"": 0, **dict.fromkeys(site.areas, 0)})
    for case in cases:
        people = [case] if case.ref in public else []
        if people and case.people > 1:
            people += submissions.followers(conn, case.ref)
        heard = (person for person in people if not person.status.owes_nothing)
        counts.update(site.current("areas", person.area) for person in heard)
    for area, number in shown_counts(counts).items():
        yield PlaceVoices(area=area or None, people=number or 0, hidden=number is None)
