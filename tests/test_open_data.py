"""Open data: whole, described, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from core.licences import known_licence
from core.public.encoding import decode, to_json
from core.public.open_data import TABLES, DataTable, rows_json
from tests.copies import ROOT
from tests.test_loop import ITEM, RECORD, loop_site
from tests.tiny import SITE, write_site

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.long

NAMES = [table.name for table in TABLES]
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
FORMULA = RECORD.replace("F-2K7Q9T", "F-CCCCCC").replace("The wall is", "=HYPERLINK(1)")


def data_of(folder: Path, files: Mapping[str, str], url: str | None = None) -> Path:
    from commands.build import BuildOptions, build

    settings = SITE.replace("\nemail =", '\nlicence = "CC BY 4.0"\nemail =')
    tiny = write_site(folder / "association", {**loop_site(), **files}, settings)
    result = build(
        BuildOptions(
            root=ROOT, content=tiny.content, site=tiny.site, output=tiny.output, now=NOW, url=url
        )
    )
    assert result.ok, result.crash
    return tiny.output / "data"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    votes = "votes:\n- {kind: roadmap, key: dry-walls, online: 4, offline: 9}\n"
    answers = (
        "confirmations:\n- {change: autumn-gutters, yes: 1, partly: 2, no: 4, asked_partly: 1, "
        "asked_no: 2, waiting_no: 1}\n"
    )
    struck = "{kind: roadmap, key: dry-walls, on: 2026-03-02, count: 7, why: One program by night.}"
    clock = (
        "{quarter: 2026-Q1, clock: complaint, name: Complaint, step: answer, what: Answer it, "
        "within: 20 working days, unit: working-days, due: 8, met: 6, median: 12}"
    )
    return data_of(
        tmp_path_factory.mktemp("data"),
        {
            "feedback/2026/f-cccccc.yaml": FORMULA,
            "feedback/votes.yaml": votes,
            "feedback/confirmations.yaml": answers,
            "feedback/struck.yaml": f"struck:\n- {struck}\n",
            "feedback/clocks.yaml": f"clocks:\n- {clock}\n",
        },
    )


def rows(data: Path, name: str) -> list[dict[str, Any]]:
    table: list[dict[str, Any]] = json.loads((data / f"{name}.json").read_text())[name]
    return table


def table_of(data: Path, name: str) -> list[dict[str, str]]:
    text = (data / f"{name}.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("name", NAMES)
def test_what_is_published_is_what_its_schema_says(data: Path, name: str) -> None:
    schema, file = data / f"{name}.schema.json", data / f"{name}.json"
    check = [sys.executable, "-m", "check_jsonschema", "--no-cache"]
    for how in (["--check-metaschema", schema], ["--schemafile", schema, file]):
        done = subprocess.run([*check, *map(str, how)], check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    document = json.loads(file.read_text())
    assert document[name]
    assert document["licence"] == "CC BY 4.0"
    assert document["$schema"] == json.loads(schema.read_text())["$id"]


@pytest.mark.parametrize("name", NAMES)
def test_a_table_has_the_same_rows(data: Path, name: str) -> None:
    table = table_of(data, name)
    assert len(table) == len(rows(data, name))
    assert all(None not in row and None not in row.values() for row in table)


def test_an_item_says_where_it_stands_and_who_spoke(data: Path) -> None:
    (item,) = rows(data, "items")
    assert item["status"] == "now"
    assert (item["votes_online"], item["votes_offline"]) == (4, 9)
    assert item["changes"] == ["autumn-gutters"]
    assert item["records"] == ["F-2K7Q9T", "F-4HX8RD"]
    assert item["people_heard"] == 3 + 1 + 2
    assert item["title"] == {"en": "Dry walls"}


def test_a_change_says_what_tenants_say_of_it(data: Path) -> None:
    (change,) = rows(data, "changes")
    assert change["claim"] == "reopened"
    assert [reading["value"] for reading in change["measure"]["readings"]] == [2, 0]


def test_who_had_asked_is_counted_apart_and_so_is_what_waits_to_be_looked_at(data: Path) -> None:
    for name in ("items", "changes"):
        (row,) = rows(data, name)
        assert [row[f"fixed_{answer}"] for answer in ("yes", "partly", "no")] == [1, 2, 4]
        assert [row[f"asked_{answer}"] for answer in ("yes", "partly", "no")] == [0, 1, 2]
        assert row["fixed_waiting"] == 1


def test_voices_that_staff_struck_are_told_with_why(data: Path) -> None:
    (strike,) = rows(data, "strikes")
    assert (strike["kind"], strike["key"], strike["count"]) == ("roadmap", "dry-walls", 7)
    assert strike["why"] == {"cy": "One program by night.", "en": "One program by night."}


def test_no_words_are_published_that_were_only_counted(data: Path) -> None:
    records = {row["ref"]: row for row in rows(data, "records")}
    assert records["F-6NZ2HQ"]["said"] is None
    assert records["F-6NZ2HQ"]["url"] is None
    stone = records["F-V5M8QZ"]
    assert (stone["status"], stone["said"], stone["reply"]) == ("withdrawn", None, None)


def test_no_spreadsheet_takes_words_for_a_formula(data: Path) -> None:
    table = {row["ref"]: row for row in table_of(data, "records")}
    assert table["F-CCCCCC"]["said"].startswith("'=HYPERLINK(1)")
    assert {row["ref"]: row for row in rows(data, "records")}["F-CCCCCC"]["said"][0] == "="


def test_ids_outlive_titles_slugs_and_domains(data: Path, tmp_path: Path) -> None:
    renamed = loop_site()[ITEM].replace("title: Dry walls", "title: No wet walls")
    later = data_of(tmp_path, {ITEM: renamed}, url="https://other.example.org/sub/")
    assert rows(later, "items")[0]["id"] == rows(data, "items")[0]["id"]
    assert rows(later, "items")[0]["url"] != rows(data, "items")[0]["url"]


def test_the_shape_of_a_table_never_hangs_on_what_it_holds(data: Path, tmp_path: Path) -> None:
    bare = data_of(tmp_path, {})
    for name in NAMES:
        full, empty = (
            (folder / f"{name}.csv").read_bytes().splitlines()[0] for folder in (data, bare)
        )
        assert full == empty
        assert full.startswith(b"\xef\xbb\xbf")  # so that Excel reads the accents as they are
    for row in rows(data, "items"):
        assert isinstance(row["title"], dict)
    assert {"title.cy", "title.en"} <= set(table_of(data, "items")[0])


def test_what_was_taken_back_stays_as_a_tombstone_and_every_record_says_when_it_changed(
    data: Path,
) -> None:
    for name in NAMES:  # a quarter's tally is counted anew by each pull: it has no day of its own
        dated = name == "clocks" or all("modified" in row for row in rows(data, name))
        assert dated, name
        assert all(row["id"] for row in rows(data, name)), name
    for name in ("items", "changes", "moves", "records", "experiments", "strikes"):
        assert all(row["modified"] for row in rows(data, name)), name
    records = {row["ref"]: row for row in rows(data, "records")}
    assert records["F-V5M8QZ"]["withdrawn"]
    assert table_of(data, "records")[-1].keys() == table_of(data, "records")[0].keys()


def test_the_package_describes_every_table_as_it_is(data: Path) -> None:
    package = json.loads((data / "datapackage.json").read_text())
    assert [table["name"] for table in package["resources"]] == NAMES
    (licence,) = package["licenses"]
    assert (licence["name"], licence["title"]) == ("CC-BY-4.0", "CC BY 4.0")
    assert licence["path"] == "https://creativecommons.org/licenses/by/4.0/"
    for table in package["resources"]:
        columns = [field["name"] for field in table["schema"]["fields"]]
        text = (data / table["path"]).read_bytes().decode("utf-8-sig")
        assert next(csv.reader(io.StringIO(text, newline=""))) == columns
        assert table["schema"]["primaryKey"] in columns


@pytest.mark.parametrize(
    ("written", "name"),
    [("CC BY 4.0", "CC-BY-4.0"), ("cc-by-nc-sa 3.0", "CC-BY-NC-SA-3.0"), ("CC0 1.0", "CC0-1.0")],
)
def test_a_licence_that_programs_know_has_its_identifier(written: str, name: str) -> None:
    known = known_licence(written)
    assert known
    assert known.name == name


@pytest.mark.parametrize("written", ["", "All rights reserved", "CC BY", "CC BY 4.0 and more"])
def test_a_licence_in_other_words_has_none(written: str) -> None:
    assert known_licence(written) is None


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_what_is_written_reads_back_as_it_was(data: Path, table: DataTable) -> None:
    read = [decode(table.cls, row) for row in rows(data, table.name)]
    assert json.loads(to_json(rows_json(table, read)))[table.name] == rows(data, table.name)
