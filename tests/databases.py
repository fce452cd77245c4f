"""Real databases for the tests: an SQLite file, and a PostgreSQL of our own.

PostgreSQL runs from Debian's packages, as an unprivileged user, in a folder of its own and on a
Unix socket there: it takes no port and nobody else can reach it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import psycopg
import pytest
from argon2 import PasswordHasher

from commands import machine
from feedback import passwords
from feedback.settings import Settings
from feedback.store import Store
from tests.tenants import House

if TYPE_CHECKING:
    from collections.abc import Iterator

ARGON2 = passwords.HASHER  # as the service has it
SECRET = "a secret of the tests, long enough to be one"
USER = "house"
UNTOUCHED: list[Settings] = []  # whose databases a store is to make ready from nothing


@dataclass
class Postgresql:
    """A running PostgreSQL; each test makes a database of its own in it."""

    programs: Path
    place: Path
    owner: str | None  # who runs it, when we may not
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def start(self) -> None:
        """Make the cluster and wait until it answers."""
        data = self.place / "data"
        self._run("initdb", "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-F -c listen_addresses= -c unix_socket_directories={self.place}"
        log = self.place / "log"
        self._run("pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", options)

    def stop(self) -> None:
        """Stop it at once: nothing in it is wanted any more."""
        self._run("pg_ctl", "stop", "-D", self.place / "data", "-m", "immediate")

    def database(self, *, empty: bool = False) -> str:
        """Make a fresh database; returns its address, as the service's settings take it.

        It is a copy of one that a store has made ready, which takes less than to make each ready.

        :param empty: whether it is to hold nothing at all, not even tables.
        """
        return self._create("template0" if empty else self._template)

    @cached_property
    def _template(self) -> str:
        """The name of a database that a store has made ready, and that nobody is connected to."""
        address = self._create("template0")
        Store.open(settings_for(address, self.place)).close()
        return urlsplit(address).path.removeprefix("/")

    def _create(self, template: str) -> str:
        name = f"house_{next(self._numbers)}"
        admin = f"host={self.place} user={USER} dbname=postgres"
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode("ascii"))
        return f"postgresql://{USER}@/{name}?host={quote(str(self.place))}"

    def _run(self, program: str, *words: str | Path) -> None:
        command = [str(self.programs / program), *map(str, words)]
        done = subprocess.run(
            command,
            check=False,
            cwd=self.place,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            **self._as_owner(),
        )
        assert done.returncode == 0, f"{program}: {done.stderr}"

    def _as_owner(self) -> dict[str, Any]:
        if self.owner is None:
            return {}
        group = pwd.getpwnam(self.owner).pw_gid
        return {"user": self.owner, "group": group, "extra_groups": []}


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Let a password cost next to nothing: a tenth of a second each adds up to minutes."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "HASHER", cheap)
        yield


@pytest.fixture(scope="session")
def open_stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[set[Store]]:
    """Every store that is open in this process now."""
    stores: set[Store] = set()
    opening, ending = Store.open, Store.close
    template = tmp_path_factory.mktemp("template") / "feedback.sqlite3"
    opening(settings_for(f"sqlite:///{template}", template.parent)).close()

    def opened(settings: Settings) -> Store:
        if settings not in UNTOUCHED:
            lay_copy(template, settings.database)
        store = opening(settings)
        stores.add(store)
        return store

    def closed(store: Store) -> None:
        stores.discard(store)
        ending(store)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Store, "open", opened)
        patch.setattr(Store, "close", closed)
        yield stores


def lay_copy(template: Path, database: str) -> None:
    """Put a copy of a database that a store has made ready where an SQLite file is missing.

    It takes a fifth of what making each ready would, and has a name of its own like any other.
    """
    kind, _, path = database.partition(":///")
    file = Path(path)
    if kind != "sqlite" or file.exists() or not file.parent.is_dir():
        return
    shutil.copyfile(template, file)
    file.chmod(0o600)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE identity SET name = lower(hex(randomblob(16)))")
        connection.commit()


@pytest.fixture(autouse=True)
def _every_store_is_closed(open_stores: set[Store]) -> Iterator[None]:
    """Fail the test that leaves a store open, and not whichever runs when it is found lying about.

    What a fixture of a module opens stays open until the module's end.
    """
    before = set(open_stores)
    yield
    left = open_stores - before
    for store in left:
        store.close()
    assert not left, "the test left a store open: use it in a `with`"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgresql]:
    """A PostgreSQL server for the whole run of tests."""
    programs = _programs()
    if programs is None:
        pytest.skip("This machine has no PostgreSQL.")
    owner = _unprivileged() if os.geteuid() == 0 else None
    place = Path(tempfile.mkdtemp(prefix="house-", dir="/tmp"))  # a socket's path must be short
    server = Postgresql(programs, place, owner)
    try:
        if owner is not None:
            shutil.chown(place, owner)
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(place)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of the service with a fresh database: the test runs on either sort."""
    if request.param == "postgresql":
        return settings_for(request.getfixturevalue("postgresql").database(), tmp_path)
    return sqlite_settings_in(tmp_path)


@pytest.fixture(params=["sqlite", "postgresql"])
def untouched(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of the service with a database that no store has opened yet, of either sort."""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        settings = settings_for(server.database(empty=True), tmp_path)
    else:
        settings = sqlite_settings_in(tmp_path)
    UNTOUCHED.append(settings)
    yield settings
    UNTOUCHED.remove(settings)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """An open store: the test runs on either sort of database."""
    with Store.open(settings) as store:
        yield store


@pytest.fixture
def sqlite_settings(tmp_path: Path) -> Settings:
    """Settings of the service with a fresh SQLite file, where the database does not matter."""
    return sqlite_settings_in(tmp_path)


@pytest.fixture
def sqlite_store(sqlite_settings: Settings) -> Iterator[Store]:
    """An open store on SQLite, where the database does not matter."""
    with Store.open(sqlite_settings) as store:
        yield store


@pytest.fixture
def house(store: Store) -> House:
    """A store with somebody at its desk, on either sort of database."""
    return House(store)


@pytest.fixture
def sqlite_house(sqlite_store: Store) -> House:
    """A store with somebody at its desk, where the database does not matter."""
    return House(sqlite_store)


def sqlite_settings_in(folder: Path) -> Settings:
    """Settings of the service with an SQLite file in a folder."""
    return settings_for(f"sqlite:///{folder / 'feedback.sqlite3'}", folder)


def settings_for(database: str, folder: Path) -> Settings:
    """Settings of the service with this database, read as the service reads them."""
    environ = {"OPEN_HOUSE_DATABASE": database, "OPEN_HOUSE_SECRET": SECRET}
    return Settings.read(environ, folder)


def _programs() -> Path | None:
    """The folder of PostgreSQL's programs."""
    program = machine.starting(machine.POSTGRESQL)
    return None if program is None else Path(program).resolve().parent


def _unprivileged() -> str:
    """Somebody who may run PostgreSQL, which refuses to be root."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
