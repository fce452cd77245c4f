"""How benchmarks measure and tell: medians, a table for people, JSON for machines."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
from dataclasses import asdict, dataclass, field
from importlib import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One thing that was measured."""

    name: str
    value: float
    unit: str  # s, ms, kB, MiB, or "" for a ratio or a count
    goal: str = ""  # what it should reach, in words


@dataclass(frozen=True)
class Result:
    """What a benchmark found."""

    title: str
    figures: tuple[Figure, ...]
    packages: tuple[str, ...] = ()  # whose versions matter to the figures
    versions: dict[str, str] = field(default_factory=dict)  # of programs that are no packages


def median_seconds(work: Callable[[], object], times: int = 5) -> float:
    """Return the median of how long some work takes, in seconds."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def table(result: Result) -> str:
    """Return a result as people read it."""
    rows = [("figure", "value", "goal")]
    rows += [
        (figure.name, f"{figure.value:,.3g} {figure.unit}".strip(), figure.goal)
        for figure in result.figures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        "  ".join(f"{cell:<{widths[n]}}" for n, cell in enumerate(row)).rstrip() for row in rows
    ]
    return "\n".join([result.title, "", *lines, ""])


def save(name: str, result: Result, folder: Path) -> Path:
    """Write a result with the versions and the machine it was measured on; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    fields = {
        "title": result.title,
        "figures": [asdict(figure) for figure in result.figures],
        "versions": {
            "python": platform.python_version(),
            **{package: metadata.version(package) for package in result.packages},
            **result.versions,
        },
        "machine": {
            "system": platform.system(),
            "processor": platform.machine(),
            "cores": os.cpu_count(),
        },
    }
    target = folder / f"{name}.json"
    target.write_text(json.dumps(fields, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return target
