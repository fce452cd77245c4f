"""What every generator of ours is made of: the build, what was asked for, and a way to write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pelican import signals
from pelican.generators import Generator

from core import templating
from plugins.sections.assets import Assets
from plugins.sections.planned_page import SitePlan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from plugins.sections.build_context import BuildContext, BuildOrder


class SiteGenerator(Generator):
    """A Pelican generator that works on the one build; comes after the sections in PLUGINS."""

    @property
    def build(self) -> BuildContext:
        """Return what this build knows of the site, once the sections have read it."""
        build: BuildContext = self.context["build"]
        return build

    @property
    def plan(self) -> SitePlan:
        """Return what is planned; a plugin adds to it, or puts other pages in its place."""
        return self.build.shared(SitePlan)

    @property
    def assets(self) -> Assets:
        """Return the theme's own files, and those of the association's look."""
        return self.build.shared(Assets)

    @property
    def order(self) -> BuildOrder:
        """Return what the build was asked for."""
        order: BuildOrder = self.settings["ORDER"]
        return order

    def speak(self) -> None:
        """Let this generator's templates be found, and speak the site's languages."""
        templates = self.order.templates(Path(self.theme))
        templating.install(self.env, templates, self.build.every_wording)

    def write(self, name: str, parts: bytes | str | Iterable[bytes | str]) -> None:
        """Write a file below the output folder; one of parts is never whole in memory.

        :param name: with forward slashes. Texts are written as UTF-8, their line ends as they are.
        """
        target = Path(self.output_path) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            for part in [parts] if isinstance(parts, (bytes, str)) else parts:
                file.write(part.encode() if isinstance(part, str) else part)


def registers(generator: type[Generator]) -> Callable[[], None]:
    """Return a plugin's `register`: Pelican runs a generator once, after those registered before.

    Signals outlive a run, and in the next one another plugin may have come in between.
    """

    def get_generators(_: object) -> type[Generator]:
        return generator

    def register() -> None:
        # Pelican holds receivers weakly, and nobody else holds this one for sure.
        signals.get_generators.disconnect(get_generators)
        signals.get_generators.connect(get_generators, weak=False)

    return register
