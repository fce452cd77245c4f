"""From files to content: what each kind must say, what can't be true, and what belongs together."""

from __future__ import annotations

import re
from dataclasses import is_dataclass
from datetime import UTC, date, datetime

import pytest

from core.faults import Report
from core.fields import specs
from core.words import plain_key
from plugins.kinds.models import (
    KINDS,
    REFERENCES,
    Decision,
    ItemStatus,
    Kind,
    MeetupState,
    PostType,
    Text,
)
from plugins.kinds.source import FOLDERS, take_apart
from plugins.sections.content_index import ContentIndex
from tests.tiny import (
    CHANGE,
    EVERY_KIND,
    FILES,
    MEETUP,
    PERSONA,
    POST,
    POST_CY,
    ROADMAP,
    SITE,
)
from tests.understood import NAMES, Understood, changed, the_site

# ------------------------------------------------------------------- what each kind holds


def test_one_file_of_each_kind_is_understood_without_a_fault() -> None:
    understood = Understood(EVERY_KIND)
    assert understood.faults == []
    assert {content.kind for content in understood.contents} == set(Kind)


def test_facts_come_out_typed() -> None:
    facts = Understood(EVERY_KIND)
    meetup = facts.of(Kind.MEETUP)
    assert meetup.start == datetime(2026, 4, 7, 17, tzinfo=UTC)
    assert (meetup.state, meetup.area, meetup.series) == (MeetupState.PLANNED, "bridge", "tea")
    assert meetup.place.access.get("cy").lang == "en"
    assert facts.of(Kind.ROADMAP).status == ItemStatus.NOW
    assert facts.of(Kind.EXPERIMENT).watches is False
    assert facts.of(Kind.STANDARD).order == (1, 1)
    assert facts.of(Kind.EPISODE).duration.total_seconds() == 750
    assert facts.of(Kind.CHANGE).measure.after[0].value == 0
    assert facts.of(Kind.POST).type == PostType.POST


def test_content_can_t_be_changed_once_it_is_read() -> None:
    for cls in (*KINDS.values(), Text):
        assert is_dataclass(cls)
        assert cls.__dataclass_params__.frozen  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", Kind)
def test_every_required_field_is_missed_by_name(kind: Kind) -> None:
    name = NAMES[kind]
    needed = [field for field, spec in specs(KINDS[kind]).items() if spec.required]
    text = "---\ntitle: T\nsummary: S\n---\nWords.\n"
    understood = Understood({name: text})
    missed = {fault.field for fault in understood.faults if fault.code == "missing-field"}
    assert missed == set(needed)
    assert bool(understood.contents) == (not needed)


@pytest.mark.parametrize("kind", Kind)
def test_a_title_is_needed_and_its_place_is_taken_by_the_first_heading(kind: Kind) -> None:
    text = EVERY_KIND[NAMES[kind]]
    without = re.sub(r"^title: .*\n", "", text, flags=re.MULTILINE)
    understood = Understood({NAMES[kind]: without + "\n## The first heading\n"})
    assert "title" in {fault.field for fault in understood.faults}
    title = understood.of(kind).texts["en"].title
    assert title in {"The first heading", "What we found"}


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(
    ("written", "guess"),
    [
        ("sumary: x", "Did you mean “summary”?"),
        ("description: x", "Here it is called “summary”."),
        ("keywords: x", "Here it is called “tags”."),
        ("category: x", "Here it is called “topics”."),
        ("redirect_from: /x/", "Here it is called “aliases”."),
        ("lastmod: 2026-03-04", "Here it is called “updated”."),
        ("layout: post", "docs/writing.md"),
    ],
)
def test_an_unknown_field_is_told_with_our_name_for_it(
    kind: Kind, written: str, guess: str
) -> None:
    understood = changed(kind, "title:", f"{written}\ntitle:")
    (fault,) = understood.faults
    assert (fault.path, fault.line, fault.code) == (NAMES[kind], 2, "unknown-field")
    assert guess in fault.instead
    assert understood.of(kind)


def test_a_post_s_author_may_be_called_as_elsewhere() -> None:
    (fault,) = changed(Kind.POST, "authors: [nia]", "author: nia").faults
    assert fault.instead == "Here it is called “authors”."


# ------------------------------------------------------------------- contradictions

WHEN_MOVED = "updates: [{on: 2026-04-01, state: moved, why: Rain}]\nseries: tea"
LIVE = "live: {start: 2026-03-11 18:00, end: 2026-03-11 17:00, url: https://a.example.org/}"
FIRST = '{version: "0.1", on: 2026-02-01, what: a}'
HISTORY = f'history: [{FIRST}, {{version: "0.2", on: 2026-01-01, what: b}}]'
IN_ORDER = "  - on: 2026-02-10"
CONTRADICTIONS = [
    (Kind.POST, "tags:", "type: went-wrong\ntags:", {"cause", "effect", "doing"}, True),
    (Kind.POST, "tags:", "type: went-wrong\ncause: a\neffect: b\ntags:", {"doing"}, True),
    (Kind.MEETUP, "end: 2026-04-07 19:00", "end: 2026-04-07 18:00", {"end"}, False),
    (Kind.MEETUP, "place: {", "recording: {", {"place", "recording"}, True),
    (Kind.MEETUP, "series: tea", WHEN_MOVED, {"updates[1].was"}, True),
    (
        Kind.MEETUP,
        "due: 2026-05-01",
        "due: 2026-05-01, done: 2026-04-06",
        {"actions[1].done"},
        True,
    ),
    (
        Kind.EPISODE,
        "number: 1",
        "chapters: [{at: '02:00', title: a}, {at: '01:00', title: b}]",
        {"chapters[2].at"},
        True,
    ),
    (Kind.EPISODE, "number: 1", "chapters: [{at: '12:30', title: a}]", {"chapters[1].at"}, True),
    (
        Kind.EPISODE,
        "number: 1",
        LIVE,
        {"live.end"},
        False,
    ),
    (Kind.ROADMAP, IN_ORDER, "  - on: 2026-01-09", {"moves[2].on"}, True),
    (Kind.ROADMAP, "to: now", "to: considering", {"moves[2].to"}, True),
    (Kind.CHANGE, "outcome: did", "outcome: cannot", {"why_not"}, True),
    (Kind.CHANGE, "measure:", "topics:", {"measure", "topics"}, True),
    (Kind.CHANGE, "on: 2026-03,", "on: 2025-11,", {"measure.after"}, True),
    (
        Kind.CHANGE,
        "  after:\n    - {value: 0, on: 2026-03, source: Our own visits}\n",
        "",
        {"measure.next"},
        True,
    ),
    (Kind.EXPERIMENT, "decision: running", "decision: kept", {"end", "result"}, True),
    (Kind.EXPERIMENT, "decision: running", "decision: dropped\nend: 2026-04-01", {"result"}, True),
    (Kind.EXPERIMENT, "decision: running", "end: 2026-02-01", {"end"}, False),
    (
        Kind.STANDARD,
        "status: draft",
        'history: [{version: "0.2", on: 2026-01-01, what: a}]',
        {"version"},
        True,
    ),
    (
        Kind.STANDARD,
        "status: draft",
        HISTORY,
        {"history[2].on"},
        True,
    ),
    (
        Kind.PERSONA,
        f"evidence:{PERSONA.partition('evidence:')[2].partition(chr(10) + '---')[0]}",
        "evidence: []",
        {"evidence"},
        False,
    ),
]


@pytest.mark.parametrize(("kind", "old", "new", "named", "is_made"), CONTRADICTIONS)
def test_facts_that_can_t_both_be_true_are_told(
    kind: Kind, old: str, new: str, named: set[str], *, is_made: bool
) -> None:
    understood = changed(kind, old, new)
    assert {fault.field for fault in understood.faults} == named
    assert all(fault.line > 0 for fault in understood.faults)
    assert bool(understood.of(kind)) == is_made


@pytest.mark.parametrize(
    ("watches", "field"),
    [
        ("watches: yes", "watches"),
        (
            "watches: {collected: Heat, seen_by: Us, convenience: Ours, saving: Ours}",
            "watches.say_no",
        ),
        (
            "watches: {seen_by: Us, convenience: Ours, saving: Ours, say_no: Ring}",
            "watches.collected",
        ),
        ("cost: {hours: 3}", "watches"),
    ],
)
def test_an_experiment_that_watches_homes_without_saying_how_is_never_shown(
    watches: str, field: str
) -> None:
    understood = changed(Kind.EXPERIMENT, "watches: no", watches)
    assert [fault.field for fault in understood.faults] == [field]
    assert understood.of(Kind.EXPERIMENT) is None


def test_a_failed_experiment_is_told_as_fully_as_any() -> None:
    ended = "decision: dropped\nend: 2026-04-01\nresult: It leaked."
    understood = changed(Kind.EXPERIMENT, "decision: running", ended)
    assert understood.faults == []
    assert understood.of(Kind.EXPERIMENT).decision == Decision.DROPPED


@pytest.mark.parametrize(
    ("kind", "old", "new", "field"),
    [
        (
            Kind.ROADMAP,
            "    why: {en: The ladder came., cy: Daeth yr ysgol.}\n",
            "",
            "moves[2].why",
        ),
        (Kind.ROADMAP, "to: now", "to: doen", "moves[2].to"),
        (Kind.ROADMAP, "on: 2026-02-10", "on: 2026-02-31", "moves[2].on"),
        (Kind.PERSONA, "on: 2026-01-15", "on: January", "evidence[1].on"),
    ],
)
def test_a_list_that_matters_is_read_whole_or_not_at_all(
    kind: Kind, old: str, new: str, field: str
) -> None:
    understood = changed(kind, old, new)
    assert [fault.field for fault in understood.faults] == [field]
    assert understood.of(kind) is None, "with a move lost it would tell a wrong status"


def test_a_change_that_made_things_worse_is_as_good_as_any() -> None:
    assert changed(Kind.CHANGE, "value: 0,", "value: 9,").faults == []


def test_a_change_that_can_t_be_made_says_why_and_needs_no_measure() -> None:
    text = re.sub(r"measure:\n(  .*\n)+", "why_not: The drain isn't ours.\n", CHANGE)
    text = text.replace("outcome: did", "outcome: cannot")
    understood = Understood(EVERY_KIND | {NAMES["change"]: text})
    assert understood.faults == []


def test_a_meetup_may_be_only_streamed() -> None:
    text = re.sub(r"place: .*\n", "stream: https://tiny.example.org/live\n", MEETUP)
    assert Understood(EVERY_KIND | {NAMES["meetup"]: text}).faults == []


def test_a_meetup_stands_as_its_last_update_says() -> None:
    updates = (
        "updates:\n"
        "  - {on: 2026-03-01, state: moved, was: 2026-04-01 18:00, why: Rain}\n"
        "  - {on: 2026-03-20, state: cancelled, why: More rain}\n"
        "series: tea"
    )
    understood = changed(Kind.MEETUP, "series: tea", updates)
    assert understood.faults == []
    assert understood.of(Kind.MEETUP).state == MeetupState.CANCELLED


def test_a_meetup_elsewhere_goes_by_its_own_clock() -> None:
    meetup = changed(Kind.MEETUP, "series:", "timezone: Europe/Paris\nseries:").of(Kind.MEETUP)
    assert meetup.start == datetime(2026, 4, 7, 16, tzinfo=UTC)


# ------------------------------------------------------------------- files, keys, languages


def test_a_file_s_name_gives_date_key_and_language() -> None:
    post = Understood(FILES).of(Kind.POST)
    assert (post.key, post.date) == ("clear-gutters", date(2026, 3, 4))
    assert set(post.texts) == {"cy", "en"}
    assert post.original == "en", "the file with the facts is the original"


def test_a_file_without_a_language_is_in_the_site_s_own() -> None:
    understood = Understood({"pages/about.md": "---\ntitle: A\nsummary: B\n---\nC\n"})
    assert understood.of(Kind.PAGE).original == "cy"
    english = the_site(SITE.replace("url =", 'default_language = "en"\nurl =', 1))
    understood = Understood({"pages/about.md": "---\ntitle: A\nsummary: B\n---\nC\n"}, english)
    assert understood.of(Kind.PAGE).original == "en"


@pytest.mark.parametrize(("folder", "kind"), FOLDERS.items())
def test_a_folder_says_the_kind(folder: str, kind: Kind) -> None:
    source = take_apart(f"{folder}/x.en.md", b"---\ntitle: A\n---\n", the_site(), Report().at("x"))
    assert source is not None
    assert source.kind == kind


@pytest.mark.parametrize(
    ("name", "kind"), [("2026-03-04-x.en.md", Kind.POST), ("notes/x.en.md", Kind.PAGE)]
)
def test_elsewhere_what_has_a_date_is_a_post_and_advice_says_so(name: str, kind: Kind) -> None:
    understood = Understood({name: "---\ntitle: A\nsummary: B\n---\nC\n"})
    assert understood.of(kind)
    assert f"so this was taken as a {kind}" in understood.advice[0].wrong


def test_two_files_of_one_key_and_language_are_told_and_the_first_stands() -> None:
    second = "posts/2026-05-04-clear-gutters.en.md"
    understood = Understood(FILES | {second: POST.replace("The gutters", "Other gutters")})
    (fault,) = understood.faults
    assert (fault.path, fault.code) == (second, "duplicate-key")
    assert "The gutters" in understood.of(Kind.POST).texts["en"].title


def test_one_key_may_stand_for_a_thing_of_each_kind() -> None:
    understood = Understood(
        {
            "posts/2026-03-04-about.en.md": "---\ntitle: A\nsummary: B\n---\nC\n",
            "pages/about.en.md": "---\ntitle: A\nsummary: B\n---\nC\n",
        }
    )
    assert understood.faults == []
    assert len(understood.contents) == 2


@pytest.mark.parametrize(
    "fact", ["authors: [nia]", "topics: [repairs]", "id: x", "type: weeknotes"]
)
def test_a_fact_in_a_translation_is_told_with_the_file_where_it_belongs(fact: str) -> None:
    name = "posts/2026-03-04-clear-gutters.cy.md"
    understood = Understood(FILES | {name: POST_CY.replace("title:", f"{fact}\ntitle:")})
    (fault,) = understood.faults
    assert (fault.path, fault.line, fault.code) == (name, 2, "repeated-fact")
    assert NAMES["post"] in fault.wrong


def test_languages_that_disagree_about_the_date_are_told() -> None:
    files = {NAMES["post"]: POST, "posts/2026-03-05-clear-gutters.cy.md": POST_CY}
    (fault,) = Understood(files).faults
    assert fault.wrong == f"The date in this file's name isn't that of {NAMES['post']}."


def test_a_date_inside_that_isn_t_the_name_s_is_told() -> None:
    (fault,) = changed(Kind.POST, "title:", "date: 2026-03-05\ntitle:").faults
    assert (fault.line, fault.field) == (2, "date")


@pytest.mark.parametrize("kind", ["post", "episode", "change"])
def test_what_stands_in_order_needs_a_date(kind: str) -> None:
    folder, _, name = NAMES[kind].partition("/")
    undated = f"{folder}/{name[11:]}"
    (fault,) = [
        fault
        for fault in Understood({undated: EVERY_KIND[NAMES[kind]]}).faults
        if fault.code == "date"
    ]
    assert fault.wrong == "There is no date, so this can't stand in order."


def test_a_missing_translation_is_advice_that_names_the_file_to_write() -> None:
    understood = Understood({NAMES["roadmap"]: ROADMAP})
    (advice,) = [piece for piece in understood.advice if piece.code == "missing-translation"]
    assert advice.wrong == "This isn't there in cy yet."
    assert advice.instead == "Write roadmap/dry-walls.cy.md."


def test_a_site_of_one_language_misses_no_other() -> None:
    site = the_site(SITE.replace('languages = ["cy", "en"]', 'languages = ["en"]'))
    understood = Understood({"pages/about.md": "---\ntitle: A\nsummary: B\n---\nC\n"}, site)
    assert list(understood.report) == []


def test_a_long_summary_is_advised_against() -> None:
    understood = changed(Kind.PAGE, "Who we are.", "x" * 201)
    assert "long-summary" in {piece.code for piece in understood.advice}


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Mae'r cwteri'n glir", "maer-cwterin-glir"),
        ("Tŷ Agored: ŵyl!", "ty-agored-wyl"),
        ("  A -- B  ", "a-b"),
        ("🏠", "untitled"),
        ("", "untitled"),
    ],
)
def test_keys_are_made_of_small_letters_digits_and_hyphens(title: str, key: str) -> None:
    assert plain_key(title) == key


# ------------------------------------------------------------------- what belongs together


@pytest.mark.parametrize(("field", "kind"), REFERENCES.items())
def test_a_reference_to_what_isn_t_there_is_told(field: str, kind: Kind) -> None:
    near = Understood(EVERY_KIND).of(kind).key[:-1]
    understood = changed(Kind.PAGE, "menu:", f"{field}: [{near}]\nmenu:")
    (fault,) = understood.faults
    assert (fault.line, fault.field, fault.code) == (4, f"{field}[1]", "unknown-reference")
    assert "Did you mean" in fault.instead


@pytest.mark.parametrize(
    ("kind", "old", "new", "field"),
    [
        (Kind.MEETUP, "series:", "recording: nothing-there\nseries:", "recording"),
        (
            Kind.ROADMAP,
            "rung:",
            "withdrawn: {on: 2026-03-01, why: x, instead: gone}\nrung:",
            "withdrawn.instead",
        ),
    ],
)
def test_references_inside_other_fields_are_looked_up_too(
    kind: Kind, old: str, new: str, field: str
) -> None:
    assert [fault.field for fault in changed(kind, old, new).faults] == [field]


def test_naming_what_has_faults_of_its_own_is_no_fault() -> None:
    understood = Understood(EVERY_KIND | {NAMES["roadmap"]: "---\ntitle: A\nsummary: B\n---\nC\n"})
    assert {fault.path for fault in understood.faults} == {NAMES["roadmap"]}


@pytest.mark.parametrize(
    ("field", "written", "code"),
    [
        ("topics: [repairs]", "topics: [repars]", "unknown-topics"),
        ("authors: [nia]", "authors: [nai]", "unknown-people"),
    ],
)
def test_words_that_site_toml_doesn_t_have_are_told(field: str, written: str, code: str) -> None:
    (fault,) = changed(Kind.POST, field, written).faults
    assert fault.code == code
    assert "Did you mean" in fault.instead


def test_what_one_names_the_other_knows() -> None:
    index = ContentIndex(tuple(Understood(EVERY_KIND).contents))
    roadmap = index.related[Kind.ROADMAP, "dry-walls"]
    assert [content.key for content in roadmap[Kind.MEETUP]] == ["tea"]
    assert [content.key for content in roadmap[Kind.CHANGE]] == ["autumn-gutters"]
    assert [content.key for content in index.related[Kind.MEETUP, "tea"][Kind.ROADMAP]] == [
        "dry-walls"
    ]
    assert [content.key for content in index.related[Kind.POST, "clear-gutters"][Kind.EPISODE]] == [
        "tennis-ball"
    ]


def tea(day: str, action: str = "", series: str = "tea") -> str:
    text = MEETUP.replace("2026-04-07", day).replace("series: tea", f"series: {series}")
    actions = f"actions: [{{what: {action}}}]" if action else "posts: []"
    return re.sub(r"actions:\n.*\n", f"{actions}\n", text)


def carried(understood: Understood) -> dict[str, list[str]]:
    index = ContentIndex(tuple(understood.contents))
    return {
        key: [action.what.get("en").text for action, _ in actions]
        for key, actions in index.carried.items()
    }


def test_an_action_is_carried_to_each_meetup_of_the_series_until_it_is_done() -> None:
    understood = Understood(
        EVERY_KIND
        | {
            "meetups/2026-04-07-tea.en.md": tea(
                "2026-04-07", "Drain, owner: repairs, due: 2026-05-01, done: 2026-05-20"
            ),
            "meetups/2026-05-05-may.en.md": tea(
                "2026-05-05", "Gate, owner: repairs, due: 2026-06-01"
            ),
            "meetups/2026-06-02-june.en.md": tea("2026-06-02"),
            "meetups/2026-06-03-other.en.md": tea("2026-06-03", series="walk"),
        }
    )
    assert understood.faults == []
    assert carried(understood) == {"tea": [], "may": ["Drain"], "june": ["Gate"], "other": []}
