"""Makes a poster or a letter about something on the site, for whoever reads on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands.paper.pdf import one_page
from commands.paper.sheet import Layout, Paper
from commands.paper.subject import find, open_folder
from commands.terminal import Stop, ends_in_words
from core.own_templates import TemplateFolders

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from commands.paper.subject import AssociationFolder


@ends_in_words()
def poster(  # noqa: PLR0913 - as many as the command has options
    root: Path,
    content: Path,
    site_file: Path,
    word: str,
    *,
    letter: bool,
    a3: bool,
    lang: str,
    output: Path | None,
    say: Callable[[str], None],
    now: datetime | None = None,
) -> int:
    """Write one page as a tagged PDF, and say where it is.

    :param root: this repository.
    :param word: a key, a reference, a kind and a key, or “say”.
    :param lang: the one language to use; "" for all, in the site's order.
    :param output: the file to write; None for one in build/paper/ that is named for the subject.
    :param now: aware; None for the clock.
    :returns: 0 when the file is written, 1 when what is named can't be printed now, 2 when the
        words can't be followed or what sets type is missing.
    """
    try:
        opened = open_folder(root, content, site_file, now)
        layout = _layout(opened, lang, letter=letter, a3=a3)
        paper = Paper(root, opened, find(word, opened), layout)
        say("Setting the type …")
        data = one_page(paper.html, root / "theme")
    except Exception as error:
        if fault := TemplateFolders.of(root / "theme", site_file).fault_of(error):
            raise Stop(str(fault)) from error
        raise
    sort = "letter" if letter else "poster"
    named = f"{sort}-{paper.subject.key.lower() or paper.subject.kind}.pdf"
    target = output or root / "build" / "paper" / named
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    except OSError as error:
        wrong = f"{target} can't be written: {error.strerror}."
        raise Stop(f"{wrong} Choose another with --output.", 2) from None
    say(f"A {sort} about “{paper.title}”: {target}")
    return 0


def _layout(opened: AssociationFolder, lang: str, *, letter: bool, a3: bool) -> Layout:
    languages = opened.build.site.languages
    if lang and lang not in languages:
        raise Stop(f"The site doesn't speak “{lang}”. Write --lang {' or '.join(languages)}.", 2)
    if letter and a3:
        raise Stop("A letter folds into an envelope, so it is A4. Leave out --a3.", 2)
    return Layout((lang,) if lang else languages, letter=letter, a3=a3)
