"""What tests of `./run import` share: a folder of an association, and what came of an import."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from commands.build import BuildOptions, build
from commands.importing import bring
from commands.importing.models import ImportOptions
from commands.terminal import Terminal
from core.faults import Level
from tests.copies import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from commands.build import BuildResult

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SITE = """\
languages = ["en", "cy"]
url = "https://new.example.org/"

[association]
name = {en = "Gorse Homes", cy = "Cartrefi Eithin"}

[topics.repairs]
name = {en = "Repairs", cy = "Atgyweiriadau"}
"""


@dataclass
class NewSite:
    """An association's folder, empty but for its settings."""

    folder: Path
    answers: list[str] = field(default_factory=list)  # what somebody would type, in order
    questions: list[str] = field(default_factory=list)  # what was asked

    @property
    def content(self) -> Path:
        return self.folder / "content"

    @property
    def site(self) -> Path:
        return self.folder / "site.toml"

    def bring(self, form: str, what: Path, **more: Path | str | bool) -> int:
        """Import something; returns the exit code."""
        wish = ImportOptions(form=form, what=what, **more)  # type: ignore[arg-type]
        return bring(wish, self.content, self.site, Terminal(), ask=self._answer, now=NOW)

    def _answer(self, question: str) -> str:
        self.questions.append(question)
        if not self.answers:
            raise EOFError
        return self.answers.pop(0)

    def files(self) -> dict[str, str]:
        """Every text that came, by its path below the content folder."""
        return {
            path.relative_to(self.content).as_posix(): path.read_text(encoding="utf-8")
            for path in sorted(self.content.rglob("*.md"))
        }

    def state(self) -> dict[str, bytes]:
        """Every file of the folder but the report, by its path."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and "build" not in path.parts and path.name[0] != "."
        }

    def report(self, form: str) -> str:
        """What the report says."""
        return (self.folder / "build" / f"import-{form}.md").read_text(encoding="utf-8")

    def built(self) -> BuildResult:
        """The site that comes of it."""
        options = BuildOptions(
            root=ROOT, content=self.content, site=self.site, output=self.folder / "output"
        )
        return build(options, lambda *_: None)

    def faults(self) -> list[str]:
        """What `check` would refuse."""
        return [str(fault) for fault in self.built().faults if fault.level == Level.FAULT]


def empty_house(folder: Path, site: str = SITE) -> NewSite:
    """Return a folder with settings and nothing else."""
    house = NewSite(folder)
    house.content.mkdir(parents=True)
    house.site.write_text(site, encoding="utf-8")
    return house
