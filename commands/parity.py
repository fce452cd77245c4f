"""Says what is written in one language and not yet in the others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from commands.site_folder import read_content
from commands.terminal import describe, ends_in_words, require_format
from core.catalogues import Catalogues
from core.own_templates import TemplateFolders
from plugins.languages.parity import Parity, parity

if TYPE_CHECKING:
    from pathlib import Path

    from commands.terminal import Terminal


@ends_in_words()
def report_parity(root: Path, content: Path, site_file: Path, form: str, terminal: Terminal) -> int:
    """Print how the languages stand beside each other.

    :param root: the program's folder.
    :param form: "text" for people, "json" for tools.
    :returns: 0 when nothing is missing, 1 when something is, 2 when it can't be told.
    """
    require_format(form)
    opened = read_content(content, site_file)
    templates = TemplateFolders.of(root / "theme", site_file)
    Catalogues.of(templates).tell_unsaid(opened.site, opened.report)
    standing = parity(opened.contents, opened.report, opened.site.languages)
    if form == "json":
        print(_as_json(standing))
    else:
        for tally in standing.tallies:
            terminal.say(f"{tally.lang}: {tally.pages} of {tally.of} pages ({tally.percent} %)")
        print(describe(standing.gaps) if standing.gaps else "Everything is said in every language.")
    return 1 if standing.gaps else 0


def _as_json(standing: Parity) -> str:
    languages = {tally.lang: {"pages": tally.pages, "of": tally.of} for tally in standing.tallies}
    gaps = [fault.as_dict() for fault in standing.gaps]
    return json.dumps({"languages": languages, "gaps": gaps}, ensure_ascii=False, indent=2)
