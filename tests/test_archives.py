"""Backups, going back to them, and moving: nothing is lost, doubled, or opened to anybody."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pyrage
import pytest
from sqlalchemy import BigInteger, Boolean, Integer, LargeBinary, insert, select

from commands import archives
from commands.archives import BackupRule, Return, made_at, past_their_time
from commands.subject_export import export_theirs
from feedback import subject_access
from feedback.archive import ArchiveFault, read_contents, write_archive
from feedback.model import Contact, Period
from feedback.settings import PLACE, Settings
from feedback.store import Store, read_existing
from feedback.store.database.engine import Day, Instant, JsonColumn
from feedback.store.database.errors import Missing
from feedback.store.database.schema import METADATA, SUBMISSIONS
from feedback.store.mail import subscribers
from feedback.store.mail.subscribers import DigestPreference
from tests.databases import SECRET, settings_for, sqlite_settings_in
from tests.tenants import NOW, House, everything, sent

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Column, Connection

    from tests.conftest import RunCli

pytestmark = pytest.mark.long

FIRST = {"member": "staff.name 1"}  # what columns that refer to a word refer to; others to 1


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPEN_HOUSE_SECRET", SECRET)
    for name in ("OPEN_HOUSE_BACKUPS", "OPEN_HOUSE_BACKUP_KEY"):
        monkeypatch.delenv(name, raising=False)


def value_of(column: Column[Any], row: int) -> Any:
    """Something that a column may hold, a little different in each row."""
    if column.foreign_keys:
        return FIRST.get(column.name, 1)
    match column.type:
        case Boolean():
            return row == 1
        case Instant():
            return NOW + timedelta(days=row, microseconds=7)
        case Day():
            return date(2026, 3, row)
        case JsonColumn():
            return {"ŵ": ["🏠", row, None]}
        case Integer():
            return row
        case LargeBinary():
            return bytes([0xFF, 0xD8, row])
    return f"{column.table.name}.{column.name} {row}" + ("" if column.primary_key else "\n“ŷ” 🏠")


def fill(conn: Connection) -> None:
    """Put two rows into every table, also into those that nobody has thought of yet."""
    for table in METADATA.sorted_tables:
        if table.name == "identity":
            continue
        for row in (1, 2):
            counts_itself = [
                c.name
                for c in table.primary_key
                if isinstance(c.type, BigInteger) and c.name == "id"
            ]
            values = {c.name: value_of(c, row) for c in table.c if c.name not in counts_itself}
            if table.name == "submissions":
                values["merged_into"] = None
            keys = [c for c in table.primary_key if c.foreign_keys]
            if row == 1 or len(keys) < len(table.primary_key):
                conn.execute(insert(table).values(values))
    # One that points ahead, and a number that was given away once.
    conn.execute(SUBMISSIONS.update().where(SUBMISSIONS.c.id == 1).values(merged_into=2))
    conn.execute(METADATA.tables["attempts"].delete().where(METADATA.tables["attempts"].c.id == 2))


def rows_of(database: str) -> list[str]:
    with read_existing(database) as conn:
        return sorted(everything(conn).splitlines())


def filled(settings: Settings) -> list[str]:
    with Store.open(settings) as store:
        store.write_now(fill)
    return rows_of(settings.database)


def use(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPEN_HOUSE_DATABASE", settings.database)


def nobody(question: str) -> str:
    raise AssertionError(question)


def written(settings: Settings, file: Path) -> Path:
    with read_existing(settings.database) as conn:
        write_archive(conn, SECRET.encode(), file)
    return file


class TestMoving:
    def test_every_row_arrives_from_either_sort_of_database_in_either(
        self,
        settings: Settings,
        untouched: Settings,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        if settings.database == untouched.database:  # both SQLite, in one folder
            untouched = sqlite_settings_in(tmp_path / "new")
        before = filled(settings)
        use(settings, monkeypatch)
        file = tmp_path / "house.zip"
        assert archives.export(tmp_path, file, "", print) == 0
        assert file.stat().st_mode & 0o777 == 0o600
        use(untouched, monkeypatch)
        assert archives.put_back(tmp_path, Return(file, yes=True), print, nobody) == 0
        assert rows_of(untouched.database) == before
        with Store.open(untouched) as store:  # a number that was given away is not given again
            values = {"kind": "a", "key": "b", "at": NOW}
            add = insert(METADATA.tables["attempts"]).values(values)
            number = store.write_now(lambda conn: conn.execute(add).inserted_primary_key)
        assert number == (3,)

    def test_receipts_still_open(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("OPEN_HOUSE_SECRET")
        old, new = tmp_path / "old", tmp_path / "new"
        with Store.open(Settings.read({}, old)) as store:
            receipt = House(store).add().receipt
        assert archives.export(old, tmp_path / "house.zip", "", print) == 0
        wanted = Return(tmp_path / "house.zip", yes=True)
        assert archives.put_back(new, wanted, print, nobody) == 0
        with Store.open(Settings.read({}, new)) as store, store.read() as conn:
            salt = conn.execute(select(SUBMISSIONS.c.salt)).scalar_one()
            assert store.tokens.receipt(salt) == receipt

    def test_a_database_that_holds_something_is_left_alone(
        self,
        settings: Settings,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        before = filled(settings)
        use(settings, monkeypatch)
        file = written(settings, tmp_path / "house.zip")
        assert archives.put_back(tmp_path, Return(file, yes=True), print, nobody) == 1
        assert "holds something already" in capsys.readouterr().err
        assert rows_of(settings.database) == before

    def test_where_the_environment_has_another_secret_the_old_one_is_laid_beside(
        self,
        sqlite_settings: Settings,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        filled(sqlite_settings)
        file = written(sqlite_settings, tmp_path / "house.zip")
        use(sqlite_settings_in(tmp_path / "new"), monkeypatch)
        monkeypatch.setenv("OPEN_HOUSE_SECRET", "b" * 40)
        assert archives.put_back(tmp_path, Return(file, yes=True), print, nobody) == 1
        beside = tmp_path / PLACE / "secret.archived"
        assert beside.read_text() == SECRET
        assert beside.stat().st_mode & 0o777 == 0o600
        printed = capsys.readouterr()
        assert str(beside) in printed.err
        assert SECRET not in printed.err + printed.out


class TestBackups:
    def test_one_is_kept_and_put_back_while_what_came_since_is_set_aside(
        self,
        settings: Settings,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        use(settings, monkeypatch)
        folder = tmp_path / "kept"
        with Store.open(settings) as store:
            ref = House(store).add().ref
            before = rows_of(settings.database)
            rule = BackupRule.of(tmp_path, folder, "")
            assert archives.backup(tmp_path, rule, print) == 0  # the service runs
            House(store, seed=2).add(sent(said="Later"), idempotency="later")
        (file,) = folder.iterdir()
        assert archives.put_back(tmp_path, Return(file, replace=True), print, lambda _: "y") == 0
        assert rows_of(settings.database) == before
        printed = capsys.readouterr().out
        assert "1 submissions" in printed
        with Store.open(settings) as store:
            assert House(store).case(ref).ref == ref
        if settings.database.startswith("sqlite"):
            (aside,) = tmp_path.glob("feedback.sqlite3.before-*Z")
            assert str(aside) in printed
            assert any("Later" in row for row in rows_of(f"sqlite:///{aside}"))

    def test_a_log_left_by_a_crash_does_not_spoil_what_is_put_back(
        self, sqlite_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        crashed = sqlite_settings_in(tmp_path / "crashed")
        with Store.open(sqlite_settings) as store:
            House(store).add()
            file = written(sqlite_settings, tmp_path / "house.zip")
            before = rows_of(sqlite_settings.database)
            House(store, seed=2).add(sent(said="Later"), idempotency="later")
            (tmp_path / "crashed").mkdir(exist_ok=True)
            for end in ("", "-wal", "-shm"):  # as they stand at the moment of a power cut
                shutil.copy(tmp_path / f"feedback.sqlite3{end}", tmp_path / "crashed")
        use(crashed, monkeypatch)
        wanted = Return(file, replace=True, yes=True)
        assert archives.put_back(tmp_path, wanted, print, nobody) == 0
        assert rows_of(crashed.database) == before
        (aside,) = (tmp_path / "crashed").glob("*.before-*Z")
        assert any("Later" in row for row in rows_of(f"sqlite:///{aside}"))

    def test_nothing_is_put_back_over_a_running_service(
        self,
        settings: Settings,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        before = filled(settings)
        use(settings, monkeypatch)
        file = written(settings, tmp_path / "house.zip")
        wanted = Return(file, replace=True, yes=True)
        with Store.open(settings) as store, store.read():
            assert archives.put_back(tmp_path, wanted, print, nobody) == 1
            assert "The service is running" in capsys.readouterr().err
        assert rows_of(settings.database) == before
        assert archives.put_back(tmp_path, wanted, print, nobody) == 0

    def test_nobody_wanted_it(
        self, sqlite_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = filled(sqlite_settings)
        use(sqlite_settings, monkeypatch)
        file = written(sqlite_settings, tmp_path / "house.zip")
        for wanted, ask in (
            (Return(file, replace=True, dry_run=True), nobody),
            (Return(file, replace=True), lambda _: "n"),
        ):
            assert archives.put_back(tmp_path, wanted, print, ask) == 0
        assert rows_of(sqlite_settings.database) == before
        assert not list(tmp_path.glob("*.before-*"))

    def test_one_that_is_encrypted_opens_with_its_key_alone(
        self,
        sqlite_settings: Settings,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        before = filled(sqlite_settings)
        use(sqlite_settings, monkeypatch)
        pairs = [pyrage.x25519.Identity.generate() for _ in range(2)]
        files = [tmp_path / "right.txt", tmp_path / "wrong.txt"]
        for pair, file in zip(pairs, files, strict=True):
            file.write_text(f"# a key\n{pair}\n", encoding="utf-8")
        monkeypatch.setenv("OPEN_HOUSE_BACKUP_KEY", str(pairs[0].to_public()))
        rule = BackupRule.of(tmp_path, tmp_path / "kept", "")
        assert archives.backup(tmp_path, rule, print) == 0
        (backup,) = (tmp_path / "kept").iterdir()
        assert backup.name.endswith(".zip.age")
        assert b"archive.json" not in backup.read_bytes()
        for identity, words in ((None, "Write --identity"), (files[1], "doesn't open")):
            wanted = Return(backup, identity, replace=True, yes=True)
            assert archives.put_back(tmp_path, wanted, print, nobody) == 2
            assert words in capsys.readouterr().err
        wanted = Return(backup, files[0], replace=True, yes=True)
        assert archives.put_back(tmp_path, wanted, print, nobody) == 0
        assert rows_of(sqlite_settings.database) == before

    def test_where_nothing_can_be_kept_nothing_is_left_lying(
        self,
        sqlite_settings: Settings,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        use(sqlite_settings, monkeypatch)
        folder = tmp_path / "kept"
        assert archives.backup(tmp_path, BackupRule.of(tmp_path, folder, ""), print) == 1
        assert "There is no feedback database on this machine." in capsys.readouterr().err
        filled(sqlite_settings)
        rule = BackupRule.of(tmp_path, folder, "age1nobody")
        assert archives.backup(tmp_path, rule, print) == 2
        assert "no key to encrypt to" in capsys.readouterr().err
        assert list(folder.iterdir()) == []

    def test_what_a_killed_backup_left_is_cleared_and_one_at_work_is_not(
        self, sqlite_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        filled(sqlite_settings)
        use(sqlite_settings, monkeypatch)
        folder = tmp_path / "kept"
        for name in (".backup-killed", ".backup-at-work"):
            (folder / name).mkdir(parents=True)
            (folder / name / "archive.zip").write_bytes(b"private words")
        os.utime(folder / ".backup-killed", (0, 0))
        assert archives.backup(tmp_path, BackupRule.of(tmp_path, folder, ""), print) == 0
        assert not (folder / ".backup-killed").exists()
        assert (folder / ".backup-at-work").exists()

    def test_the_newest_of_a_week_of_days_and_of_four_weeks_are_kept(self, tmp_path: Path) -> None:
        rule = BackupRule(tmp_path)
        now = datetime(2026, 11, 30, 1, tzinfo=UTC)
        times = [now - timedelta(hours=12 * step) for step in range(120)]
        files = [tmp_path / f"open-house-{time:{archives.STAMP}}.zip" for time in times]
        others = [tmp_path / "ours.zip", tmp_path / "open-house-2026.zip"]
        gone = past_their_time([*files, *others], rule)
        staying = [made_at(path) for path in files if path not in gone]
        assert staying[0] == now
        assert {time.date() for time in staying[:7]} == {
            (now - timedelta(days=day)).date() for day in range(7)
        }
        assert [f"{time:%G-W%V}" for time in staying[7:]] == ["2026-W47", "2026-W46"]
        assert not set(others) & set(gone)


def spoilt(file: Path, name: str, change: Any) -> Path:
    """A copy of an archive in which one part says something else."""
    other = file.with_name("spoilt.zip")
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(other, "w") as copy:
        for part in archive.namelist():
            data = archive.read(part)
            copy.writestr(part, change(data) if part == name else data)
    return other


def contents_with(**changes: Any) -> Any:
    return lambda data: json.dumps(json.loads(data) | changes).encode()


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("tables/votes.jsonl", lambda data: data.split(b"\n")[0] + b"\n", "votes differs"),
        ("tables/votes.jsonl", lambda data: data + data.replace(b" 1", b" 9"), "votes can't hold"),
        ("tables/private.jsonl", lambda data: data.replace(b"said", b"name"), "not whole"),
        ("tables/private.jsonl", lambda _: b"{", "a row can't be read"),
        ("archive.json", lambda _: b"[]", "is no archive"),
        ("archive.json", contents_with(format=2), "newer version"),
        ("archive.json", contents_with(steps=9_999), "newer version"),
        ("archive.json", contents_with(tables={"cats": {"rows": 1, "sum": "0"}}), "nobody knows"),
    ],
)
def test_what_is_not_whole_is_told_and_nothing_is_changed(  # noqa: PLR0913, PLR0917 - a case and its tools
    sqlite_settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    change: Any,
    words: str,
) -> None:
    before = filled(sqlite_settings)
    file = spoilt(written(sqlite_settings, tmp_path / "house.zip"), name, change)
    use(sqlite_settings, monkeypatch)
    wanted = Return(file, replace=True, yes=True)
    assert archives.put_back(tmp_path, wanted, print, nobody) == 1
    assert words in capsys.readouterr().err
    assert rows_of(sqlite_settings.database) == before


def test_a_file_that_is_cut_off_or_something_else_is_told(
    sqlite_settings: Settings, tmp_path: Path
) -> None:
    filled(sqlite_settings)
    file = written(sqlite_settings, tmp_path / "house.zip")
    for data in (b"", b"PK\x03\x04", file.read_bytes()[:-40], b"\0" * 5_000):
        other = tmp_path / "other.zip"
        other.write_bytes(data)
        with pytest.raises(ArchiveFault, match="is no archive"):
            read_contents(other)


def test_a_person_gets_all_that_is_kept_of_them_and_nothing_that_opens_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Store.open(settings) as store:
        house = House(store)
        added = house.add()
        house.add(sent(said="Somebody else's"))
        house.redact(added.ref)
        with store.read() as conn:
            codes = conn.execute(select(SUBMISSIONS.c.code, SUBMISSIONS.c.salt)).all()
    use(settings, monkeypatch)
    target = tmp_path / "theirs.json"
    typed = added.ref.lower().replace("-", " ")
    assert export_theirs(tmp_path, target, print, reference=typed) == 0
    text = target.read_text(encoding="utf-8")
    (answer,) = json.loads(text)["submissions"]
    assert answer["submission"]["ref"] == added.ref
    assert answer["private"][0]["email"] == "sian.prys@example.org"
    assert answer["drafts"][0]["redacted"] == ["name"]
    assert [event["what"] for event in answer["events"]]
    assert answer["outbox"]
    for other in ("Somebody else's", added.receipt, *codes[0]):
        assert other not in text
    assert target.stat().st_mode & 0o777 == 0o600
    assert export_theirs(tmp_path, target, print, reference=added.ref) == 2
    other = tmp_path / "other.json"
    assert export_theirs(tmp_path, other, print, reference="F-000000") == 1


@pytest.mark.parametrize(
    ("who", "number"),
    [
        ("sian.prys@example.org", 2),
        (" Siân Prys <Sian.Prys@EXAMPLE.org> ", 2),
        ("sian  PRYS", 2),
        ("01632 960 123", 1),
        ("+44 1632 960123", 1),
        ("01632", 0),
        ("Prys", 0),
        ("nobody@example.org", 0),
        ("", 0),
    ],
)
def test_a_person_is_found_by_what_they_are_known_by(
    sqlite_settings: Settings, who: str, number: int
) -> None:
    with Store.open(sqlite_settings) as store:
        house = House(store)
        by_mail = Contact(name="Siân Prys", email="sian.prys@example.org")
        mine = [house.add(sent(contact=by_mail)), house.add()]
        dewi = Contact(name="Dewi Rhys", email="dewi@example.org", phone="01632 960999")
        house.add(sent(said="Somebody else's", contact=dewi))
        with store.read() as conn:
            if not number:
                with pytest.raises(Missing):
                    subject_access.of_person(conn, who)
                return
            records = subject_access.of_person(conn, who)
    assert records.references == [added.ref for added in mine[-number:]]
    text = records.as_text().decode()
    assert "sian.prys@example.org" in text
    assert "Somebody else's" not in text
    for empty in ("None", "[]", "{}", "redacted:\n"):
        assert empty not in text


def test_whoever_gets_the_digest_has_that_too(sqlite_settings: Settings) -> None:
    with Store.open(sqlite_settings) as store:
        House(store)
        store.write_now(
            lambda conn: subscribers.ask(
                conn,
                store.tokens,
                "dilys@example.org",
                DigestPreference(languages=("en",), period=Period.WEEK),
                lang="en",
                now=NOW,
                random=Random(1),
            )
        )
        with store.read() as conn:
            records = subject_access.of_person(conn, "dilys@example.org")
    assert not records.submissions
    assert "# The digest by mail" in records.as_text().decode()


def test_the_lines_of_the_docs_are_walked_by_hand(run_cli: RunCli, tmp_path: Path) -> None:
    settings = sqlite_settings_in(tmp_path)
    before = filled(settings)
    env = {"OPEN_HOUSE_DATABASE": settings.database, "OPEN_HOUSE_SECRET": SECRET}
    done = run_cli("backup", "--to", "kept", cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stderr
    (backup,) = (tmp_path / "kept").iterdir()
    done = run_cli("restore", backup, "--dry-run", cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stderr
    assert "Nothing was changed." in done.stdout
    done = run_cli("service", "export", "house.zip", cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stderr
    new = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    elsewhere = env | {"OPEN_HOUSE_DATABASE": new}
    done = run_cli("service.import", "house.zip", cwd=tmp_path, env=elsewhere, words_in="y\n")
    assert done.returncode == 0, done.stderr
    assert rows_of(new) == before
    assert settings_for(new, tmp_path).secret == SECRET.encode()
