"""What became of formats: how each version rewrites what an association wrote for earlier ones.

Run as a program it works in a copy of an association's folder, by the new version's own packages.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, TemplateSyntaxError

from commands.upgrading.house import number
from core.content_files import is_read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

# Filters whose arguments name what they look at in each of several things.
_BY_ATTRIBUTE = {"attr", "groupby", "map", "max", "min", "rejectattr", "selectattr", "sort", "sum",
                 "unique"}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Migration:
    """One change of a format: which files may hold the old form, and what they hold instead."""

    version: str  # the first one that reads the new form
    about: str  # a sentence for whoever wrote the files
    files: str  # a pattern of paths below the association's folder, as `Path.glob` takes it
    rewrite: Callable[[str], str]  # of a file's whole text; what has the new form stays as it is


def migrate(folder: Path, since: str, steps: Iterable[Migration]) -> dict[str, list[str]]:
    """Rewrite an association's files, in place, for what changed after a version.

    :param folder: it, with `content/`, `templates/` and the like.
    :param since: the version that the files were written for.
    :param steps: all that there are, the oldest first.
    :returns: for each file that changed, by its path below the folder, what changed and why.
    """
    changed: dict[str, list[str]] = {}
    for step in steps:
        if number(step.version) <= number(since):
            continue
        for path in sorted(folder.glob(step.files)):
            name = path.relative_to(folder).as_posix()
            if not path.is_file() or not is_read(name):
                continue
            try:
                text = path.read_bytes().decode("utf-8")
            except UnicodeDecodeError:
                continue  # nothing of ours was ever written so; `check` says it
            fresh = step.rewrite(text)
            if fresh != text:
                path.write_bytes(fresh.encode())
                changed.setdefault(name, []).append(step.about)
    return changed


def renamed_attribute(old: str, new: str) -> Callable[[str], str]:
    """Return what calls an attribute by its new name wherever a template asks for it.

    Jinja's own lexer says what is an attribute, so that words, comments and `{% raw %}` stay; and
    so does, whole, a template that it can't read.
    """

    def rewrite(text: str) -> str:
        try:
            tokens = list(_placed(text))
        except TemplateSyntaxError:
            return text
        done: list[str] = []
        end = 0
        for start, name in _asked(tokens, old):
            done += [text[end:start], new]
            end = start + len(name)
        return "".join([*done, text[end:]])

    return rewrite


@dataclass(frozen=True, slots=True)
class _Token:
    """A token of a template, without the blanks between."""

    start: int
    sort: str
    text: str


def _placed(text: str) -> Iterator[_Token]:
    """Yield a template's tokens with their places; the lexer alone knows only their lines."""
    end = 0
    for _, sort, word in Environment(autoescape=True, keep_trailing_newline=True).lex(text):
        # Where a tag takes the blanks before it away, and in files from Windows, text differs.
        start = text.find(word, end) if sort != "data" else end
        if start < 0 or sort in {"data", "whitespace"}:
            continue
        end = start + len(word)
        yield _Token(start, sort, word)


def _asked(tokens: Sequence[_Token], attribute: str) -> Iterator[tuple[int, str]]:
    """Yield where an attribute is asked for: as `x.name`, `x["name"]` or a filter's argument."""
    callers: list[str] = []  # of the brackets that are open: the filter before each, or ""
    for place, token in enumerate(tokens):
        before = tokens[place - 1].text if place else ""
        if token.text == "(":
            filtered = place > 1 and tokens[place - 2].text == "|"
            callers.append(before if filtered else "")
        elif token.text == ")" and callers:
            callers.pop()
        elif token.sort == "name" and before == "." and token.text == attribute:
            yield token.start, attribute
        elif token.sort == "string" and token.text[1:-1].partition(".")[0] == attribute:
            indexed = before == "[" and place > 1 and tokens[place - 2].sort == "name"
            named = before in {"(", "="} and callers and callers[-1] in _BY_ATTRIBUTE
            if indexed or named:
                yield token.start + 1, attribute


MIGRATIONS = (
    Migration(
        version="0.2.0",
        about="What was `entry.thing` in a template is called `entry.content`.",
        files="templates/**/*",
        rewrite=renamed_attribute("thing", "content"),
    ),
)


def main(arguments: Sequence[str]) -> int:
    """Migrate the copy in a folder from a version; print what changed, as JSON."""
    folder, since = arguments
    json.dump(migrate(Path(folder), since, MIGRATIONS), sys.stdout, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
