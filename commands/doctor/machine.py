"""What is looked at on this machine: files, the database, the disk, and what was done by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from commands.archives import NAME, BackupRule, made_at
from commands.doctor.findings import advice, ill, none, well
from commands.rounds import STEPS
from commands.rounds_log import RoundsLog
from core.public.site_shell import FILE as SHELL
from feedback.record_source import read_source
from feedback.settings import PLACE, SettingFault, database_of, secret_of, tree_of
from feedback.store import StoreFault, read_existing
from feedback.store.casework.events import provenance
from feedback.store.database.engine import may_exist
from feedback.store.database.schema import OUTBOX, SUBMISSIONS
from feedback.store.mail.mail_queue import DEAD, WAITING

if TYPE_CHECKING:
    from commands.doctor.findings import ExaminedSite, Finding

NIGHT = timedelta(hours=26)  # a day, and the time that a build may take
SLOW_MAIL = timedelta(hours=6)
LITTLE, NONE_LEFT = 2_000_000_000, 200_000_000  # bytes of a disk
ONE_IN = 20  # of a disk that should stay free
NOBODY = "no feedback service keeps anything on this machine"


def tree(patient: ExaminedSite) -> Finding:
    """Look at the built site that the service's pages wear."""
    folder = tree_of(os.environ, patient.root)
    shell = folder / SHELL
    if not shell.is_file():
        return ill(f"{folder} holds no built site.", "Type ./run build, or set OPEN_HOUSE_TREE.")
    built = datetime.fromtimestamp(shell.stat().st_mtime, UTC)
    words = f"{folder}, built {_ago(built)}."
    if datetime.now(UTC) - built > NIGHT:
        return advice(
            words, "What was written for a later day waits. Have ./run rounds done daily."
        )
    return well(words)


def secret(patient: ExaminedSite) -> Finding:
    """Look whether the secret is there, and for nobody else."""
    database = database_of(os.environ, patient.root)
    if not may_exist(database):
        return none(NOBODY)
    try:
        secret_of(os.environ, database, patient.root)
    except SettingFault as fault:
        return ill(str(fault), "docs/service.md, Settings, says how to make one.")
    if os.environ.get("OPEN_HOUSE_SECRET", "").strip():
        return well("OPEN_HOUSE_SECRET is set, and long enough.")
    file = patient.root / PLACE / "secret"
    open_to = [path for path in (file, file.parent) if path.stat().st_mode & 0o077]
    if open_to:
        return ill(f"{open_to[0]} can be read by others.", f"Type chmod go= {open_to[0]}")
    return well(f"{file}, for its owner alone.")


def database(patient: ExaminedSite) -> Finding:
    """Look whether the database can be read, and is whole."""
    address = database_of(os.environ, patient.root)
    if not may_exist(address):
        return none(NOBODY)
    try:
        with read_existing(address) as conn:
            count = conn.execute(select(func.count()).select_from(SUBMISSIONS)).scalar_one()
            if conn.dialect.name == "sqlite":
                whole = conn.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
                if whole != "ok":
                    return ill(
                        f"The database is damaged: {whole}", "Put a backup back: ./run restore"
                    )
    except StoreFault as fault:
        return ill(str(fault), "docs/service.md, When something is wrong, says what to do.")
    return well(f"{make_url(address).get_backend_name()}, {count} submissions.")


def messages(patient: ExaminedSite) -> Finding:
    """Look whether mail to tenants goes out."""
    address = database_of(os.environ, patient.root)
    if not may_exist(address):
        return none(NOBODY)
    late = datetime.now(UTC) - SLOW_MAIL
    count = select(func.count()).select_from(OUTBOX)
    with read_existing(address) as conn:
        dead = conn.execute(count.where(OUTBOX.c.state == DEAD)).scalar_one()
        waiting = count.where(OUTBOX.c.state == WAITING, OUTBOX.c.channel == "email")
        slow = conn.execute(waiting.where(OUTBOX.c.made < late)).scalar_one()
    if slow:
        return ill(
            f"{slow} mails to tenants wait since hours.", "Does the service run? See mail above."
        )
    if dead:
        return advice(
            f"{dead} messages could not be delivered.", "Look at the desk, Letters and calls."
        )
    return well("nothing waits longer than it should.")


def backup(patient: ExaminedSite) -> Finding:
    """Look how old the newest backup is."""
    if not may_exist(database_of(os.environ, patient.root)):
        return none(NOBODY)
    folder = BackupRule.of(patient.root, None, "").folder
    files = (
        [path for path in folder.iterdir() if NAME.fullmatch(path.name)] if folder.is_dir() else []
    )
    if not files:
        return ill(
            f"There is no backup in {folder}.", "Type ./run backup, and have it done nightly."
        )
    newest = max(files, key=made_at)
    words = f"{newest}, {_ago(made_at(newest))}."
    if datetime.now(UTC) - made_at(newest) > 2 * NIGHT:
        return ill(words, "Type ./run backup, and see why it is not done each night.")
    if folder.is_relative_to(patient.root):
        return advice(words, "It dies with this disk: name another in OPEN_HOUSE_BACKUPS.")
    return well(words)


def night(patient: ExaminedSite) -> Finding:
    """Look how the last rounds went."""
    log = RoundsLog.read(patient.root)
    failed = [step for step in STEPS if log.failed(step)]
    if failed:
        when = log.failed(failed[0])
        return ill(
            f"{', '.join(failed)} went wrong{f', {_ago(when)}' if when else ''}.",
            "Type ./run rounds, and mend what it says.",
        )
    last = log.went("deploy")
    if last is None:
        return none("no rounds were done on this machine; a workflow may build elsewhere")
    if datetime.now(UTC) - last > NIGHT:
        return ill(f"The last was {_ago(last)}.", "See why the timer sleeps: systemctl list-timers")
    return well(f"all went well, {_ago(last)}.")


def clock(_: ExaminedSite) -> Finding:
    """Look whether the clock is kept right: codes at the desk and deadlines depend on it."""
    program = shutil.which("timedatectl")
    if program is None:
        return none("nothing here says whether it is kept right")
    command = [program, "show", "--property=NTPSynchronized", "--value"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=5)
    match done.stdout.strip():
        case "yes":
            return well("kept right by the network.")
        case "no":
            return advice("nobody keeps it right.", "Type timedatectl set-ntp true")
    return none("nothing here says whether it is kept right")


def disk(patient: ExaminedSite) -> Finding:
    """Look how much room is left where something is written."""
    address = make_url(database_of(os.environ, patient.root))
    places = [patient.root, BackupRule.of(patient.root, None, "").folder]
    if address.get_backend_name() == "sqlite":
        places.append(Path(address.database or ""))
    standing = [next(p for p in (place, *place.parents) if p.exists()) for place in places]
    usage = {place: shutil.disk_usage(place) for place in dict.fromkeys(standing)}
    place, least = min(usage.items(), key=lambda pair: pair[1].free)
    words = f"{least.free / 1e9:.1f} GB free at {place}."
    if least.free < NONE_LEFT:
        return ill(words, "Make room now: nothing that tenants send can be kept soon.")
    if least.free < LITTLE or least.free * ONE_IN < least.total:
        return advice(words, "Make room, or move backups elsewhere.")
    return well(words)


def source(patient: ExaminedSite) -> Finding:
    """Look whether records here come from the database here."""
    remembered = read_source(patient.content)
    if remembered is None:
        return none("nothing was pulled yet")
    address = database_of(os.environ, patient.root)
    if not may_exist(address):
        return none("records were pulled from another machine's service")
    with read_existing(address) as conn:
        here = provenance(conn, remembered.marks)
    if here.database not in remembered.databases:
        return ill("Records come from another database than this machine's.", SOURCE_HELP)
    if not here.continues:
        return ill("The database is older than the records that came from it.", SOURCE_HELP)
    return well("records come from this machine's database.")


SOURCE_HELP = "docs/service.md, Which database, says what to do."


def _ago(then: datetime) -> str:
    passed = datetime.now(UTC) - then
    if passed >= timedelta(days=2):
        return f"{passed.days} days ago"
    if passed >= timedelta(hours=2):
        return f"{passed // timedelta(hours=1)} hours ago"
    return f"{max(passed // timedelta(minutes=1), 0)} minutes ago"
