"""An association's own templates: found before the theme's, guarded, and told of in words.

Whoever writes one is trusted to mean well and not to know what a page of the service, a mail or a
poster needs. So each channel finds templates in the same way, an own template is compiled with
guards that the theme's needn't carry, and what goes wrong in one becomes a fault with its line.
"""

from __future__ import annotations

import traceback
from collections import ChainMap
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from jinja2 import (
    ChoiceLoader,
    FileSystemLoader,
    PrefixLoader,
    Template,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplateSyntaxError,
    Undefined,
    UndefinedError,
    nodes,
)
from jinja2.compiler import CodeGenerator
from jinja2.idtracking import VAR_LOAD_RESOLVE
from jinja2.sandbox import safe_range

from core.borrowed import settle
from core.faults import Fault
from core.nodes import CONFLICT, conflict_line
from core.values import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import FunctionType

    from jinja2 import Environment
    from jinja2.environment import TemplateModule

OWN = "templates"  # the association's folder, beside site.toml
THEME = "!theme"  # the prefix by which an own template names ours
LARGEST = 100_000  # bytes of one own template; our largest has 8,000
MOST_STEPS = 1_000_000  # rounds of all loops of own templates, for one page
USABLE = "docs/theme.md lists what templates may use."

TOO_MANY = f"Its loops go round more than {MOST_STEPS:,} times."
SHARED = 64  # modules of one template's macros that are kept
LAST_FRAMES = 60  # of a trace without end
PRINTABLE = (str, int, float, Decimal, date, time, Undefined)

_steps: ContextVar[Iterator[int]] = ContextVar("_steps")


class TemplateRefused(TemplateRuntimeError):
    """An own template does what none may; says what, and what to write instead."""

    def __init__(self, wrong: str, instead: str) -> None:
        super().__init__(wrong)
        self.instead = instead


class SourceRefused(TemplateSyntaxError):
    """An own template holds, at a line, what none may."""

    def __init__(self, wrong: str, instead: str, lineno: int, name: str, filename: str) -> None:
        super().__init__(wrong, lineno, name, filename)
        self.instead = instead


@dataclass(frozen=True)
class TemplateFolders:
    """Where templates are found: the association's own first, then the theme's."""

    theme: Path  # the theme's folder of templates
    own: Path | None = None  # the association's, which need not exist

    @classmethod
    def of(cls, theme: Path, site_file: Path) -> TemplateFolders:
        """Return the folders for a theme and an association's site.toml."""
        return cls(theme / "templates", site_file.parent / OWN)

    @property
    def without_own(self) -> TemplateFolders:
        """Return the theme's templates alone, for when an own one fails."""
        return TemplateFolders(self.theme)

    def names(self) -> list[str]:
        """Return the names of the association's own templates."""
        return [name for name in _files(self.own) if not name.rpartition("/")[2].startswith(".")]

    def theme_names(self) -> list[str]:
        """Return the names of the theme's templates."""
        return _files(self.theme)

    def sources(self, name: str) -> list[str]:
        """Return what the templates of a name say: the own one, then the theme's.

        Of one that isn't UTF-8 whoever compiles it tells.
        """
        paths = [folder / name for folder in (self.own, self.theme) if folder]
        return [
            path.read_text(encoding="utf-8-sig", errors="replace")
            for path in paths
            if path.is_file()
        ]

    def is_own(self, filename: str | None) -> bool:
        """Whether a file is one of the association's own templates."""
        return bool(filename and self.own and Path(filename).is_relative_to(self.own))

    def install(self, env: Environment) -> None:
        """Let an environment find templates here, and compile own ones with their guards."""
        theme = FileSystemLoader(self.theme)
        own = [_OwnLoader(self.own)] if self.own else []
        env.loader = ChoiceLoader([*own, theme, PrefixLoader({THEME: theme})])
        folders = self

        class Guarded(_NameCollector):
            """Compiles the theme's templates as they are, and own ones with guards."""

            def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:  # noqa: ANN401, N802 - Jinja's own
                if folders.is_own(self.filename):
                    _guard(node, self.name or "", self.filename or "")
                    node.set_environment(self.environment)  # the guards' nodes have none yet
                super().visit_Template(node, frame)

        class SharesMacros(_Counted):
            """Shares the theme's macros; own ones may call what looks at any of a page's names."""

            @property
            def shares(self) -> bool:
                return not folders.is_own(self.filename)

        env.code_generator_class = Guarded
        env.template_class = SharesMacros
        env.globals |= {"range": safe_range, "_step": _step}
        env.filters["_printable"] = _printable

    def fault_of(self, error: Exception) -> Fault | None:
        """Return what is wrong in an own template; None when none had a part in the error."""
        if isinstance(error, TemplateSyntaxError):
            if not self.is_own(error.filename):
                return None
            instead = getattr(error, "instead", "")
            wrong = error.message or "It can't be read as a template."
            return self._fault(
                error.filename or "",
                error.lineno,
                wrong if instead else f"It can't be read as a template: {_sentence(wrong)}",
                instead or "Look for a tag, block or bracket on this line, or above it, left open.",
            )
        stack = list(traceback.extract_tb(error.__traceback__))
        if isinstance(error, RecursionError):
            stack = stack[-LAST_FRAMES:]  # who goes round is there; who began it isn't to blame
        frames = [f for f in stack if self.is_own(f.filename)]
        if not frames:
            return None
        return self._fault(frames[-1].filename, frames[-1].lineno or 0, *_told(error, self))

    def _fault(self, filename: str, line: int, wrong: str, instead: str) -> Fault:
        name = Path(filename).relative_to(self.own or "").as_posix()
        return Fault(f"{OWN}/{name}", line, "", wrong, instead, code="template")


def _told(error: Exception, folders: TemplateFolders) -> tuple[str, str]:
    """Return what went wrong while a template was filled in, and what to write instead."""
    match error:
        case TemplateRefused():
            return str(error), error.instead
        case RecursionError():
            return (
                "It extends, includes or calls itself, without an end.",
                f'To build on our own template, write {{% extends "{THEME}/NAME" %}}.',
            )
        case TemplateNotFound():
            name = str(error.name).removeprefix(f"{THEME}/")
            near = did_you_mean(name, folders.theme_names())
            return f"There is no template “{error.name}”.", near or USABLE
        case UndefinedError():
            return f"It asks for what isn't there: {_sentence(str(error))}", USABLE
        case OverflowError():
            return "It counts further than a page can need.", "Loop over fewer."
    return f"It can't be filled in: {_sentence(f'{type(error).__name__}: {error}')}", USABLE


def _files(folder: Path | None) -> list[str]:
    """Return the names of all files below a folder, in order."""
    if folder is None:
        return []
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(file.as_posix() for file in files)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


class _NameCollector(CodeGenerator):
    """Notes in a compiled template which names it asks for, and whose macros it imports.

    So that is known wherever templates are kept compiled, and nobody need read them again for it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as Jinja's
        super().__init__(*args, **kwargs)
        self.asked: set[str] = set()

    def enter_frame(self, frame: Any) -> None:  # noqa: ANN401 - as Jinja's
        super().enter_frame(frame)
        self.asked |= {
            name
            for action, name in frame.symbols.loads.values()
            if action == VAR_LOAD_RESOLVE and name
        }

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:  # noqa: ANN401, N802 - Jinja's own
        super().visit_Template(node, frame)
        self.writeline(f"asked = {sorted(self.asked)!r}")
        self.writeline(f"imported = {_imported(node)!r}")


def _imported(tree: nodes.Template) -> list[str] | None:
    """Return the names of the templates whose macros one imports.

    :returns: None when only rendering it can tell.
    """
    if tree.find(nodes.Include) or tree.find(nodes.Extends):
        return None
    imports: list[nodes.Import | nodes.FromImport] = list(tree.find_all(nodes.Import))
    imports += tree.find_all(nodes.FromImport)
    names = [node.template.value for node in imports if isinstance(node.template, nodes.Const)]
    return names if len(names) == len(imports) else None


class _Counted(Template):
    """A template that counts the rounds of own loops anew each time that it is filled in.

    Pages that import its macros share them, where they see the same of the page: macros are made
    anew for each import otherwise, ten times a page.
    """

    @property
    def shares(self) -> bool:
        """Whether macros may be shared."""
        return False

    def make_module(
        self,
        vars: dict[str, Any] | None = None,  # noqa: A002 - Jinja's name
        shared: bool = False,  # noqa: FBT001, FBT002 - the same
        locals: Mapping[str, Any] | None = None,  # noqa: A002 - the same
    ) -> TemplateModule:
        if "asked" not in self.__dict__:
            self.asked = self.all_asked()
            self.modules: dict[tuple[tuple[str, int], ...], tuple[TemplateModule, Any]] = {}
        if self.asked is None:
            return super().make_module(vars, shared, locals)
        seen = ChainMap(dict(locals or {}), vars or {})
        values = [(name, seen[name]) for name in self.asked if name in seen]
        key = tuple((name, id(value)) for name, value in values)
        if key not in self.modules:
            if len(self.modules) >= SHARED:
                self.modules.clear()
            # The values stay with the module, so that no other one has the id of one of them.
            self.modules[key] = (super().make_module(vars, shared, locals), values)
        return self.modules[key][0]

    def all_asked(self) -> frozenset[str] | None:
        """Return what its macros, and those that it imports, take from a page's context.

        :returns: None when only rendering it can tell.
        """
        compiled = cast("FunctionType", self.root_render_func).__globals__
        if not self.shares or compiled["imported"] is None:
            return None
        names = {"lang", "site", *compiled["asked"]}  # filters look at the two
        for imported in compiled["imported"]:
            template = self.environment.get_template(imported)
            deeper = template.all_asked() if isinstance(template, _Counted) else None
            if deeper is None:
                return None
            names |= deeper
        return frozenset(names)

    def render(self, *args: Any, **kwargs: Any) -> str:  # noqa: ANN401 - as Jinja's
        before = _steps.set(count(1))
        try:
            page = super().render(*args, **kwargs)
        finally:
            _steps.reset(before)
        return settle(page, html=not (self.name or "").endswith(".txt"))


class _OwnLoader(FileSystemLoader):
    """Reads own templates, and says of those that can't be read why."""

    def get_source(self, env: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        try:
            source, filename, fresh = super().get_source(env, template)
        except UnicodeDecodeError:
            wrong, instead = "It isn't UTF-8 text.", "Save it as UTF-8."
            raise SourceRefused(wrong, instead, 0, template, self._path(template)) from None
        if len(source.encode()) > LARGEST:
            wrong = f"It is larger than a template can be ({LARGEST:,} bytes)."
            instead = "Put pictures, styles and long texts into files of their own."
            raise SourceRefused(wrong, instead, 0, template, filename)
        if line := conflict_line(source):
            raise SourceRefused(*CONFLICT, line, template, filename)
        return source.removeprefix("\ufeff"), filename, fresh

    def _path(self, template: str) -> str:
        return str(Path(self.searchpath[0], template))


def _guard(template: nodes.Template, name: str, filename: str) -> None:
    """Refuse what reaches behind the names that templates are given, and count every round."""
    for node in template.find_all((nodes.Getattr, nodes.Getitem, nodes.Filter, nodes.Pow)):
        if private := _private(node):
            raise SourceRefused(private, USABLE, node.lineno, name, filename)
    for loop in list(template.find_all(nodes.For)):
        step = nodes.Call(nodes.Name("_step", "load"), [], [], None, None, lineno=loop.lineno)
        loop.body.insert(0, nodes.ExprStmt(step, lineno=loop.lineno))
    for output in list(template.find_all(nodes.Output)):
        output.nodes = [
            node
            if isinstance(node, nodes.TemplateData)
            else nodes.Filter(node, "_printable", [], [], None, None, lineno=node.lineno)
            for node in output.nodes
        ]


def _private(node: nodes.Node) -> str:
    """Return what is wrong with reaching for a name; "" when nothing is."""
    match node:
        case nodes.Pow():
            return "Templates raise nothing to a power."
        case nodes.Getattr(attr=str(attr)) | nodes.Getitem(arg=nodes.Const(value=str(attr))):
            pass
        case nodes.Filter(name="attr" | "map" | "selectattr" | "sum", args=args, kwargs=kwargs):
            words = [arg.value for arg in args if isinstance(arg, nodes.Const)]
            words += [kw.value.value for kw in kwargs if isinstance(kw.value, nodes.Const)]
            parts = (part for word in words for part in str(word).split("."))
            attr = next((part for part in parts if part.startswith("_")), "")
        case _:
            return ""
    return f"“{attr}” is private: templates can't rely on it." if attr.startswith("_") else ""


def _step() -> None:
    """Count one round of a loop.

    :raises TemplateRefused: when one page has had too many.
    """
    rounds = _steps.get(None)
    if rounds is not None and next(rounds) > MOST_STEPS:
        raise TemplateRefused(TOO_MANY, "Loop over fewer.")


def _printable(value: object) -> object:
    """Return what may be printed as it is.

    :raises TemplateRefused: for nothing at all, and for what isn't a text, a number or a day.
    """
    if isinstance(value, PRINTABLE) or hasattr(value, "__html__"):
        return value
    if value is None:
        raise TemplateRefused(
            "It prints something that has no value here.",
            "Put {% if … %} around it, or write what to show instead: {{ … or '' }}.",
        )
    raise TemplateRefused(
        f"It prints a whole {type(value).__name__}, and not one of its texts.",
        "Name what you want of it, as in {{ entry.title }}.",
    )
