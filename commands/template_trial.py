"""Tries each own template once in everything that would use it, before anybody asks for it.

The build fills in what the site's pages need today. The service, mails and posters are filled in
later, when nobody watches, and some of the site's templates have no page yet. Those are tried
with stand-ins for what tenants and staff would have brought.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError, meta, nodes

from core.catalogues import Catalogues
from core.faults import Fault, Level, Report
from core.own_templates import OWN, THEME, USABLE, TemplateFolders
from core.page_view import PageView
from core.public.site_shell import SiteShellFile
from core.site import parse_site
from core.templating import environment
from core.values import did_you_mean
from feedback.web.pages import Pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from jinja2 import Environment

    from commands.build import BuildOptions, BuildResult
    from core.site import Site

SERVICE, MAIL, PAPER = "service/", "service/mail/", "paper/"
SITE = ""
PREFIXES = (SITE, SERVICE, MAIL, PAPER)
# What the build gives its templates besides what the theme's own ask for.
FOR_PAGES = frozenset({"list_url", "page_url", "static_url", "picture", "statement", "feeds"})
JINJA = frozenset({"caller", "varargs", "kwargs", "loop", "self", "super"})
UNTRIED = (TemplateError, RecursionError, OverflowError)  # other errors are the stand-ins' own


class StandIn:
    """Whatever somebody would have brought: has every field, holds one of itself, says nothing."""

    def __getattr__(self, name: str) -> StandIn:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def _itself(self, *_: object, **__: object) -> StandIn:
        return self

    def _yes(self, *_: object) -> bool:
        return True

    def _nothing(self, *_: object) -> str:
        return ""

    __getitem__ = __call__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = _itself
    __truediv__ = __floordiv__ = __mod__ = __neg__ = __abs__ = _itself
    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = _yes
    __str__ = __html__ = __format__ = _nothing

    def __iter__(self) -> Iterator[StandIn]:
        return iter((self,))

    def __len__(self) -> int:
        return 1

    def __index__(self) -> int:
        return 1


def with_templates(result: BuildResult, options: BuildOptions) -> BuildResult:
    """Return a build's result with what is wrong in own templates that it had no need of."""
    if not (result.ok or any(fault.code == "template" for fault in result.faults)):
        return result
    known = {(fault.path, fault.line) for fault in result.faults}
    wrong = try_templates(options.root / "theme", options.site, options.output)
    new = [fault for fault in wrong if (fault.path, fault.line) not in known]
    ok = result.ok and not any(fault.level == Level.FAULT for fault in new)
    return replace(result, ok=ok, faults=tuple(sorted((*result.faults, *new))))


def try_templates(theme: Path, site_file: Path, tree: Path) -> list[Fault]:
    """Return what is wrong in an association's own templates, beyond what the build met.

    :param theme: the theme's folder.
    :param tree: the site as it was built; the service's pages take menus and files from it.
    """
    folders = TemplateFolders.of(theme, site_file)
    names = folders.names()
    if not names:
        return []
    site = parse_site(site_file.read_text(encoding="utf-8-sig"), Report().at(site_file.name))
    if site is None:
        return []
    channels = {prefix: _channel(prefix, folders, site, tree) for prefix in PREFIXES}
    asked = _references(folders, channels[SITE][0])
    trials = [_Trial(prefix, folders, asked, *channel) for prefix, channel in channels.items()]
    faults = [fault for trial in trials for fault in trial.faults()]
    first: dict[tuple[str, int], Fault] = {}  # the same line may fail in more ways than one
    idle = [] if site.plugins else _idle(names, trials[0])  # a plugin may ask for any
    for fault in (*faults, *idle):
        first.setdefault((fault.path, fault.line), fault)
    return sorted(first.values())


def _channel(
    prefix: str, folders: TemplateFolders, site: Site, tree: Path
) -> tuple[Environment, dict[str, Any]]:
    """Return what fills templates in for a channel, and what it tells them for certain."""
    lang = site.languages[0]
    if prefix == SERVICE and folders.own:
        pages = Pages(folders.theme.parent, folders.own, site, SiteShellFile(tree), date.today)
        page = PageView(title="–", url="/", lang=lang, alternates=(), section="service")
        return pages.templates.env, pages.context(page)
    wordings = Catalogues.of(folders).wordings(site)
    return environment(folders, wordings), {"site": site, "lang": lang}


def _references(folders: TemplateFolders, env: Environment) -> dict[str, list[str | None]]:
    """Return what each template extends, includes and imports; None for what it works out."""
    asked: dict[str, list[str | None]] = {}
    for name in {*folders.names(), *folders.theme_names()}:
        with suppress(TemplateError):  # told when it is filled in
            for source in folders.sources(name):
                references = meta.find_referenced_templates(env.parse(source))
                asked.setdefault(name, []).extend(references)
    return asked


@dataclass(frozen=True)
class _Trial:
    """One channel, and its templates."""

    prefix: str
    folders: TemplateFolders
    asked: Mapping[str, list[str | None]]  # as `_references` has it
    env: Environment
    certain: Mapping[str, Any]

    @cached_property
    def names(self) -> list[str]:
        """Return the channel's templates, ours and own."""
        others = [prefix for prefix in PREFIXES if len(prefix) > len(self.prefix)]
        return [
            name
            for name in self.env.list_templates()
            if name.startswith(self.prefix) and not name.startswith((*others, "!"))
        ]

    @cached_property
    def named(self) -> set[str]:
        """Return every name that our own templates of the channel ask for."""
        asked = set(FOR_PAGES) if self.prefix == SITE else set()
        for name in set(self.names) & set(self.folders.theme_names()):
            asked |= meta.find_undeclared_variables(self.env.parse(self.folders.sources(name)[-1]))
        return asked - set(self.env.globals)

    def faults(self) -> Iterator[Fault]:
        """Fill in all that could reach an own template: of the site's, the own ones alone."""
        own = set(self.folders.names())
        tried = [name for name in self.names if self.prefix != SITE or name in own]
        tried = [name for name in tried if self._reached(name) & own]
        if not tried:
            return
        context = {name: StandIn() for name in self.named} | dict(self.certain)
        self._be_lenient()
        for name in tried:
            if name in own:
                yield from self._unknown(name)
            try:
                self.env.get_template(name).render(context)
            except Exception as error:  # noqa: BLE001 - a stand-in may break anything
                fault = self.folders.fault_of(error)
                if fault and isinstance(error, UNTRIED):
                    yield fault

    def _reached(self, name: str) -> set[str]:
        """Return the names of all templates that one is made from, its own among them."""
        reached: set[str] = set()
        ahead: list[str | None] = [name]
        while ahead:
            nearest = (ahead.pop() or "").removeprefix(f"{THEME}/")
            if nearest not in reached:
                reached.add(nearest)
                ahead += self.asked.get(nearest, [])
        return reached

    def _be_lenient(self) -> None:
        """Let filters, functions and lists take stand-ins."""
        env, item = self.env, self.env.getitem
        functions = {name: function for name, function in env.globals.items() if callable(function)}
        env.filters = {name: _lenient(function) for name, function in env.filters.items()}
        env.globals |= {name: _lenient(function) for name, function in functions.items()}

        def getitem(obj: Any, argument: Any) -> Any:  # noqa: ANN401 - as Jinja's
            return argument if isinstance(argument, StandIn) else item(obj, argument)

        env.getitem = getitem  # type: ignore[method-assign] # this environment's alone

    def _unknown(self, name: str) -> Iterator[Fault]:
        """Report names that nobody gives a template, whether they are asked for today or not."""
        try:
            tree = self.env.parse(self.folders.sources(name)[0])
            asked = meta.find_undeclared_variables(tree)
        except TemplateError:
            return  # told when it is filled in
        known = self.named | set(self.certain) | set(self.env.globals) | JINJA | _doubted(tree)
        for node in tree.find_all(nodes.Name):
            if node.name in asked - known and node.ctx == "load":
                near = did_you_mean(node.name, known)
                wrong = f"Nothing here is called “{node.name}”."
                yield Fault(
                    f"{OWN}/{name}", node.lineno, "", wrong, near or USABLE, code="template"
                )


def _doubted(tree: nodes.Template) -> set[str]:
    """Return the names of which a template asks itself whether they are there."""
    asking = {"defined", "undefined", "default", "d"}
    return {
        doubt.node.name
        for doubt in tree.find_all((nodes.Test, nodes.Filter))
        if doubt.name in asking and isinstance(doubt.node, nodes.Name)
    }


def _lenient(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that makes a stand-in of a stand-in."""

    @wraps(function)
    def lenient(*values: Any, **named: Any) -> Any:  # noqa: ANN401 - as the function's own
        if any(isinstance(value, StandIn) for value in values):
            return next(value for value in values if isinstance(value, StandIn))
        return function(*values, **named)

    return lenient


def _idle(names: list[str], trial: _Trial) -> Iterator[Fault]:
    """Advise about own templates that nothing asks for, most of them misspelt."""
    ours = trial.folders.theme_names()
    asked = {*ours, *(reference for several in trial.asked.values() for reference in several)}
    for name in names:
        if name not in asked and None not in asked:
            yield Fault(
                f"{OWN}/{name}",
                0,
                "",
                "Nothing asks for this template: none of ours is called so.",
                did_you_mean(name, ours) or "docs/theme.md lists ours.",
                Level.ADVICE,
                "template",
            )
