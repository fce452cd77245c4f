"""Where calendars stand, in each language's own words; people subscribe, so they stay for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugins.kinds.models import Kind

if TYPE_CHECKING:
    from plugins.sections.addresses import Addresses
    from plugins.sections.entries import Entry

TYPE = "text/calendar"
# A language that isn't here uses the English words.
_WORDS = {"calendar": {"en": "calendar", "cy": "calendr"}, "area": {"en": "area", "cy": "ardal"}}


def _word(name: str, lang: str) -> str:
    return _WORDS[name].get(lang, _WORDS[name]["en"])


def everything(addresses: Addresses, lang: str) -> str:
    """Return where the calendar of all that happens stands."""
    return f"{addresses.home(lang)}{_word('calendar', lang)}.ics"


def of_kind(addresses: Addresses, kind: Kind, lang: str) -> str:
    """Return where the calendar of one kind stands."""
    return f"{addresses.section(kind, lang)}{_word('calendar', lang)}.ics"


def of_area(addresses: Addresses, area: str, lang: str) -> str:
    """Return where the calendar of the meetups of one area stands."""
    return f"{addresses.section(Kind.MEETUP, lang)}{_word('area', lang)}/{area}.ics"


def of_entry(entry: Entry) -> str:
    """Return where the file of one event stands: beside its page, under a name to know it by."""
    return f"{entry.path}{entry.path.rstrip('/').rpartition('/')[2]}.ics"
