"""Code of other generators and editors, which readers would see as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from plugins.markup.pieces import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugins.markup.lines import Lines

_LINK = "Write the words themselves, or a link such as [text](../posts/file.en.md)."
_SHOWN = 60  # characters of the code that a fault repeats


class _Foreign(NamedTuple):
    pattern: re.Pattern[str]
    instead: str


# No pattern looks further than the mark that ends it or begins the next.
_FOREIGN = (
    _Foreign(re.compile(r"\{(?:filename|static|attach|category|tag|author|index)\}[^\s<]*"), _LINK),
    _Foreign(re.compile(r"\{%[^%{}\n]*%?\}?|\{\{[^{}\n]*\}{0,2}"), _LINK),
    _Foreign(re.compile(r"<!--[^<>]*(?:-->)?"), "Notes are for the text below; take it out here."),
    _Foreign(re.compile(r"!?\[\[(?!_TOC_)[^\[\]\n]+\]\]"), _LINK),
    _Foreign(
        re.compile(
            r"\[/?(?:caption|gallery|embed|audio|video|playlist|youtube|vimeo|contact-form(?:-7)?"
            r"|wp_caption|vc_\w+|et_pb_\w+|fusion_\w+|su_\w+|ninja_forms?|gravityform)\b[^\[\]\n]*\]"
            r"|\[[a-z][\w-]* [a-z][\w-]*=[^\[\]\n]+\]"
        ),
        "Write what it stood for: a picture as ![what it shows](../images/file.jpg), or a link.",
    ),
    _Foreign(
        re.compile(r"\[TOC\]|\[\[_TOC_\]\]|\{:toc\}|<<TableOfContents>>", re.IGNORECASE),
        "Take it out: a page with three headings or more has a list of contents.",
    ),
    _Foreign(
        re.compile(r"^ {0,3}:::+ ?\{?[\w.-]*[^\n]*$", re.MULTILINE),
        "Write a box as !!! note, with its text below, set in by four spaces.",
    ),
    _Foreign(re.compile(r"^%%[^%\n]*$", re.MULTILINE), "Close the note, or take it out."),
    _Foreign(
        re.compile(r"(?<!=)==(?=[^\s=])[^=\n]+(?<=\S)==(?!=)"),
        "Write <mark>words</mark>, or **words**.",
    ),
    _Foreign(
        re.compile(r"(?<!\S)\{:?\s*[.#][\w .#-]*\}"), "Take it out; the theme gives the look."
    ),
    _Foreign(
        re.compile(r"(?<![\w:]):(?:(?!\d)[a-z][a-z0-9_+-]*[a-z0-9]|[+-]1):(?![\w:])"),
        "Write the character itself, or words.",
    ),
    _Foreign(
        re.compile(r"(?<=\w)~\w{1,10}~|(?<=\w)\^\w{1,10}\^"), "Write <sub>2</sub> or <sup>2</sup>."
    ),
    _Foreign(
        re.compile(r"\$\$[^$\n]+\$\$"), "Write the formula in words, or show a picture of it."
    ),
    _Foreign(re.compile(r"\{::[^{}\n]*\}|^\.\. [\w-]+::", re.MULTILINE), "Take it out."),
    _Foreign(
        re.compile(r"\[/(?:b|i|u|s|url|img|quote|code|size|color)\]", re.IGNORECASE),
        "Write **bold**, *another voice* or [words](address).",
    ),
    _Foreign(
        re.compile(
            r"<%[^<>%\n]*%>|\{/\*[^{}\n]*\*/\}|\$\{[^${}\n]*\}"
            r"|^(?:import [\w{}, *]+ from [\"'][^\"'\n]+[\"'];?|export (?:const|default|function)\b"
            r"[^\n]*)$"
            r"|\{/?(?:youtube|vimeo|loadposition|loadmodule|jumi|toc|panel|expand|noformat|color"
            r"|code|quote)\b[^{}\n]*\}",
            re.MULTILINE,
        ),
        "Take it out, or write what it stood for.",
    ),
    _Foreign(
        re.compile(r"^ {0,3}(?:\?{3}\+? +[\w!]|={3} +\")[^\n]*$", re.MULTILINE),
        "Write a heading, with its text below.",
    ),
    _Foreign(
        re.compile(
            r"(?<![\w+])\+\+(?=[^\s+])[^+\n]+(?<=\S)\+\+(?![\w+])|\|\|(?=[^\s|])[^|\n]+(?<=\S)\|\|"
            r"|\{(?:\+\+|--|>>|~~)[^{}\n]*\}"
        ),
        "Write the words alone, or **words**.",
    ),
    _Foreign(
        re.compile(
            r"(?<=\S)\{:\s*[.#\w][^{}\n]*\}|(?<!\S)\{:\s*(?!toc\b)\w[^{}\n]*\}"
            r"|\[[^\[\]\n]*\]\{[.#][^{}\n]*\}"
        ),
        "Take it out; the theme gives the look.",
    ),
    _Foreign(
        re.compile(r"\^\[[^\[\]\n]+\]|\[-?@[a-z][\w:-]*\]", re.IGNORECASE),
        "Write [^1] there, and the note below: [^1]: and its text.",
    ),
    _Foreign(
        re.compile(
            r"\\(?:begin|end|newpage|pagebreak|textbf|textit|cite|ref)\b(?:\{[^{}\n]*\})?"
            r"|(?<![\w$])\$(?=[^\s$\d])[^$\n\\^_]*[\\^_][^$\n]*\$(?![\w$])"
        ),
        "Write it in words, or show a picture of it.",
    ),
    _Foreign(  # lists as Word has them, which would be run together
        re.compile(
            r"^[ \t]*[•·‣▪◦●○∙][ \t]+\S[^\n]*|^[ \t]*[–—-][ \t]+\S[^\n]*(?=\n[ \t]*[–—-][ \t]+\S)"
            r"|^[ \t]*\(?[ai1][.)][ \t]+\S[^\n]*(?=\n[ \t]*\(?(?:b|ii|2)[.)][ \t]+\S)",
            re.MULTILINE,
        ),
        "Begin each item of a list with a hyphen or a number: - or 1.",
    ),
    _Foreign(
        re.compile(r"^(?:h[1-6]|bq)\. \S[^\n]*", re.MULTILINE),
        "Write ## before a heading, and > before a quotation.",
    ),
    _Foreign(
        re.compile(r"\[\^[^\[\]\s]+\]"),
        "Write the note below: [^1]: and its text.",
    ),
    _Foreign(
        re.compile(r"!?\[[^\[\]\n]+\]\[[^\[\]\n]*\]"),
        "Write the address below: [name]: https://…, or put it in round brackets.",
    ),
)


def foreign_code(shown: str) -> Iterator[tuple[str, str]]:
    """Yield code of other programs in words that readers see, each once, and what to write."""
    for foreign in _FOREIGN:
        for code in dict.fromkeys(foreign.pattern.findall(shown)):
            yield code.strip(), foreign.instead


def foreign_code_problems(shown: str, lines: Lines) -> Iterator[Problem]:
    """Yield what is wrong for each."""
    for code, instead in foreign_code(shown):
        yield Problem(
            lines.of(code),
            f"{code[:_SHOWN]} would be shown to readers as it stands.",
            instead,
            "leak",
        )
