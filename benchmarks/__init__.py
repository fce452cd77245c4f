"""Benchmarks: what the house costs, as ratios against something real, measured in one run.

Each module here has one function `measure()`, which returns a `Result`. `./run bench NAME` runs
it, prints its table and writes `build/bench/NAME.json`.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from benchmarks.results import Result, save, table
from core.values import did_you_mean

ROOT = Path(__file__).resolve().parent.parent
SHARED = {"__init__", "host", "measuring"}


def names() -> list[str]:
    """Return what can be measured."""
    return sorted(
        path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in SHARED
    )


def run(name: str) -> int:
    """Measure one thing; returns the exit code: 0, or 2 for a name that there is none of."""
    if name not in names():
        known = f"Write ./run bench and one of: {', '.join(names())}."
        wrong = (
            f"There is no benchmark called {name}. {did_you_mean(name, names())}" if name else ""
        )
        print(" ".join(filter(None, [wrong.strip(), known])), file=sys.stderr)
        return 2
    module = importlib.import_module(f"benchmarks.{name}")
    result: Result = module.measure()
    print(table(result))
    target = save(name, result, ROOT / "build" / "bench")
    print(f"Written: {target.relative_to(ROOT)}")
    return 0
