"""The sample's own story is true: everything that its tenants said came in by the real service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from markupsafe import escape

from commands.story.steps import entries
from commands.story.town import Town
from core.public.public_history import MANIFEST_IN_CONTENT, MERGING
from core.public.record_files import FOLDER
from feedback.record_source import SOURCE
from feedback.store.actions import submissions
from tests.copies import sample_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.unmeasured, pytest.mark.long]

CONTENT = sample_folder() / "content"
ANEW = "If the story was meant to change, write it anew: python -m commands.story"
HIDDEN = {"count", "route", "decline", "escalate", "merge"}  # nobody else reads these words


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The town once its year was played."""
    town = Town(tmp_path_factory.mktemp("town"))
    with town.house.store:
        town.play()
        yield town


def files_in(content: Path) -> dict[str, bytes]:
    """Everything that pulls write below a content folder."""
    files = sorted(path for path in (content / FOLDER).rglob("*") if path.is_file())
    contents = {path.relative_to(content).as_posix(): path.read_bytes() for path in files}
    elsewhere = {MANIFEST_IN_CONTENT, MERGING, SOURCE}  # the town's database is a new one each time
    return {name: data for name, data in contents.items() if name not in elsewhere}


def test_what_the_sample_holds_is_what_pull_writes_byte_for_byte(town: Town) -> None:
    played, in_sample = files_in(town.content), files_in(CONTENT)
    assert sorted(played) == sorted(in_sample), ANEW
    for name, data in played.items():
        assert data.decode() == in_sample[name].decode(), f"{name}. {ANEW}"


def test_one_more_pull_changes_nothing(town: Town) -> None:
    before = files_in(town.content)
    town.pull()
    assert files_in(town.content) == before


def test_what_stands_in_the_sample_is_written_down_as_published(town: Town) -> None:
    text = (CONTENT / MANIFEST_IN_CONTENT).read_text(encoding="utf-8")
    assert town.manifest() == text, ANEW


def test_the_story_holds_each_turn_that_the_loop_can_take(town: Town) -> None:
    text = "\n".join(data.decode() for data in files_in(town.content).values())
    for turn in (
        "status: published", "status: counted", "status: declined", "status: routed",
        "route: repair", "route: complaint", "lang: cy", "lang: en", "people: 7", "withdrawn: ",
        "into: ", "in_time: false", "due: 2026-11-10", "sort: reply", "sort: comment",
        "channel: phone", "channel: letter", "channel: visit", "channel: meeting",
    ):  # fmt: skip
        assert turn in text, turn


def test_no_private_word_of_the_story_stands_in_the_content() -> None:
    public = "\n".join(
        path.read_text(encoding="utf-8").casefold()
        for path in sorted(CONTENT.rglob("*"))
        if path.suffix in {".md", ".yaml", ".txt"}
    )
    for entry in entries():
        verbs = {
            verb: decision for sitting in entry.desk.values() for verb, decision in sitting.items()
        }
        private = [stretch for some in (verbs.get("redact") or {}).values() for stretch in some]
        private += [
            entry.voice.form.get(name, "") for name in ("name", "email", "phone", "address")
        ]
        private += [voice.said for voice in entry.also]
        private += [entry.voice.said] if HIDDEN & set(verbs) else []
        private += [verbs.get("note", "")]
        for words in filter(None, map(str.strip, private)):
            assert words.casefold() not in public, (entry.voice.name, words)


def test_everyone_who_wrote_finds_their_answer_or_its_day_on_their_receipt(town: Town) -> None:
    assert len(town.receipts) > 30
    for name, address in town.receipts.items():
        lang = address.split("/")[2]
        with town.house.store.read() as conn:
            case = submissions.case(conn, town.refs[name])
            assert case
            answered = submissions.answered_with(conn, case)
        page = town.house.browser.get(address).text
        expected = [answered.reply.get(lang), answered.reason.get(lang)]
        for text in filter(None, expected):
            assert str(escape(text)) in page, name
        promised = "ateb erbyn" if lang == "cy" else "an answer by"
        assert any(expected) or case.answered or promised in page, name
