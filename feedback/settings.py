"""The service's settings, read once from the environment."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

PLACE = "private"  # the folder of the database and the secret; `./run clean` leaves it alone
BEHIND = "translations.json"  # in that place, what the rounds leave for the service
SHORTEST_SECRET = 32  # characters: fewer could be guessed
MAIL_PORT = 587  # submission with STARTTLS (RFC 6409)


class SettingFault(Exception):
    """A setting is wrong; the words say which, why, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """Where mail is handed in."""

    host: str
    port: int
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    starttls: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the service is told from outside; its secrets are in no repr."""

    # OPEN_HOUSE_DATABASE: an SQLAlchemy address, sqlite:///… or postgresql://…
    database: str = field(repr=False)
    # OPEN_HOUSE_SECRET: signs cookies and receipts. On SQLite it is made once and kept beside the
    # database; on PostgreSQL it must be set, since every worker needs the same.
    secret: bytes = field(repr=False)
    # OPEN_HOUSE_SMTP: smtp://user:password@host:587?starttls; without it mail goes to the console.
    smtp: Smtp | None = None
    # OPEN_HOUSE_MAIL_FROM: the sender's address; without it the association's own.
    mail_from: str = ""
    # OPEN_HOUSE_API_TOKEN: what `pull` shows to read from afar; without it nobody may.
    api_token: str = field(default="", repr=False)
    # OPEN_HOUSE_ORIGINS: further sites whose forms are taken, parted by spaces.
    origins: tuple[str, ...] = ()
    # OPEN_HOUSE_TREE: the built site, whose shell the service's pages wear.
    tree: Path
    # What translations are behind their original, as the rounds left it; it need not be there.
    behind: Path | None = None
    index: Path = Path(".cache/search")  # where Whoosh's indexes are kept; they can be made again

    @classmethod
    def read(cls, environ: Mapping[str, str], root: Path) -> Settings:
        """Return the settings of an environment.

        Makes the private folder and the secret where they are not set and do not exist yet.

        :param root: the repository's folder.
        :raises SettingFault: for a setting that can't be meant.
        """
        typed = {name: value.strip() for name, value in environ.items() if value.strip()}
        place = root / PLACE
        database = database_of(environ, root)
        if "OPEN_HOUSE_DATABASE" not in typed:
            _make_private(place)
        return cls(
            database=database,
            secret=_secret(typed.get("OPEN_HOUSE_SECRET", ""), database, place),
            smtp=smtp_of(environ),
            mail_from=sender_of(environ),
            api_token=token_of(environ),
            origins=tuple(map(_origin, typed.get("OPEN_HOUSE_ORIGINS", "").split())),
            tree=tree_of(environ, root),
            behind=place / BEHIND,
            index=root / ".cache" / "search",
        )


def database_of(environ: Mapping[str, str], root: Path) -> str:
    """Return the address of the database, whether or not it is there; this makes nothing.

    :raises SettingFault: for an address that no service can use.
    """
    database = environ.get("OPEN_HOUSE_DATABASE", "").strip()
    database = database or f"sqlite:///{root / PLACE / 'feedback.sqlite3'}"
    _check_database(database)
    return database


def token_of(environ: Mapping[str, str]) -> str:
    """Return the token with which `pull` reads from afar; "" where none is set.

    :raises SettingFault: for one that is too short.
    """
    token = environ.get("OPEN_HOUSE_API_TOKEN", "").strip()
    if token and len(token) < SHORTEST_SECRET:
        raise SettingFault(
            f"OPEN_HOUSE_API_TOKEN is shorter than {SHORTEST_SECRET} characters. Make one with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    return token


def secret_of(environ: Mapping[str, str], database: str, root: Path) -> bytes:
    """Return the secret of a service that was set up before; this makes none.

    :raises SettingFault: where there is none, or it can be none.
    """
    typed = environ.get("OPEN_HOUSE_SECRET", "").strip()
    if typed or not database.startswith("sqlite"):
        return _secret(typed, database, root / PLACE)
    file = root / PLACE / "secret"
    if not file.is_file():
        raise SettingFault(
            f"There is no secret: neither OPEN_HOUSE_SECRET is set nor is there a file {file}. "
            "Put it back from a backup: without it no receipt opens."
        )
    return _kept_secret(file)


def smtp_of(environ: Mapping[str, str]) -> Smtp | None:
    """Return where mail is handed in; None where it goes to nobody.

    :raises SettingFault: for what is no address of a mail server.
    """
    typed = environ.get("OPEN_HOUSE_SMTP", "").strip()
    return _smtp(typed) if typed else None


def sender_of(environ: Mapping[str, str]) -> str:
    """Return the address that mail comes from; "" where none is set.

    :raises SettingFault: for what is no address.
    """
    return _address("OPEN_HOUSE_MAIL_FROM", environ)


def operator_of(environ: Mapping[str, str]) -> str:
    """Return whom a mail tells that the rounds fail; "" for nobody.

    :raises SettingFault: for what is no address.
    """
    return _address("OPEN_HOUSE_OPERATOR", environ)


def tree_of(environ: Mapping[str, str], root: Path) -> Path:
    """Return the folder of the built site."""
    return root / (environ.get("OPEN_HOUSE_TREE", "").strip() or "output")


def _check_database(database: str) -> None:
    wrong = SettingFault(
        "OPEN_HOUSE_DATABASE is no address of a database this service can use. Write "
        "sqlite:////var/lib/open-house/feedback.sqlite3 or postgresql://user:password@host/name."
    )
    try:
        url = make_url(database)
    except (ArgumentError, ValueError):
        raise wrong from None
    scheme = url.drivername.partition("+")[0]
    if scheme not in {"sqlite", "postgresql", "postgres"}:
        raise wrong
    if scheme == "sqlite" and url.database in {None, "", ":memory:"}:
        raise SettingFault(
            "OPEN_HOUSE_DATABASE names no file, so nothing would outlive the service. "
            "Write sqlite:////var/lib/open-house/feedback.sqlite3."
        )


def _secret(typed: str, database: str, place: Path) -> bytes:
    if typed:
        if len(typed) < SHORTEST_SECRET:
            raise SettingFault(
                f"OPEN_HOUSE_SECRET is shorter than {SHORTEST_SECRET} characters. Make one with: "
                "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return typed.encode()
    if not database.startswith("sqlite"):
        raise SettingFault(
            "OPEN_HOUSE_SECRET is not set, and with PostgreSQL every worker needs the same. Make "
            "one with: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    _make_private(place)
    return _kept_secret(place / "secret")


def _kept_secret(path: Path) -> bytes:
    """Return the secret of this machine. The first to ask makes it, also of several at once."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)  # fails when somebody was faster: theirs is the secret
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    secret = path.read_bytes().strip()
    if len(secret) < SHORTEST_SECRET:
        raise SettingFault(
            f"The file {path} is too short for a secret. Put it back from a backup: links in "
            "receipts depend on it. With no backup, remove the file, and a new one is made."
        )
    return secret


def _make_private(place: Path) -> None:
    """Make the folder that only the service's own user may open, and that git never sees."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    ignored = place / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*\n", encoding="utf-8")


def _smtp(typed: str) -> Smtp:
    wrong = SettingFault(
        "OPEN_HOUSE_SMTP is no address of a mail server. "
        "Write smtp://user:password@mail.example.org:587?starttls."
    )
    try:
        parts = urlsplit(typed)
        port = parts.port or MAIL_PORT
    except ValueError:
        raise wrong from None
    options = parse_qs(parts.query, keep_blank_values=True)
    if parts.scheme != "smtp" or not parts.hostname or set(options) - {"starttls"}:
        raise wrong
    return Smtp(
        host=parts.hostname,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls="starttls" in options,
    )


def _address(setting: str, environ: Mapping[str, str]) -> str:
    typed = environ.get(setting, "").strip()
    name, at, host = typed.rpartition("@")
    if typed and (not (name and at and host) or any(map(str.isspace, typed))):
        raise SettingFault(
            f"{setting} is no e-mail address. Write the address alone, as in answers@example.org."
        )
    return typed


def _origin(typed: str) -> str:
    try:
        parts = urlsplit(typed)
        port = f":{parts.port}" if parts.port else ""  # raises for what is no number
        known = parts.scheme in {"http", "https"} and bool(parts.hostname)
        bare = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
        if known and bare:
            return f"{parts.scheme}://{parts.hostname}{port}"
    except ValueError:
        pass
    raise SettingFault(
        f"OPEN_HOUSE_ORIGINS names {typed}, which is no origin. Write scheme and host alone, "
        "parted by spaces, as in https://www.example.org https://example.org:8443."
    )
