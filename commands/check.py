"""Checks everything that is written, and reports all faults together."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from commands.beginning.sample import is_sample
from commands.build import build
from commands.dictionaries import Hunspell
from commands.fault_sorts import overview, way_in
from commands.template_trial import with_templates
from commands.terminal import (
    Terminal,
    describe,
    ends_in_words,
    require_format,
    summary,
    tell_crash,
)
from core.faults import Level, Report
from core.site import parse_site
from plugins.checks.advice import advise, in_brief
from plugins.checks.spelling import OWN, own_words

if TYPE_CHECKING:
    from commands.build import BuildOptions, BuildResult
    from core.faults import Fault


# Faults of pages that name something that isn't there.
TORN = {"unknown-reference", "unknown-record", "broken-link", "missing-picture"}


@ends_in_words()
def check(options: BuildOptions, form: str, terminal: Terminal) -> int:
    """Build into a folder that is thrown away, and print what is wrong.

    :param form: "text" for people, "json" for tools.
    :returns: 0 when there is no fault (advice is none), 1 when there is, 2 on a bad `form`.
    """
    require_format(form)
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        tried = replace(options, output=Path(folder) / "site", strict=False)
        with Terminal(quiet=terminal.quiet or form == "json").progress() as progress:
            result = build(tried, progress)
        result = with_templates(result, tried)
    machine = Hunspell(options.content)
    advice = _words(options, result, machine)
    if form == "json":
        print(as_json(replace(result, faults=(*result.faults, *advice))))
    else:
        faults = tuple(sorted((*result.faults, *in_brief(advice))))
        if sorts := overview(faults):
            parts = (f"What was found, by sort:\n{sorts}", way_in(faults), "And by file:\n")
            print("\n\n".join(filter(None, parts)))
        if faults:
            print(describe(faults), end="\n\n")
        if result.crash:
            tell_crash(result.crash)
        if missing := machine.missing(result.languages):
            terminal.say(missing)
        terminal.say(summary(faults))
        if is_sample(options.site) and any(fault.code in TORN for fault in faults):
            terminal.say(
                "This is the sample, and parts of it that others name are gone. ./run begin puts "
                "all of it aside and writes pages of your own."
            )
    return 1 if result.faulty or result.crash else 0


def _words(options: BuildOptions, result: BuildResult, machine: Hunspell) -> list[Fault]:
    """Return advice about staff's words; a site that can't be read has other troubles."""
    if not result.contents:
        return []
    settings = options.site.read_text(encoding="utf-8-sig")
    site = parse_site(settings, Report().at(options.site.name))
    own = options.content / OWN
    text = own.read_text(encoding="utf-8-sig", errors="replace") if own.is_file() else ""
    spelt = own_words(site, text) if site else frozenset[str]()
    return advise(result.contents, spelt, machine, result.languages, options.content.name)


def as_json(result: BuildResult) -> str:
    """Return a report for tools: whether all is well, and the faults by level."""
    report = {
        "ok": result.ok and not result.faulty,
        "pages": result.pages,
        "faults": [fault.as_dict() for fault in result.faults if fault.level == Level.FAULT],
        "advice": [fault.as_dict() for fault in result.faults if fault.level == Level.ADVICE],
        "crash": result.crash,
    }
    return json.dumps(report, ensure_ascii=False, indent=2)
