"""Looks at everything at once, each thing for a while only, and says what is to be done."""

from __future__ import annotations

import json
import queue
import threading
import time
from typing import TYPE_CHECKING

from commands.doctor import machine, network
from commands.doctor.findings import ExaminedSite, Finding, Health, ill
from commands.site_folder import read_site
from commands.terminal import ends_in_words
from feedback.settings import SettingFault
from feedback.store import StoreFault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

SECONDS = 12.0  # for everything together, since all is looked at side by side
CHECKS: Mapping[str, Callable[[ExaminedSite], Finding]] = {
    "host": network.host,
    "certificate": network.certificate,
    "service": network.service,
    "mail": network.mail,
    "messages": machine.messages,
    "database": machine.database,
    "secret": machine.secret,
    "source": machine.source,
    "backup": machine.backup,
    "tree": machine.tree,
    "night": machine.night,
    "disk": machine.disk,
    "clock": machine.clock,
    "time": network.clock_of_host,
}
SIGNS = {Health.WELL: "well", Health.ADVICE: "look", Health.ILL: "MEND", Health.NONE: "-"}


@ends_in_words({SettingFault: 2})
def doctor(  # noqa: PLR0913 - as many as the command has options
    root: Path,
    content: Path,
    site_file: Path,
    *,
    url: str,
    as_json: bool,
    say: Callable[[str], None],
) -> int:
    """Look at the whole house, and say how each part is and what to do.

    :param url: of the published site; "" for the one in site.toml.
    :returns: 0 when nothing is ill, 1 when something is, 2 when the settings can't be read.
    """
    site = read_site(site_file)
    patient = ExaminedSite(root, content, site, f"{(url or site.url).rstrip('/')}/")
    findings = examine(patient)
    ill_parts = [name for name, finding in findings.items() if finding.health == Health.ILL]
    if as_json:
        checks = [
            {"name": name, "health": finding.health, "words": finding.words, "do": finding.remedy}
            for name, finding in findings.items()
        ]
        say(json.dumps({"well": not ill_parts, "checks": checks}, ensure_ascii=False, indent=1))
        return int(bool(ill_parts))
    width = max(map(len, findings))
    for name, finding in findings.items():
        say(f"{SIGNS[finding.health]:4}  {name:{width}}  {finding.words}")
        if finding.remedy:
            say(f"{'':4}  {'':{width}}  → {finding.remedy}")
    return int(bool(ill_parts))


def examine(
    patient: ExaminedSite,
    checks: Mapping[str, Callable[[ExaminedSite], Finding]] = CHECKS,
    seconds: float = SECONDS,
) -> dict[str, Finding]:
    """Return what was found of each thing; one that hangs or breaks is a finding too."""
    answers: queue.SimpleQueue[tuple[str, Finding]] = queue.SimpleQueue()

    def look(name: str, check: Callable[[ExaminedSite], Finding]) -> None:
        answers.put((name, _looked(patient, check)))

    for name, check in checks.items():  # those that hang end with the process
        threading.Thread(target=look, args=(name, check), daemon=True).start()
    until = time.monotonic() + seconds
    findings: dict[str, Finding] = {}
    while len(findings) < len(checks):
        try:
            name, finding = answers.get(timeout=max(until - time.monotonic(), 0))
        except queue.Empty:
            break
        findings[name] = finding
    late = ill(f"Nothing was heard within {seconds:.0f} seconds.", "See what it waits for.")
    return {name: findings.get(name, late) for name in checks}


def _looked(patient: ExaminedSite, check: Callable[[ExaminedSite], Finding]) -> Finding:
    try:
        return check(patient)
    except (StoreFault, SettingFault, ValueError) as fault:
        return ill(str(fault), "")
    except Exception as error:  # noqa: BLE001 - what breaks is told beside the rest
        return ill(f"It can't be looked at: {type(error).__name__}: {error}", "Tell us of it.")
