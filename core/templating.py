"""What templates need to speak a language: gettext, and filters for words, dates, numbers.

One environment serves every language: each callable reads `lang` from the page's context.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined, pass_context, select_autoescape
from markupsafe import Markup, escape

from core.contacts import dialled
from core.wording import Wording, own_name
from core.words import ANY, ShownWords

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime, timedelta

    from jinja2.runtime import Context

    from core.faults import Fault
    from core.own_templates import TemplateFolders
    from core.words import Words


# What could end the element or start a comment in it, and what JavaScript takes for a line end.
SCRIPT_ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}


def said(words: ShownWords, lang: str) -> Markup:
    """Return words as HTML, marked with their language when it isn't the page's (WCAG 3.1.2)."""
    if words.lang in {lang, ANY}:
        return escape(words.text)
    return Markup('<span lang="{}">{}</span>').format(words.lang, words.text)


def environment(folders: TemplateFolders, wordings: Mapping[str, Wording]) -> Environment:
    """Return an environment for templates outside a build: as strict as a build's own.

    :param wordings: by language.
    """
    env = Environment(
        autoescape=select_autoescape(disabled_extensions=["txt"], default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    install(env, folders, wordings)
    return env


class Templates:
    """Fills in templates while nobody watches: where an own one fails, the theme's is used.

    So a mistake in an own template never keeps a page of the service, or a mail, from anybody.
    """

    def __init__(
        self,
        folders: TemplateFolders,
        wordings: Mapping[str, Wording],
        tell: Callable[[Fault], None],
    ) -> None:
        """Take where templates are.

        :param tell: is told what is wrong in an own template, once.
        """
        self._folders, self._tell = folders, cache(tell)
        self.env = environment(folders, wordings)
        self._ours = environment(folders.without_own, wordings)

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """Return a template filled in."""
        try:
            return self.env.get_template(name).render(context)
        except Exception as error:
            fault = self._folders.fault_of(error)
            if fault is None:
                raise
            self._tell(fault)
            return self._ours.get_template(name).render(context)


def install(env: Environment, folders: TemplateFolders, wordings: Mapping[str, Wording]) -> None:
    """Give an environment its templates, and the words of every language.

    :param env: with the extension `jinja2.ext.i18n` loaded.
    :param wordings: by language.
    """
    folders.install(env)
    spoken = _speaker(wordings)
    env.install_gettext_callables(  # type: ignore[attr-defined] # the i18n extension adds it
        spoken(Wording.gettext),
        spoken(Wording.ngettext),
        newstyle=True,
        pgettext=spoken(Wording.pgettext),
    )

    def in_language(lang: str) -> Callable[..., str]:
        def say(message: str, **values: object) -> str:
            return wordings[lang].gettext(message) % values

        return say

    env.globals["in_language"] = in_language
    env.globals["language_name"] = own_name  # also of a language that the site gave up
    env.filters |= {
        "words": _words,
        "date": spoken(Wording.date),
        "shortdate": spoken(Wording.short_date),
        "weekdate": spoken(Wording.weekday_date),
        "month": spoken(Wording.month),
        "shortmonth": spoken(Wording.short_month),
        "time": spoken(Wording.time),
        "zone": _zone(wordings),
        "number": spoken(Wording.number),
        "money": spoken(Wording.money),
        "andlist": spoken(_and_list),
        "dialled": dialled,
        "isodate": isodate,
        "jsonld": data_script,
        "duration": duration,
    }


def _speaker(
    wordings: Mapping[str, Wording],
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what hands a function of a wording that of the page which calls it."""

    def spoken(say: Callable[..., Any]) -> Callable[..., Any]:
        @pass_context
        def in_page(context: Context, *values: Any) -> Any:  # noqa: ANN401 - whatever say takes
            return say(wordings[context["lang"]], *values)

        return in_page

    return spoken


@pass_context
def _words(context: Context, value: Words | str) -> Markup:
    if isinstance(value, str):  # a text that is the same in every language
        return escape(value)
    return said(value.get(context["lang"]), context["lang"])


def _zone(wordings: Mapping[str, Wording]) -> Callable[[Context, datetime], str]:
    @pass_context
    def zone(context: Context, moment: datetime) -> str:
        """Return the name of a moment's clock; "" when it is the association's."""
        clock, home = moment.tzinfo, context["site"].timezone
        return "" if clock in {None, home} else wordings[context["lang"]].zone(clock)

    return zone


def _and_list(wording: Wording, items: Sequence[str | Markup]) -> str:
    """Join words into a sentence's list; HTML among them stays HTML."""
    escaped = [str(escape(item)) for item in items]
    return Markup(wording.and_list(escaped))  # noqa: S704 - each item was escaped above


def isodate(moment: date | datetime) -> str:
    """Return a date or a moment as HTML's datetime attribute wants it (RFC 3339)."""
    return moment.isoformat()


def duration(length: timedelta) -> str:
    """Return a length as players show it: 4:30, or 1:04:30."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def data_script(data: object) -> Markup:
    """Return the element that holds the data: not code, so no policy needs to let it run."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(SCRIPT_ESCAPES)
    return Markup('<script type="application/ld+json">{}</script>').format(
        Markup(text)  # noqa: S704 - escaped as JSON, in which HTML's own escapes mean nothing
    )
