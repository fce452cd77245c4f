"""Writes the association's own catalogue of interface words, to be filled in by a person."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from commands.site_folder import read_site
from commands.terminal import ends_in_words
from core.catalogues import OWN, Catalogues
from core.own_templates import TemplateFolders

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEADER = """\
The interface's words as this association says them.
Below each msgid (English, as the program has it) write yours between the quotes of msgstr.
What is left empty stays as it is. Keep %(name)s as it stands: it is filled in.\
"""


@ends_in_words()
def write_catalogue(
    root: Path, site_file: Path, lang: str, *, everything: bool, say: Callable[[str], None]
) -> int:
    """Write `translations/LANG.po` beside site.toml; what stands there is kept.

    :param everything: write what is said already, too.
    :returns: the exit code: 0, or 2 when it can't be written.
    """
    site = read_site(site_file)
    if lang not in site.languages:
        known = ", ".join(site.languages)
        say(f"“{lang}” isn't among the languages in {site_file.name}: {known}. Add it there first.")
        return 2
    folders = TemplateFolders.of(root / "theme", site_file)
    catalogues, target = Catalogues.of(folders), site_file.parent / OWN / f"{lang}.po"
    own = Catalog(lang)
    if target.is_file():
        try:
            own = read_po(io.BytesIO(target.read_bytes()), locale=lang, abort_invalid=True)
        except (PoFileError, ValueError) as error:
            say(f"{OWN}/{lang}.po can't be read ({error}). Mend it, or put it aside.")
            return 2
    own.header_comment = HEADER
    before = len(own)
    for message in catalogues.messages() if everything else catalogues.unsaid(lang):
        if own.get(message.id, message.context) is None:
            own.add(message.id, context=message.context)
    target.parent.mkdir(exist_ok=True)
    with target.open("wb") as file:
        write_po(file, own, width=100, include_lineno=False, sort_output=True)
    say(f"{OWN}/{lang}.po has {len(own)} phrases, {len(own) - before} of them new.")
    say("Write yours below each, or open the file in a program such as Poedit; then ./run check.")
    return 0
