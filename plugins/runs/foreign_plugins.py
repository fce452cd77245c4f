"""Plugins that aren't ours: loaded by name, watched while they run, and told of by name.

Pelican lets a plugin do anything, in silence. So each is called through a guard that knows its
name: what it raises is a fault with its file and line, and files of ours that it rewrites, files
of its own that ours take the place of, or signals that nothing here sends, are told in the report.
"""

from __future__ import annotations

import importlib
import sys
import traceback
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any
from weakref import ref

from pelican.plugins import signals

from core.faults import Fault, Level
from core.site import OWN_PLUGINS
from plugins.sections.build_context import NoSite

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping

    from blinker import Signal

    from core.faults import Report

FileStamp = tuple[int, int]  # size in bytes, and when it was written, in nanoseconds
OURS = "plugins."  # what the names of our own plugins begin with
SIGNALS: dict[str, Signal] = {
    name: signal for name, signal in vars(signals).items() if hasattr(signal, "receivers")
}
# Those that say something here. Pelican sends most others too, but of articles and pages of its
# own kind, and there are none.
HEARD = frozenset(
    {
        "initialized",
        "get_generators",
        "generator_init",
        "all_generators_finalized",
        "content_written",
        "finalized",
    }
)
MANY = 3  # files that are named in a sentence


@dataclass
class ForeignPlugin:
    """One plugin, what it listens to, and what it did to our files."""

    name: str
    place: str  # its file as staff know it, or the name of its package
    listens: list[tuple[str, Callable[..., Any]]] = field(default_factory=list)
    rewritten: set[str] = field(default_factory=set)  # relative to the output folder
    removed: set[str] = field(default_factory=set)
    covered: set[str] = field(default_factory=set)  # its own, which we wrote after it


class ForeignPlugins:
    """All of a run."""

    def __init__(self, folder: Path, report: Report, output: Callable[[], Path]) -> None:
        """Take the folder of the association's plugins, which need not exist.

        :param output: returns where the site is being written, which no plugin may change.
        """
        self._folder, self._report, self._output = folder, report, output
        self._tree = output()
        self._plugins: list[ForeignPlugin] = []
        # Files that are theirs: whose, and as it left them.
        self._made: dict[str, tuple[ForeignPlugin, FileStamp]] = {}
        package = ModuleType(OWN_PLUGINS)
        package.__path__ = [str(folder)]
        for known in [known for known in sys.modules if known.startswith(f"{OWN_PLUGINS}.")]:
            del sys.modules[known]
        sys.modules[OWN_PLUGINS] = package
        importlib.invalidate_caches()

    def load(self, name: str) -> ModuleType | None:
        """Return a plugin by its name, read anew if the folder has it. None when it is faulty.

        One of the folder's is imported as a part of it, so that it may be called as it likes.
        """
        plugin = self._named(name)
        own = plugin.place != name
        try:
            with _without_bytecode(), self._listening(plugin):
                return importlib.import_module(f"{OWN_PLUGINS}.{name}" if own else name)
        except ModuleNotFoundError as error:
            if error.name == name.partition(".")[0] and not own:
                instead = f"Put it into {OWN_PLUGINS}/{name}.py, or take it out of plugins."
                self._tell(plugin, 0, "There is no such plugin.", instead)
            else:
                self._failed(plugin, error)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever somebody's plugin raises
            self._failed(plugin, error)
        return None

    def register(self, module: Any) -> None:  # noqa: ANN401 - Pelican takes any object as a plugin
        """Let a plugin connect to Pelican, through a guard.

        :raises NoSite: when it can't; the report says why.
        """
        name = getattr(module, "__name__", type(module).__qualname__)
        with self._guarding(self._named(name.removeprefix(f"{OWN_PLUGINS}."))):
            module.register()

    def _named(self, name: str) -> ForeignPlugin:
        """Return what is known of a plugin, from when it is first heard of."""
        for plugin in self._plugins:
            if plugin.name == name:
                return plugin
        self._plugins.append(ForeignPlugin(name, self._place(name)))
        return self._plugins[-1]

    @contextmanager
    def _listening(self, plugin: ForeignPlugin) -> Iterator[None]:
        """Put a guard in the place of each receiver that a plugin connects meanwhile.

        It may do so whenever it is called: as it is imported, registered, or told of something.
        """
        before = {name: set(signal.receivers) for name, signal in SIGNALS.items()}
        try:
            yield
        finally:
            self._guard_receivers(plugin, before)

    def _guard_receivers(self, plugin: ForeignPlugin, before: Mapping[str, set[Any]]) -> None:
        for sort, signal in SIGNALS.items():
            for key in [key for key in signal.receivers if key not in before[sort]]:
                held = signal.receivers[key]
                receiver = held() if isinstance(held, ref) else held
                if receiver is not None:
                    signal.disconnect(receiver)
                    guarded = self._guarded(plugin, sort, receiver)
                    signal.connect(guarded, weak=False)
                    plugin.listens.append((sort, guarded))

    def tell(self, pages: Container[str]) -> None:
        """Report what each did that nobody would see otherwise.

        :param pages: files without which there is no site, relative to the output folder.
        """
        self._cover(self._stamps())
        for plugin in self._plugins:
            deaf = sorted({sort for sort, _ in plugin.listens if sort not in HEARD})
            if deaf:
                all_of_it = len(deaf) == len({sort for sort, _ in plugin.listens})
                self._tell(
                    plugin,
                    0,
                    f"It waits for {' and '.join(deaf)}, which tells of nothing here"
                    f"{': so it does nothing at all' if all_of_it else ''}.",
                    f"docs/plugins.md lists what comes: {', '.join(sorted(HEARD))}.",
                    Level.ADVICE,
                )
            for files, wrong in (
                (plugin.rewritten, "It rewrote what we had written"),
                (plugin.removed, "It took away what we had written"),
                (plugin.covered, "It wrote what we write too, and ours took its place"),
            ):
                if files:
                    grave = any(name in pages for name in plugin.removed & files)
                    named = ", ".join(sorted(files)[:MANY])
                    more = f", and {len(files) - MANY} more" if len(files) > MANY else ""
                    self._tell(
                        plugin,
                        0,
                        f"{wrong}: {named}{more}.",
                        "Look whether that is what you want of it; else take it out of plugins.",
                        Level.FAULT if grave else Level.ADVICE,
                    )

    def listen(self) -> None:
        """Connect them all, as often as Pelican runs."""
        for plugin in self._plugins:
            for sort, receiver in plugin.listens:
                SIGNALS[sort].connect(receiver, weak=False)

    def leave(self) -> None:
        """Disconnect them all: Pelican's signals outlive a run."""
        for plugin in self._plugins:
            for sort, receiver in plugin.listens:
                SIGNALS[sort].disconnect(receiver)

    def _guarded(
        self, plugin: ForeignPlugin, sort: str, receiver: Callable[..., Any]
    ) -> Callable[..., Any]:
        """Return a receiver that is watched; pages may be rewritten as each is written."""

        @wraps(receiver)
        def guarded(*values: Any, **named: Any) -> Any:  # noqa: ANN401 - as the receiver's own
            with self._guarding(plugin, watching=sort != "content_written"):
                result = receiver(*values, **named)
            if sort != "get_generators":
                return result
            several = result if isinstance(result, (list, tuple)) else (result,)
            return tuple(
                self._watched(plugin, generator) for generator in several if generator is not None
            )

        return guarded

    def _watched(self, plugin: ForeignPlugin, generator: type[Any]) -> type[Any]:
        """Return a generator whose every step is watched."""

        def step(name: str) -> Callable[..., None]:
            def watched(itself: Any, *values: object) -> None:  # noqa: ANN401 - the generator
                with self._guarding(plugin):
                    getattr(generator, name)(itself, *values)

            return watched

        steps = ("generate_context", "generate_output")
        known = {name: step(name) for name in steps if hasattr(generator, name)}
        return type(generator.__name__, (generator,), known)

    @contextmanager
    def _guarding(self, plugin: ForeignPlugin, *, watching: bool = True) -> Iterator[None]:
        """Make a fault of what a plugin raises, and note which of our files it changed."""
        before = self._stamps() if watching else {}
        self._cover(before)
        try:
            with self._listening(plugin):
                yield
        except NoSite:
            raise
        except (Exception, SystemExit) as error:
            self._failed(plugin, error)
            raise NoSite from error
        if self._output() != self._tree:
            self._tell(plugin, 0, "It changed where the site is written.", "Leave OUTPUT_PATH be.")
            raise NoSite
        after = self._stamps() if watching else {}
        for name in before.keys() - self._made.keys():
            if name not in after:
                plugin.removed.add(name)
            elif after[name] != before[name]:
                plugin.rewritten.add(name)
        for name, stamp in after.items():
            if name not in before or (name in self._made and stamp != before[name]):
                self._made[name] = plugin, stamp

    def _cover(self, stamps: Mapping[str, FileStamp]) -> None:
        """Note what was theirs and is ours now, since we wrote it after them."""
        for name, (plugin, stamp) in list(self._made.items()):
            if name in stamps and stamps[name] != stamp:
                plugin.covered.add(name)
                del self._made[name]

    def _stamps(self) -> dict[str, FileStamp]:
        """Return size and time of every file that is written so far."""
        stamps = {}
        for path in self._tree.rglob("*"):
            if path.is_file():
                stat = path.stat()
                name = path.relative_to(self._tree).as_posix()
                stamps[name] = (stat.st_size, stat.st_mtime_ns)
        return stamps

    def _failed(self, plugin: ForeignPlugin, error: BaseException) -> None:
        """Report what a plugin raised, at its own line."""
        name = plugin.place.rpartition("/")[2]
        frames = traceback.extract_tb(error.__traceback__)
        lines = [f.lineno or 0 for f in frames if Path(f.filename).name == name]
        if isinstance(error, SyntaxError):
            lines.append(error.lineno or 0)
        self._tell(
            plugin,
            lines[-1] if lines else 0,
            f"It failed: {type(error).__name__}: {error}.",
            f"Mend it, or take “{plugin.name}” out of plugins in site.toml.",
        )

    def _tell(
        self, plugin: ForeignPlugin, line: int, wrong: str, instead: str, level: Level = Level.FAULT
    ) -> None:
        self._report.add(Fault(plugin.place, line, "", wrong, instead, level, "plugin"))

    def _place(self, name: str) -> str:
        for path in (f"{name}.py", f"{name}/__init__.py"):
            if (self._folder / path).is_file():
                return f"{OWN_PLUGINS}/{path}"
        return name


@contextmanager
def _without_bytecode() -> Iterator[None]:
    """Leave nothing behind in the folder: it is the association's, and a preview watches it."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before
