"""How a task of `./run` is declared: a function whose arguments are its options, and its places."""

from __future__ import annotations

import sys
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

from invoke.tasks import task

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from invoke.context import Context
    from invoke.tasks import Task

    from commands.build import BuildOptions

ROOT = Path(__file__).resolve().parents[2]

PLACES = {
    "output": "The folder to put the site in (default: output)",
    "tree": "The folder of the built site (default: output)",
    "content": "The folder of Markdown (default: content)",
    "site": "The settings (default: site.toml beside the content folder, or ours)",
}
KIND = Parameter.POSITIONAL_OR_KEYWORD
UNSAID: dict[str, Any] = {"str | None": "", "Path | None": "", "int | None": 0}
# What may be typed more than once. Told a tuple, invoke would take a name apart into its letters.
REPEATABLE = "Sequence[str]"


def site_task(
    *places: str,
    answers: Mapping[str, str] | None = None,
    **declared: Any,  # noqa: ANN401 - what invoke takes
) -> Callable[[Callable[..., int | None]], Task[Any]]:
    """Return what makes a task of a function that gets its places, if any, and its options.

    What the function returns is the exit code. An option that may be None is so where nobody types
    it, and a path is absolute: people name files relative to where they stand.

    :param places: names of `PLACES`, which become options too.
    :param answers: help on options that it takes as `**answers`: words, "" unless typed.
    :param declared: what invoke's own `task` takes, such as `help`.
    """
    answers = answers or {}

    def declare(body: Callable[..., int | None]) -> Task[Any]:
        own = [*signature(body).parameters.values()][bool(places) :]
        options = [Parameter(name, KIND, default="") for name in answers]
        options += [option for option in own if option.kind == KIND]

        @wraps(body)
        def run(_: Context, **typed: Any) -> None:  # noqa: ANN401 - whatever the options are
            where = [located({place: typed[place] for place in places})] if places else []
            try:
                code = body(*where, **{option.name: _value(option, typed) for option in options})
            except EOFError:
                sys.exit("Nobody is there to answer. Run it where somebody can type.")
            sys.exit(code)

        shown = [Parameter("_", KIND), *map(_shown, options)]
        shown += [Parameter(place, KIND, default="") for place in places]
        run.__signature__ = signature(body).replace(parameters=shown)  # type: ignore[attr-defined]
        places_help = {place: PLACES[place] for place in places}
        declared["help"] = {**answers, **declared.get("help", {}), **places_help}
        as_task: Task[Any] = task(**declared)(run)
        return as_task

    return declare


def _shown(option: Parameter) -> Parameter:
    """Return an option as invoke reads it: by its default's type, so that None is none."""
    if option.annotation == REPEATABLE:
        return option.replace(default=None)
    unsaid = UNSAID.get(str(option.annotation))
    return option if option.default is not None else option.replace(default=unsaid)


def _value(option: Parameter, typed: Mapping[str, Any]) -> Any:  # noqa: ANN401 - of any type
    value = typed[option.name]
    if option.default is None and not value:
        return None
    return Path(value).resolve() if "Path" in str(option.annotation) else value


def located(places: Mapping[str, str]) -> BuildOptions:
    """Return what to build; folders that people name are relative to where they stand.

    :param places: by the names of `PLACES`; those that aren't named are where they usually are.
    """
    from commands.build import BuildOptions

    content, site = places.get("content", ""), places.get("site", "")
    output = places.get("output") or places.get("tree", "")
    folder = Path(content).resolve() if content else ROOT / "content"
    beside = folder.parent / "site.toml"
    settings = Path(site).resolve() if site else beside if beside.is_file() else ROOT / "site.toml"
    target = Path(output).resolve() if output else ROOT / "output"
    return BuildOptions(root=ROOT, content=folder, site=settings, output=target)
