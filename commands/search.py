"""Searches the built site from the terminal, and keeps the index that answers there and online."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

from rich.text import Text

from commands.site_folder import read_site
from commands.terminal import Stop, ends_in_words
from core.search.answers import SearchIndexes
from core.search.tree import NoDocuments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rich.console import Console

    from core.search.answers import Answers
    from core.site import Site


@ends_in_words()
def search(  # noqa: PLR0913 - what was asked, by name
    root: Path, tree: Path, site_file: Path, words: str, *, lang: str, console: Console
) -> int:
    """Print what the built site says about some words, the best ten pages.

    :returns: 0 when there are any, 1 when there are none, 2 when it can't be searched.
    """
    site = read_site(site_file)
    lang = lang or site.unnamed
    if lang not in site.languages:
        known = ", ".join(site.languages)
        raise Stop(f"The site doesn't speak {lang}. Write one of: {known}.", 2)
    with _up_to_date(root, tree, site) as (indexes, _):
        answers = indexes.answers(words, lang, {})
    _print(answers, site, lang, console)
    return 0 if answers.total else 1


def _print(answers: Answers, site: Site, lang: str, console: Console) -> None:
    for number, result in enumerate(answers.shown, 1):
        document = result.document
        facts = [document.kind, document.date, "" if document.lang == lang else document.lang]
        console.print(Text(f"{number:2}. ") + _marked(result.title), soft_wrap=True)
        console.print(Text(f"    {' · '.join(filter(None, facts))}", style="dim"), soft_wrap=True)
        console.print(
            Text(f"    {site.url.rstrip('/')}/{quote(result.path, safe='/#')}"), soft_wrap=True
        )
        if result.excerpt:
            console.print(Text("    ") + _marked(result.excerpt.pieces), soft_wrap=True)
    total = f"{answers.total} pages" if answers.total != 1 else "1 page"
    console.print(f"{total} found.", highlight=False)
    if answers.meant:
        console.print(Text(f"Did you mean: {answers.meant}"))


def _marked(pieces: tuple[str, ...]) -> Text:
    """Return pieces with every second one, which was asked for, in bold."""
    return Text.assemble(*((piece, "bold" if n % 2 else "") for n, piece in enumerate(pieces)))


@ends_in_words()
def index(root: Path, tree: Path, site_file: Path, say: Callable[[str], None]) -> int:
    """Bring the index of the built site up to date, page by page.

    :returns: 0, or 2 when there is no built site.
    """
    with _up_to_date(root, tree, read_site(site_file), say) as (_, changed):
        say(f"The index is up to date; {changed} pages had changed.")
    return 0


@contextmanager
def _up_to_date(
    root: Path, tree: Path, site: Site, say: Callable[[str], None] = lambda _: None
) -> Iterator[tuple[SearchIndexes, int]]:
    """Yield the indexes of a tree, brought up to date, and how many pages had changed."""
    with closing(SearchIndexes(tree, root / ".cache" / "search", site.languages)) as indexes:
        try:
            changed = indexes.update(lambda done, total: say(f"{done} of {total} pages …"))
        except NoDocuments:
            wrong = f"{tree} holds no built site that can be searched."
            raise Stop(f"{wrong} Type ./run build.", 2) from None
        yield indexes, changed
