"""Plugins that an association wrote where 0.1.0 asked for them, brought to where they live now.

0.1.0 had no place for them: they stood among ours, and `pelicanconf.py` named them.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container
    from pathlib import Path

SETTINGS = "pelicanconf.py"
SITE = "site.toml"
OURS, THEIRS = "plugins", "local_plugins"


def bring_own_plugins(house: Path, copy: Path, ours: Container[str]) -> dict[str, list[str]]:
    """Copy an association's plugins to its own folder, and name them in its settings.

    :param house: the folder of the version in place, which stays as it is.
    :param copy: of what is theirs in it; it is changed.
    :param ours: the files of versions that went out, by path, so that none of those is brought.
    :returns: for each file that is new or changed, by its path below the folder, why.
    """
    changed: dict[str, list[str]] = {}
    names = []
    for plugin in _named(house / SETTINGS):
        name = plugin.rpartition(".")[2]
        if plugin in {name, f"{OURS}.{name}"} and (files := _files(house, name, ours)):
            for path in files:
                target = THEIRS + path.removeprefix(OURS)
                (copy / target).parent.mkdir(parents=True, exist_ok=True)
                if not (copy / target).exists():
                    shutil.copy2(house / path, copy / target)
                    changed[target] = [f"Plugins of yours live in {THEIRS}/ now."]
        elif not _stands(copy / THEIRS, name):
            continue
        names.append(name)
    text = (copy / SITE).read_text(encoding="utf-8") if (copy / SITE).is_file() else ""
    if names and text and not re.search(r"(?m)^plugins\s*=", text):
        (copy / SITE).write_text(f"plugins = {json.dumps(names)}\n{text}", encoding="utf-8")
        changed[SITE] = [f"Your plugins are named here, and no longer in {SETTINGS}."]
    return changed


def _named(settings: Path) -> list[str]:
    """Return the plugins that Pelican's settings name, without running them."""
    try:
        module = ast.parse(settings.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError):
        return []
    lists = [
        node.value
        for node in module.body
        if isinstance(node, ast.Assign | ast.AugAssign)
        and any(
            isinstance(target, ast.Name) and target.id == "PLUGINS"
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        )
    ]
    return [
        element.value
        for value in lists
        if isinstance(value, ast.List | ast.Tuple)
        for element in value.elts
        if isinstance(element, ast.Constant) and isinstance(element.value, str)
    ]


def _stands(folder: Path, name: str) -> bool:
    return (folder / f"{name}.py").is_file() or (folder / name / "__init__.py").is_file()


def _files(house: Path, name: str, ours: Container[str]) -> list[str]:
    """Return the files of a plugin of theirs among ours."""
    if not _stands(house / OURS, name):
        return []
    paths = [house / OURS / f"{name}.py", *sorted((house / OURS / name).rglob("*"))]
    files = [p.relative_to(house).as_posix() for p in paths if p.is_file()]
    return [] if any(file in ours for file in files) else files
