"""Who may come to the desk, from the command line: how the first of them gets in."""

from __future__ import annotations

import getpass
import os
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import segno

from commands.site_folder import read_site
from commands.terminal import Stop, ends_in_words
from core.service_address import service_address
from feedback import passwords
from feedback.model import LONGEST_LINE, StaffRole
from feedback.settings import SettingFault, Settings
from feedback.store import Store, StoreFault
from feedback.store.desk import staff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Connection

    from core.site import Site
    from feedback.store import Tokens
    from feedback.store.desk.staff import StaffMember

CANNOT = 2  # exit code


@ends_in_words()
def add_staff(  # noqa: PLR0913 - what the command has options for
    root: Path,
    site: Path,
    name: str,
    *,
    role: str = "answer",
    lang: str = "",
    say: Callable[[str], object] = print,
    ask_secret: Callable[[str], str] = getpass.getpass,
    environ: Mapping[str, str] = os.environ,
) -> int:
    """Add somebody who may log in at the desk, and show the key for their app.

    :param site: site.toml: the association's name stands in the app.
    :param role: answer, publish or manage.
    :param lang: the language that the desk speaks to them; else the site's first.
    :param ask_secret: asks a question and hides what is typed.
    :returns: the exit code.
    """
    random = secrets.SystemRandom()

    def add(conn: Connection, tokens: Tokens) -> _Keys:
        secret = staff.add(
            conn,
            tokens,
            name=name,
            password_hash=hashed,
            role=StaffRole(role),
            lang=lang or languages[0],
            now=datetime.now(UTC),
            random=random,
        )
        return _Keys(name, secret, staff.new_mark(conn, tokens, name, random=random))

    association = read_site(site)
    languages = association.languages
    _check(name, role, lang or languages[0], languages)
    hashed = passwords.hashed(_chosen_password(ask_secret))
    with _opened(root, environ) as store:
        keys = store.write_now(lambda conn: add(conn, store.tokens))
    say(f"{name} may log in.")
    _show(keys, association, say)
    return 0


@ends_in_words()
def reset_staff(  # noqa: PLR0913 - what the command has options for
    root: Path,
    site: Path,
    name: str,
    *,
    password: bool = False,
    say: Callable[[str], object] = print,
    ask_secret: Callable[[str], str] = getpass.getpass,
    environ: Mapping[str, str] = os.environ,
) -> int:
    """Give somebody a new key for their app, whose telephone was lost, and log them out everywhere.

    :param password: whether to ask for a new password too.
    :returns: the exit code.
    """
    random = secrets.SystemRandom()

    def renew(conn: Connection, tokens: Tokens) -> _Keys:
        secret = staff.renew(conn, tokens, name, random=random, password_hash=hashed)
        return _Keys(name, secret, staff.new_mark(conn, tokens, name, random=random))

    association = read_site(site)
    with _opened(root, environ) as store:
        member = _there(store, name)
        hashed = passwords.hashed(_chosen_password(ask_secret)) if password else None
        keys = store.write_now(lambda conn: renew(conn, store.tokens))
    say(f"{name} is logged out everywhere, and the old key makes no codes that fit any more.")
    if not member.active:
        say("Their access has ended, and this doesn't give it back: a manager does, at the desk.")
    _show(keys, association, say)
    return 0


@ends_in_words()
def list_staff(
    root: Path, *, say: Callable[[str], object] = print, environ: Mapping[str, str] = os.environ
) -> int:
    """List who may log in at the desk; returns the exit code."""
    with _opened(root, environ) as store, store.read() as conn:
        members = staff.members(conn)
    if not members:
        say("Nobody yet. Add the first: ./run staff.add NAME --role manage")
    for person in members:
        ended = "" if person.active else ", may not log in"
        say(f"{person.name}: {person.role}, {person.lang}{ended}")
    return 0


@ends_in_words()
def disable_staff(
    root: Path,
    name: str,
    *,
    say: Callable[[str], object] = print,
    environ: Mapping[str, str] = os.environ,
) -> int:
    """End somebody's access, and every session of theirs; returns the exit code."""

    def end(conn: Connection) -> None:
        staff.change(conn, name, active=False)

    with _opened(root, environ) as store:
        store.write_now(end)
    say(f"{name} may not log in any more, and is logged out everywhere.")
    return 0


def _there(store: Store, name: str) -> StaffMember:
    with store.read() as conn:
        member = staff.member(conn, name)
    if member is None:
        raise Stop(f"There is nobody named {name}. See: ./run staff.list", CANNOT)
    return member


@dataclass(frozen=True)
class _Keys:
    """What somebody needs to log in, besides their password."""

    name: str
    secret: str = field(repr=False)
    mark: str = field(repr=False)


def _show(keys: _Keys, site: Site, say: Callable[[str], object]) -> None:
    """Show keys, once."""
    uri = passwords.totp_uri(keys.secret, keys.name, site.name.get(site.languages[0]).text)
    picture = StringIO()
    segno.make(uri, error="m").terminal(out=picture, compact=True)
    base = service_address(site.feedback.service, f"{site.url.rstrip('/')}/")
    query = urlencode({"name": keys.name, "mark": keys.mark})
    say("Scan this with an app that makes codes, such as Aegis or FreeOTP:")
    say(picture.getvalue())
    say(f"Or type the key into it: {keys.secret}")
    say(f"Or open: {uri}")
    say("It is not shown again. Each log-in asks for name, password and a code from the app.")
    say("Have this opened first in their own browser, so that no stranger's guesses shut them out:")
    say(f"{base}desk/log-in?{query}")


def _check(name: str, role: str, lang: str, languages: tuple[str, ...]) -> None:
    if not name.strip() or len(name) > LONGEST_LINE or not name.isprintable():
        raise Stop("Give a name to log in with, as in: ./run staff.add sian.prys", CANNOT)
    if role not in set(StaffRole):
        raise Stop(f"{role} is no role. Choose one of: {', '.join(StaffRole)}.", CANNOT)
    if lang not in languages:
        raise Stop(
            f"{lang} is no language of the site. Choose one of: {', '.join(languages)}.", CANNOT
        )


def _chosen_password(ask_secret: Callable[[str], str]) -> str:
    first = ask_secret(f"Their password, at least {passwords.SHORTEST} characters: ")
    if not passwords.is_fit(first):
        raise Stop(
            f"A password has {passwords.SHORTEST} to {passwords.LONGEST} characters.", CANNOT
        )
    if ask_secret("The same again: ") != first:
        raise Stop("The two differ. Nothing was changed.", CANNOT)
    return first


@contextmanager
def _opened(root: Path, environ: Mapping[str, str]) -> Iterator[Store]:
    """Open the service's store, also while the service runs."""
    try:
        with Store.open(Settings.read(environ, root)) as store:
            yield store
    except (SettingFault, StoreFault) as fault:
        raise Stop(str(fault), CANNOT) from None
