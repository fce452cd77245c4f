"""[look]: how an association looks, everywhere at once: colours, logo, icon, links in the foot.

They are checked against one another by day and by night, as WCAG 2.2 counts contrast
(1.4.3 for text, 1.4.11 for lines that must be seen).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.fields import WORDS, Choice, Group, Many, optional, required
from core.values import COLOUR, FILE, WEB

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from core.words import Words

TEXT, LINES = 4.5, 3.0  # to 1, by WCAG 2.2
LINEAR_UP_TO = 0.04045  # of sRGB (IEC 61966-2-1)
LIGHT, DARK = "#f7f4ee", "#22303a"  # text on roof and street, and on lamp, is never set
NAMED = {
    "paper": "the page",
    "card": "cards",
    "wash": "quiet grounds",
    "ink": "text",
    "soft": "quiet text",
    "link": "links",
    "edge": "lines that must be seen",
    "roof": "the head of the page",
    "street": "its foot",
    "lamp": "the ring of what has the focus",
    LIGHT: "its light text",
    DARK: "its dark text",
}
# What stands on what, with the contrast that it needs.
PAIRS = (
    *((front, ground, TEXT) for front in ("ink", "soft", "link") for ground in ("paper", "card")),
    *((front, "wash", TEXT) for front in ("ink", "link")),
    *(("edge", ground, LINES) for ground in ("paper", "card")),
    *((LIGHT, ground, TEXT) for ground in ("roof", "street")),
    (DARK, "lamp", TEXT),
)


@dataclass(frozen=True, kw_only=True)
class DayColours:
    """[look.day]: the colours by day, on paper, on cards and in mails."""

    paper: str = optional(COLOUR, "the page", "#f7f4ee")
    card: str = optional(COLOUR, "cards on it", "#fffdf9")
    wash: str = optional(COLOUR, "a quiet ground", "#ede7da")
    ink: str = optional(COLOUR, "text", "#22303a")
    soft: str = optional(COLOUR, "text that matters less", "#4d5b64")
    line: str = optional(COLOUR, "hairlines", "#d8cfbf")
    edge: str = optional(COLOUR, "lines that must be seen", "#857c6c")
    link: str = optional(COLOUR, "links and buttons", "#8a3b12")
    roof: str = optional(COLOUR, "the head of the page", "#22303a")
    street: str = optional(COLOUR, "its foot", "#22303a")
    lamp: str = optional(COLOUR, "lit windows, and the ring of what has the focus", "#ffd23f")


@dataclass(frozen=True, kw_only=True)
class NightColours(DayColours):
    """[look.night]: the colours by night."""

    paper: str = optional(COLOUR, "the page", "#131b21")
    card: str = optional(COLOUR, "cards on it", "#1b262e")
    wash: str = optional(COLOUR, "a quiet ground", "#1b262e")
    ink: str = optional(COLOUR, "text", "#efe9dd")
    soft: str = optional(COLOUR, "text that matters less", "#b4bec3")
    line: str = optional(COLOUR, "hairlines", "#32424d")
    edge: str = optional(COLOUR, "lines that must be seen", "#7b8d98")
    link: str = optional(COLOUR, "links and buttons", "#f2b48a")
    roof: str = optional(COLOUR, "the head of the page", "#0d1318")
    street: str = optional(COLOUR, "its foot", "#22303a")
    lamp: str = optional(COLOUR, "lit windows, and the ring of what has the focus", "#ffd23f")


@dataclass(frozen=True, kw_only=True)
class FootLink:
    """[[look.links]]: a link in the foot of every page, to another site."""

    title: Words = required(WORDS, "what readers see")
    url: str = required(WEB, "where it leads")


@dataclass(frozen=True, kw_only=True)
class OwnFonts:
    """[look.fonts]: fonts in the place of ours; OTF, TTF or WOFF2 in the content folder."""

    text: str | None = optional(FILE, "what text is set in")
    bold: str | None = optional(FILE, "the same, bold")
    italic: str | None = optional(FILE, "the same, sloping")
    heading: str | None = optional(FILE, "what headings are set in")

    @property
    def files(self) -> dict[str, str]:
        """Return the file of each that is set, by the name of ours that it stands for."""
        names = {
            "text": "fonts/text.woff2",
            "bold": "fonts/text-bold.woff2",
            "italic": "fonts/text-italic.woff2",
            "heading": "fonts/heading.woff2",
        }
        files = {names[field]: getattr(self, field) for field in names}
        return {name: file for name, file in files.items() if file}


class CardStyle(StrEnum):
    """What a card shows beside its words."""

    HOUSE = "house"
    LOGO = "logo"
    PLAIN = "plain"


@dataclass(frozen=True, kw_only=True)
class Look:
    """[look]: what makes the site look like the association's."""

    logo: str | None = optional(FILE, "the logo, which stands on the head of each page")
    icon: str | None = optional(FILE, "a square picture for tabs and telephones")
    cards: CardStyle = optional(
        Choice(CardStyle), "what stands beside the words of cards", CardStyle.HOUSE
    )
    fonts: OwnFonts = optional(Group(OwnFonts), "fonts of your own", OwnFonts())
    day: DayColours = optional(Group(DayColours), "the colours by day", DayColours())
    night: NightColours = optional(Group(NightColours), "the colours by night", NightColours())
    links: tuple[FootLink, ...] = optional(Many(Group(FootLink)), "links in the foot", ())

    @property
    def styled(self) -> bool:
        """Return whether pages need a style sheet beyond the theme's."""
        return bool(self.logo) or self.day != DayColours() or self.night != NightColours()

    @property
    def logo_file(self) -> str:
        """Return the name under which the logo is published; "" when there is none."""
        if not self.logo:
            return ""
        return "logo.svg" if self.logo.lower().endswith(".svg") else "logo.png"


def check_look(look: Look, tell: Callable[[str, str, str], None]) -> None:
    """Report colours that can't be told from one another, each that was set once.

    :param tell: takes the field, what is wrong, and what to write instead.
    """
    if look.fonts.text and not look.fonts.bold:
        tell(
            "look.fonts.text",
            "The bold font of text isn't named, so bold words would be set in another.",
            'Write bold = "…" below it.',
        )
    if look.cards == CardStyle.LOGO and not look.logo:
        tell("look.cards", "There is no logo for cards to show.", 'Write logo = "…" above it.')
    for when, colours, ours in (
        ("day", look.day, DayColours()),
        ("night", look.night, NightColours()),
    ):
        chosen = set(_set(colours, ours))
        for field in sorted(chosen):
            pairs = [pair for pair in PAIRS if _answers(field, pair, chosen)]
            failing = [pair for pair in pairs if not _told_apart(colours, *pair)]
            if failing:
                front, ground, needed = failing[0]
                ratio = contrast(_of(colours, front), _of(colours, ground))
                tell(
                    f"look.{when}.{field}",
                    f"By {when}, the contrast of {NAMED[front]} ({_of(colours, front)}) on "
                    f"{NAMED[ground]} ({_of(colours, ground)}) is {ratio:.1f} to 1, and people "
                    f"with weak eyes need {needed:.1f} (WCAG 2.2).",
                    _better(field, colours, pairs),
                )


def _answers(field: str, pair: tuple[str, str, float], chosen: set[str]) -> bool:
    """Whether a pair is told of a field: of its ground only where its front is ours."""
    front, ground, _ = pair
    return field == front or (field == ground and front not in chosen)


def _told_apart(colours: DayColours, front: str, ground: str, needed: float) -> bool:
    return contrast(_of(colours, front), _of(colours, ground)) >= needed


def _of(colours: DayColours, name: str) -> str:
    return name if name.startswith("#") else str(getattr(colours, name))


def _better(field: str, colours: DayColours, pairs: Sequence[tuple[str, str, float]]) -> str:
    """Return what to write instead: the nearest of the same hue, darker or lighter."""
    for step in range(1, 101):
        for end in (0, 255):
            colour = _towards(_of(colours, field), end, step / 100)
            tried = dataclasses.replace(colours, **{field: colour})
            if all(_told_apart(tried, *pair) for pair in pairs):
                return f'Write {field} = "{colour}", or choose another.'
    return "No colour like it will do: choose what stands with it anew as well."


def _towards(colour: str, end: int, share: float) -> str:
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (end - part) * share):02x}" for part in parts)


def contrast(colour: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2, contrast ratio).

    :param colour: as #rrggbb.
    """
    darker, lighter = sorted((_luminance(colour), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= LINEAR_UP_TO else ((part + 0.055) / 1.055) ** 2.4


def style_sheet(look: Look, logo_size: tuple[int, int] | None) -> str:
    """Return the tokens of the theme that the association sets, and the place of its logo.

    :param logo_size: width and height of the logo, in any unit.
    """
    day, night = _tokens(look.day, DayColours()), _tokens(look.night, NightColours())
    rules = []
    if day:
        rules.append(f":root{{{day}}}")
    if day or night:
        both = _tokens(look.night, NightColours(), *_set(look.day, DayColours()))
        rules.append(
            "@media screen and (prefers-color-scheme:dark)"
            f'{{:root:not([data-theme="day"]){{{both}}}}}'
            f'@media screen{{:root[data-theme="night"]{{{both}}}}}'
        )
    if {"roof"} & {*_set(look.day, DayColours()), *_set(look.night, NightColours())}:
        rules.append(".roof::after{height:6px;background:var(--roof)}")
    if logo_size:
        width = 2.75 * logo_size[0] / logo_size[1]
        rules.append(f".brand img{{height:2.75rem;width:{width:.3f}rem;max-width:60vw}}")
    return "\n".join(rules) + "\n"


def _set(colours: DayColours, ours: DayColours) -> Iterator[str]:
    for field in dataclasses.fields(DayColours):
        if getattr(colours, field.name) != getattr(ours, field.name):
            yield field.name


def _tokens(colours: DayColours, ours: DayColours, *also: str) -> str:
    """Return the declarations of what is set, and of what else is named."""
    names = dict.fromkeys([*_set(colours, ours), *also])
    return ";".join(f"--{name}:{_of(colours, name)}" for name in names)
