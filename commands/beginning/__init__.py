"""`./run begin`: an association's own site in ten answers; the sample is put aside."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from commands.beginning.answers import Questions, english_name
from commands.beginning.pages import pages, starter_languages
from commands.beginning.sample import ASIDE, is_sample, own_files
from commands.beginning.settings_text import settings
from commands.terminal import Stop, complain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

HOME = ZoneInfo("Europe/London")  # the zone that site.toml begins with


def begin(  # noqa: PLR0913 - what was said, and the seams
    root: Path,
    options: Mapping[str, str],
    *,
    yes: bool,
    say: Callable[[str], None],
    ask: Callable[[str], str],
    now: datetime | None = None,
) -> int:
    """Ask, put the sample aside, and write settings and first pages.

    :param root: the association's folder, which holds the sample still.
    :param options: answers from the command line, by the names of the options.
    :param yes: ask nothing and take what is offered.
    :param now: aware; None for the clock.
    :returns: 0 when it is done; 1 when it can't be, or somebody stopped; 2 for words that can't be
        followed. Until everything is answered nothing is written.
    """
    try:
        _look(root)
        answers = Questions(options, yes, say, ask).answers()
        today = (now or datetime.now(UTC)).astimezone(HOME).date()
        files = pages(answers, today)
        own = own_files(root)
        _put_aside(root)
        _write(root, settings(answers, today), files)
        back = _bring_back(root, own.new)
    except Stop as stop:
        complain(str(stop))
        return stop.code
    except (EOFError, KeyboardInterrupt):
        complain("\nStopped; nothing was written. With --yes nothing is asked.")
        return 1
    say(
        f"Written: site.toml and {len(files)} pages in content/. The sample lies in {ASIDE}/.\n"
        "Next: ./run serve shows your site. Read every page: what it says must be true of you.\n"
        "./run import brings an old website; ./run sample shows the sample, its desk included."
    )
    for sentence, names in (
        ("These were yours already, and stay in content/", back),
        (f"You had changed these of the sample; they lie in {ASIDE}/content/ now", own.changed),
    ):
        if names:
            say("\n".join([f"{sentence}:", *(f"  {name}" for name in names)]))
    for lang in answers.languages:
        if lang not in starter_languages():
            say(_without_starters(lang, alone=len(answers.languages) == 1))
    return 0


def _without_starters(lang: str, *, alone: bool) -> str:
    """Return what to do about a language of which we have no first pages."""
    called = english_name(lang)
    advice = (
        "They are in English, and drafts: translate each, and take its line “draft: true” out."
        if alone
        else "Its readers see the others, with a note, until you write them; "
        "./run parity lists what is missing."
    )
    return (
        f"There are no first pages in {called} yet. {advice} Topics and teams in site.toml are in "
        f"English there too, and ./run catalogue writes a file for the words of buttons."
    )


def _bring_back(root: Path, names: Sequence[str]) -> list[str]:
    """Put files that never were the sample's back; what a first page has taken stays aside.

    :returns: those that are back, by their paths below the content folder.
    """
    back = []
    for name in names:
        target = root / "content" / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            (root / ASIDE / "content" / name).rename(target)
            back.append(name)
    return back


def _look(root: Path) -> None:
    """Look whether there is something to begin from.

    :raises Stop: when the site has begun already, or the sample can't be put aside.
    """
    if not is_sample(root / "site.toml"):
        raise Stop(
            "This site has begun: site.toml is your own, so nothing was changed. "
            "./run sample shows the sample."
        )
    if (root / ASIDE).exists():
        raise Stop(f"There is a folder {ASIDE} already. Move it away, then type this again.")


def _put_aside(root: Path) -> None:
    aside = root / ASIDE
    aside.mkdir()
    for name in ("site.toml", "content"):
        (root / name).rename(aside / name)


def _write(root: Path, settings_text: str, files: Mapping[str, str]) -> None:
    """Write everything; when the disk refuses, the sample comes back.

    :raises Stop: when the disk refuses.
    """
    try:
        for name, text in files.items():
            path = root / "content" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        (root / "site.toml").write_text(settings_text, encoding="utf-8", newline="\n")
    except OSError as error:
        shutil.rmtree(root / "content", ignore_errors=True)
        (root / "site.toml").unlink(missing_ok=True)
        for name in ("site.toml", "content"):
            (root / ASIDE / name).rename(root / name)
        (root / ASIDE).rmdir()
        why = f"{error.filename} can't be written: {error.strerror}."
        raise Stop(f"{why} All is as it was.") from None
