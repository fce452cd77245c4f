"""What earlier rounds left: when each step went well or failed, and what was mailed of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from feedback.settings import PLACE

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import timedelta
    from pathlib import Path

LOG = "rounds.json"
MAIL = "mail"  # stands in the log for what its reader was told last


@dataclass
class RoundsLog:
    """When each step last went well, and when it last failed: what `doctor` looks at."""

    path: Path
    steps: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def read(cls, root: Path) -> RoundsLog:
        """Return what earlier rounds left; nothing where there were none."""
        path = root / PLACE / LOG
        try:
            steps = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            steps = {}
        return cls(path, steps if isinstance(steps, dict) else {})

    def went(self, step: str) -> datetime | None:
        """Return when a step last went well."""
        return self._at(step, "went")

    def failed(self, step: str) -> datetime | None:
        """Return when a step failed that has not gone well since."""
        failed, went = self._at(step, "failed"), self.went(step)
        return failed if failed and (went is None or failed > went) else None

    def note(self, step: str, *, well: bool) -> None:
        """Keep how a step went."""
        now = datetime.now(UTC).isoformat()
        self.steps[step] = {**self.steps.get(step, {}), "went" if well else "failed": now}
        self._keep()

    def is_news(self, failing: Collection[str], now: datetime, again: timedelta) -> bool:
        """Whether somebody who looks after the machine has not heard of these yet, or long ago.

        :param failing: the steps that fail at present.
        :param again: how long after a mail the same is said once more.
        """
        mailed, at = self.steps.get(MAIL, {}), self.went(MAIL)
        if " ".join(sorted(failing)) != mailed.get("failing", ""):
            return True
        return bool(failing) and (at is None or now - at >= again)

    def note_mail(self, failing: Collection[str], now: datetime) -> None:
        """Keep that somebody has heard of these."""
        self.steps[MAIL] = {"failing": " ".join(sorted(failing)), "went": now.isoformat()}
        self._keep()

    def _keep(self) -> None:
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps(self.steps, indent=1), encoding="utf-8")
        draft.replace(self.path)

    def _at(self, step: str, how: str) -> datetime | None:
        try:
            return datetime.fromisoformat(self.steps[step][how])
        except (KeyError, TypeError, ValueError):
            return None
