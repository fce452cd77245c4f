"""Backups of what the service keeps, and moving it to another machine or another database."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from commands.terminal import Stop, agreed, ends_in_words
from feedback.archive import (
    ArchiveFault,
    bring_back,
    empty,
    holds_something,
    read_contents,
    write_archive,
)
from feedback.settings import PLACE, SettingFault, database_of, secret_of
from feedback.store import StoreFault, read_existing
from feedback.store.database import engine, occupancy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from feedback.archive import ArchiveContents

NAME = re.compile(r"open-house-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)\.zip(\.age)?")
JOURNALS = ("-wal", "-shm", "-journal")  # what SQLite leaves beside a file
DRAFTS = ".backup-"  # how folders begin in which one is made
ABANDONED = 24 * 3600  # seconds, after which nobody is at work on a draft
STAMP = "%Y-%m-%dT%H-%M-%SZ"
TOLD = {  # tables whose rows people ask after, in their words
    "submissions": "submissions",
    "answers": "answers",
    "staff": "people at the desk",
    "subscribers": "subscribers",
    "votes": "votes",
}
ENDS = {ArchiveFault: 1, StoreFault: 1, SettingFault: 1, SQLAlchemyError: 1}


@contextmanager
def files_in_words() -> Iterator[None]:
    """Say in a sentence which file can't be read or written.

    :raises Stop: with the sentence.
    """
    try:
        yield
    except OSError as error:
        raise Stop(f"{error.filename} can't be read or written: {error.strerror}.") from None


@dataclass(frozen=True)
class BackupRule:
    """Where backups go, to whom they are encrypted, and which are kept."""

    folder: Path
    key: str = ""  # a recipient of age, such as age1…; "" for a backup that anybody can read
    days: int = 7  # the newest of each of so many days on which there was one
    weeks: int = 4  # and of each of so many weeks

    @classmethod
    def of(
        cls, root: Path, folder: Path | None, key: str, days: int = 7, weeks: int = 4
    ) -> BackupRule:
        """Return the rule of what was typed, else of the environment."""
        usual = os.environ.get("OPEN_HOUSE_BACKUPS", "").strip()
        place = folder or (root / usual if usual else root / PLACE / "backups")
        chosen = key or os.environ.get("OPEN_HOUSE_BACKUP_KEY", "").strip()
        return cls(place, chosen, days, weeks)


@ends_in_words(ENDS)
@files_in_words()
def backup(root: Path, rule: BackupRule, say: Callable[[str], None]) -> int:
    """Keep a backup, read it back to see that it is whole, and let go of those past their time.

    The service may run meanwhile.

    :returns: 0 when it is kept and whole, 1 when it could not be.
    """
    if rule.days < 1 or rule.weeks < 0:
        raise Stop("Keep at least one day: write --days 7 --weeks 4, say.", 2)
    rule.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = rule.folder / f"open-house-{datetime.now(UTC):{STAMP}}.zip"
    backup_file = _keep(root, target, rule.key)
    say(f"Kept in {backup_file}, read back and whole.")
    for old in past_their_time(sorted(rule.folder.iterdir()), rule):
        old.unlink()
        say(f"Past its time, and removed: {old.name}")
    return 0


@ends_in_words(ENDS)
@files_in_words()
def export(root: Path, target: Path, key: str, say: Callable[[str], None]) -> int:
    """Write everything that the service keeps into a file, to be brought in elsewhere.

    :returns: 0, or 1 when it could not be written.
    """
    if target.exists():
        raise Stop(f"{target} is there already. Name a new file.", 2)
    say(f"Written to {_keep(root, target, key)}, read back and whole.")
    say("It holds every private word, and the secret that opens receipts: keep it as such.")
    return 0


@dataclass(frozen=True)
class Return:
    """What is put back, and how."""

    file: Path
    identity: Path | None = None  # the file of the key that opens an encrypted one
    replace: bool = False  # whether what the database holds now makes way
    dry_run: bool = False
    yes: bool = False


@ends_in_words(ENDS)
@files_in_words()
def put_back(
    root: Path, wanted: Return, say: Callable[[str], None], ask: Callable[[str], str]
) -> int:
    """Bring an archive into the database of this machine.

    An SQLite database that was there is set aside, with its log; in PostgreSQL all happens in one
    transaction. Nobody may have it open.

    :returns: 0 when it is there, or nobody wanted it; 1 when nothing was changed; 2 when it can't
        be done here.
    """
    database = database_of(os.environ, root)
    with _opened(wanted) as file:
        contents, secret = read_contents(file)
        say(f"{wanted.file.name} was made {contents.made:%Y-%m-%d %H:%M} UTC and holds:")
        say(_counted(contents))
        if wanted.dry_run or not (wanted.yes or agreed(ask, "Put it back?")):
            say("Nothing was changed.")
            return 0
        place = _place_for(root, secret)
        if make_url(database).get_backend_name() == "sqlite":
            _into_file(database, file, wanted, say)
        else:
            _into_server(database, file, wanted)
        _keep_secret(place, secret, say)
    say("It is all back, counted and compared. Start the service.")
    if wanted.replace:
        say("Then ./run pull: it says what the site knows that this backup doesn't.")
    return 0


def absolute(file: str) -> Path:
    """Return a file that somebody named from where they stand."""
    return Path(file).resolve()


def past_their_time(files: Sequence[Path], rule: BackupRule) -> list[Path]:
    """Return the backups that the rule keeps no longer; other files are nobody's business here."""
    backups = sorted((path for path in files if NAME.fullmatch(path.name)), reverse=True)
    wanted: set[Path] = set()
    for shape, count in (("%Y-%m-%d", rule.days), ("%G-W%V", rule.weeks)):
        newest: dict[str, Path] = {}
        for path in backups:
            newest.setdefault(f"{made_at(path):{shape}}", path)
        wanted.update(list(newest.values())[:count])
    return [path for path in backups if path not in wanted]


def made_at(path: Path) -> datetime:
    """Return when a backup was made, by its name."""
    match = NAME.fullmatch(path.name)
    if match is None:
        raise ValueError(path.name)
    return datetime.strptime(match[1], STAMP).replace(tzinfo=UTC)


def _keep(root: Path, target: Path, key: str) -> Path:
    """Write an archive, read it back, encrypt it if wished, and give it its name."""
    database = database_of(os.environ, root)
    secret = secret_of(os.environ, database, root)
    _clear(target.parent)
    with tempfile.TemporaryDirectory(prefix=DRAFTS, dir=target.parent) as folder:
        draft = Path(folder) / "archive.zip"
        with read_existing(database) as conn:
            write_archive(conn, secret, draft)
        _try_out(draft, Path(folder))
        if key:
            draft, target = _encrypted(draft, key), target.with_name(f"{target.name}.age")
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.rename(target)
    handle = os.open(target.parent, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
    return target


def _clear(folder: Path) -> None:
    """Remove what a backup that was killed half way left lying: nobody needs it, and it is open."""
    for draft in folder.glob(f"{DRAFTS}*"):
        if time.time() - draft.stat().st_mtime > ABANDONED:
            shutil.rmtree(draft, ignore_errors=True)


def _try_out(archive: Path, folder: Path) -> None:
    """Bring an archive back into a database that nobody needs."""
    writing = engine.writing(f"sqlite:///{folder / 'tried.sqlite3'}")
    try:
        with writing.begin() as conn:
            bring_back(conn, archive)
    finally:
        writing.dispose()


def _encrypted(draft: Path, key: str) -> Path:
    import pyrage  # noqa: PLC0415 - who encrypts nothing need not wait for it

    try:
        kind = pyrage.ssh if key.startswith("ssh-") else pyrage.x25519
        recipient = kind.Recipient.from_str(key)
    except pyrage.RecipientError:
        raise Stop(
            "That is no key to encrypt to. Write one as age1… or as ssh-ed25519 …; the other half "
            "stays elsewhere.",
            2,
        ) from None
    sealed = draft.with_suffix(".age")
    pyrage.encrypt_file(str(draft), str(sealed), [recipient])
    sealed.chmod(0o600)
    return sealed


@contextmanager
def _opened(wanted: Return) -> Iterator[Path]:
    """Yield an archive that can be read: itself, or what is in it."""
    if not wanted.file.is_file():
        raise Stop(f"{wanted.file} is not there.", 2)
    if wanted.file.suffix != ".age":
        yield wanted.file
        return
    import pyrage  # noqa: PLC0415 - as above

    if wanted.identity is None:
        raise Stop(f"{wanted.file.name} is encrypted. Write --identity, and the key's file.", 2)
    words = wanted.identity.read_text(encoding="utf-8", errors="replace")
    try:
        if "PRIVATE KEY" in words:
            identity = pyrage.ssh.Identity.from_buffer(words.encode())
        else:
            lines = [line for line in words.splitlines() if line and not line.startswith("#")]
            identity = pyrage.x25519.Identity.from_str(lines[0] if lines else "")
        with tempfile.TemporaryDirectory(prefix="open-house-") as folder:
            archive = Path(folder) / wanted.file.stem
            pyrage.decrypt_file(str(wanted.file), str(archive), [identity])
            yield archive
    except pyrage.IdentityError:
        raise Stop(f"{wanted.identity} holds no key of age or of ssh.", 2) from None
    except pyrage.DecryptError:
        raise Stop(f"The key in {wanted.identity} doesn't open {wanted.file.name}.", 2) from None


def _counted(contents: ArchiveContents) -> str:
    return "\n".join(f"  {contents.rows(table):>6} {words}" for table, words in TOLD.items())


def _place_for(root: Path, secret: bytes) -> Path | None:
    """Return where the archive's secret goes; None where the environment holds it already.

    :raises Stop: where the environment holds another.
    """
    typed = os.environ.get("OPEN_HOUSE_SECRET", "").strip()
    if typed.encode() == secret:
        return None
    sqlite = database_of(os.environ, root).startswith("sqlite")
    if sqlite and not typed:
        return root / PLACE / "secret"
    beside = root / PLACE / "secret.archived"
    _write_secret(beside, secret)
    raise Stop(
        "Receipts open only with the secret of then, and OPEN_HOUSE_SECRET is not that one. It "
        f"stands in {beside}: set OPEN_HOUSE_SECRET to it, remove that file, and type this again. "
        "Nothing else was changed."
    )


def _keep_secret(place: Path | None, secret: bytes, say: Callable[[str], None]) -> None:
    if place is None:
        return
    if place.is_file() and place.read_bytes().strip() != secret:
        aside = place.with_name(f"secret.before-{datetime.now(UTC):{STAMP}}")
        place.rename(aside)
        say(f"The secret of before is set aside in {aside}.")
    _write_secret(place, secret)


def _write_secret(place: Path, secret: bytes) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = place.with_name(f"{place.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secret)
        os.fsync(file.fileno())
    draft.rename(place)


def _into_file(database: str, file: Path, wanted: Return, say: Callable[[str], None]) -> None:
    """Bring an archive into a new file, and give it the database's name once it is whole.

    What stood there goes aside with its write-ahead log, which would spoil another's file.
    """
    path = Path(make_url(database).database or "")
    with occupancy.alone_with(database):
        if path.exists() and not wanted.replace and _has_rows(database):
            raise _occupied()
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=path.parent) as folder:
            fresh = Path(folder) / path.name
            writing = engine.writing(f"sqlite:///{fresh}")
            with writing.begin() as conn:
                bring_back(conn, file)
            with writing.connect() as conn:
                conn.info[engine.ERASED] = True
                engine.scrub(conn)  # so that all of it stands in the file itself
            writing.dispose()
            aside = path.with_name(f"{path.name}.before-{datetime.now(UTC):{STAMP}}")
            ends = ("", *JOURNALS)
            left = [end for end in ends if path.with_name(path.name + end).exists()]
            for end in left:  # under both names at first, so that all of it is there at any moment
                aside.with_name(aside.name + end).hardlink_to(path.with_name(path.name + end))
            for end in filter(None, left):
                path.with_name(path.name + end).unlink()
            fresh.rename(path)
        if left:
            say(f"What stood there is set aside in {aside}.")


def _has_rows(database: str) -> bool:
    reading = engine.reading(database)
    try:
        with reading.connect() as conn:
            return holds_something(conn)
    finally:
        reading.dispose()


def _into_server(database: str, file: Path, wanted: Return) -> None:
    writing = engine.writing(database)
    try:
        with writing.begin() as conn:
            if occupancy.others(conn):
                raise Stop(occupancy.in_use())
            if holds_something(conn):
                if not wanted.replace:
                    raise _occupied()
                empty(conn)
            bring_back(conn, file)
    finally:
        writing.dispose()


def _occupied() -> Stop:
    return Stop(
        "The database of this machine holds something already, and nothing of it was touched. "
        "Name an empty one in OPEN_HOUSE_DATABASE, or type ./run restore, which puts it in the "
        "place of what is there."
    )
