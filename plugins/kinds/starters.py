"""What stands in a new file until somebody writes over it, and whether it still stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.nodes import Mapping, Scalar, Sequence
from plugins.kinds.content import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.nodes import Node

# By kind and language: the title of a page that has none yet, and its body. Other languages
# than these two begin from the English.
TITLES = {
    "en": {
        Kind.POST: "New post",
        Kind.MEETUP: "New meetup",
        Kind.EPISODE: "New episode",
        Kind.ROADMAP: "New roadmap item",
        Kind.CHANGE: "New change",
        Kind.EXPERIMENT: "New experiment",
        Kind.STANDARD: "New point",
        Kind.PERSONA: "New persona",
        Kind.PAGE: "New page",
    },
    "cy": {
        Kind.POST: "Post newydd",
        Kind.MEETUP: "Cyfarfod newydd",
        Kind.EPISODE: "Pennod newydd",
        Kind.ROADMAP: "Eitem newydd",
        Kind.CHANGE: "Newid newydd",
        Kind.EXPERIMENT: "Arbrawf newydd",
        Kind.STANDARD: "Pwynt newydd",
        Kind.PERSONA: "Persona newydd",
        Kind.PAGE: "Tudalen newydd",
    },
}
SUMMARIES = {
    "en": "One or two sentences for lists and cards.",
    "cy": "Un neu ddwy frawddeg ar gyfer rhestrau a chardiau.",
}
BLANKS = {"cy": "I'w ysgrifennu."}  # in other languages: what the field is for
TO_BE_WRITTEN = "To be written: "
BODIES = {
    "en": {
        Kind.POST: """\
Begin with what a tenant would want to know first.

## What happened

Say it as you would across a kitchen table.

## What comes next

Who does what, and by when.
""",
        Kind.MEETUP: """\
Say who it is for, what will happen, and that anyone may come.

After the meetup, write what was said below a heading `## Notes {#notes}`.
""",
        Kind.EPISODE: """\
Say what the episode is about and who is in it, in two or three sentences.

## Worth a look

Links to what was spoken of.
""",
        Kind.ROADMAP: """\
## The problem {#problem}

Tell it as tenants feel it, without the answer.

## What we don't know yet {#unknown}

What would you have to find out first?
""",
        Kind.CHANGE: """\
## What you said {#said}

In tenants' own words.

## What we did {#did}

What is different now, and since when.

## What hasn't changed {#not}

Be honest about the rest.
""",
        Kind.EXPERIMENT: """\
## What we will do {#how}

Enough for somebody else to do the same.

## Who takes part {#who}

How they were asked, and how they can stop.
""",
        Kind.STANDARD: """\
- Say how to meet this point, in steps that somebody can tick off.

## How to tell {#test}

What would a tenant see if it were met?
""",
        Kind.PERSONA: """\
## A good day {#good}

What goes well between this person and you?

## What we do that makes it worse {#worse}

Where do they give up?
""",
        Kind.PAGE: """\
Write the page here. Begin headings with `##`.
""",
    },
    "cy": {
        Kind.POST: """\
Dechreuwch gyda'r hyn y byddai tenant am ei wybod gyntaf.

## Beth ddigwyddodd

Dywedwch y peth fel y byddech chi wrth fwrdd y gegin.

## Beth nesaf

Pwy sy'n gwneud beth, ac erbyn pryd.
""",
        Kind.MEETUP: """\
Dywedwch ar gyfer pwy mae'r cyfarfod, beth fydd yn digwydd, a bod croeso i bawb.

Ar ôl y cyfarfod, ysgrifennwch yr hyn a ddywedwyd o dan bennawd `## Nodiadau {#notes}`.
""",
        Kind.EPISODE: """\
Dywedwch mewn dwy neu dair brawddeg am beth mae'r bennod, a phwy sydd ynddi.

## Gwerth ei weld

Dolenni at yr hyn a drafodwyd.
""",
        Kind.ROADMAP: """\
## Y broblem {#problem}

Disgrifiwch hi fel mae tenantiaid yn ei theimlo, heb yr ateb.

## Beth dydyn ni ddim yn ei wybod eto {#unknown}

Beth fyddai'n rhaid i chi gael gwybod gyntaf?
""",
        Kind.CHANGE: """\
## Beth ddywedoch chi {#said}

Yng ngeiriau tenantiaid eu hunain.

## Beth wnaethon ni {#did}

Beth sy'n wahanol nawr, ac ers pryd.

## Beth sydd heb newid {#not}

Byddwch yn onest am y gweddill.
""",
        Kind.EXPERIMENT: """\
## Beth wnawn ni {#how}

Digon i rywun arall allu gwneud yr un peth.

## Pwy sy'n cymryd rhan {#who}

Sut cawson nhw eu gofyn, a sut gallan nhw stopio.
""",
        Kind.STANDARD: """\
- Dywedwch sut mae bodloni'r pwynt hwn, mewn camau y gall rhywun eu ticio.

## Sut mae gwybod {#test}

Beth fyddai tenant yn ei weld pe bai'n cael ei fodloni?
""",
        Kind.PERSONA: """\
## Diwrnod da {#good}

Beth sy'n mynd yn dda rhwng y person hwn a chi?

## Beth rydyn ni'n ei wneud sy'n gwaethygu pethau {#worse}

Ble maen nhw'n rhoi'r gorau iddi?
""",
        Kind.PAGE: """\
Ysgrifennwch y dudalen yma. Dechreuwch benawdau gyda `##`.
""",
    },
}


def title(kind: Kind, lang: str) -> str:
    """Return what a page is called until it has a title."""
    return TITLES.get(lang, TITLES["en"])[kind]


def summary(lang: str) -> str:
    """Return what stands for a summary until it is written."""
    return SUMMARIES.get(lang, SUMMARIES["en"])


def body(kind: Kind, lang: str) -> str:
    """Return Markdown to be written over."""
    return BODIES.get(lang, BODIES["en"])[kind]


def blank(doc: str, lang: str) -> str:
    """Return what stands in a field of words until they are written.

    :param doc: what the field is for, in English.
    """
    return BLANKS.get(lang, f"{TO_BE_WRITTEN}{doc}.")


# Headings and anchors stay when the words below them are written; only the words are to go.
_LINES = frozenset(
    line
    for bodies in BODIES.values()
    for text in bodies.values()
    for line in text.splitlines()
    if line and not line.startswith("#")
)
_VALUES = frozenset(
    {
        *SUMMARIES.values(),
        *BLANKS.values(),
        *(name for titles in TITLES.values() for name in titles.values()),
    }
)


def placeholders(front: Mapping, body: str, body_line: int) -> Iterator[tuple[int, str, str]]:
    """Yield what still stands as `new` wrote it: line, field ("" in the body) and words.

    :param body_line: the line of the file on which the body begins.
    """
    for key, node in front.entries:
        yield from ((line, key.text, words) for line, words in _blank_values(node))
    for number, line in enumerate(body.splitlines(), body_line):
        if line.strip() in _LINES:
            yield number, "", line.strip()


def _blank_values(node: Node) -> Iterator[tuple[int, str]]:
    if isinstance(node, Scalar):
        words = node.text.strip()
        if words in _VALUES or words.startswith(TO_BE_WRITTEN):
            yield node.line, words
        return
    inner = node.items if isinstance(node, Sequence) else (value for _, value in node.entries)
    for value in inner:
        yield from _blank_values(value)
