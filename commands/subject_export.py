"""Writes what a person may ask to have into a file, to be handed to them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from commands.archives import ENDS, files_in_words
from commands.terminal import Stop, ends_in_words
from feedback import subject_access
from feedback.settings import database_of
from feedback.store import read_existing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@ends_in_words(ENDS)
@files_in_words()
def export_theirs(
    root: Path, target: Path, say: Callable[[str], None], *, reference: str = "", person: str = ""
) -> int:
    """Write all that is kept of one submission or of one person, to be handed to them.

    A file whose name ends in .json is for other programs, any other to be read.

    :param person: an e-mail address, a telephone number or a name.
    :returns: 0, 1 when nothing is kept of them, 2 when the file is there already.
    """
    if target.exists():
        raise Stop(f"{target} is there already. Name a new file.", 2)
    with read_existing(database_of(os.environ, root)) as conn:
        records = (
            subject_access.of_submission(conn, reference)
            if reference
            else subject_access.of_person(conn, person)
        )
    words = records.as_json() if target.suffix.lower() == ".json" else records.as_text()
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(words)
    if records.references:
        say(f"Of {', '.join(records.references)}.")
    if records.subscriptions:
        say("Of the digest by mail.")
    say(
        f"Written to {target}. Read it before you hand it over: notes may name others, and two "
        "people may have one name or one telephone."
    )
    return 0
