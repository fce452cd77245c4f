"""Fills in the forms that the service's pages offer, as the story tells it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from commands.story.actors import StoryFault, hidden, must


def wording(verb: str, details: Any, words: str) -> dict[str, Any]:  # noqa: ANN401 - as YAML has it
    """Return what is typed into the form of something that is done at the desk."""
    match verb:
        case "redact":
            return {"public_text": without(words, details or {}), "kinds": list(details or {})}
        case "note" | "step":
            return {verb: details}
        case "merge":
            return {"other": details}
        case "clear":
            return {"harmless": details}
        case "route":
            facts = {"route": details} if isinstance(details, str) else details
            return {name: str(fact) for name, fact in facts.items()}
        case "outcome":
            texts = {f"outcome_{lang}": details[lang] for lang in ("cy", "en")}
            day = {"done_on": str(details["done_on"])} if "done_on" in details else {}
            return {"outcome": details["outcome"], **day, **texts}
        case "escalate":
            return {"sure_escalate": "yes"}
        case "reply" | "further":
            texts = {f"{verb}_{lang}": details[lang] for lang in ("cy", "en")}
            return {"team": details["team"], **texts}
        case "decline":
            return {"reason_cy": details["cy"], "reason_en": details["en"]}
    return {}


def without(words: str, taken: dict[str, list[str]]) -> str:
    """Return words without the stretches that are taken out of them."""
    for stretch in (part for stretches in taken.values() for part in stretches):
        must(stretch in words, stretch)
        words = words.replace(stretch, "")
    return words


def filled_in(page: str, action: str, typed: dict[str, Any]) -> dict[str, Any]:
    """Return what a page's form sends once it is filled in.

    :param action: the end of the address that the form sends to.
    :raises StoryFault: when something typed or chosen is not there to be typed or chosen.
    """
    forms = [
        form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'/{action}"' in form
    ]
    for form in forms:
        named = set(re.findall(r'\bname="([^"]+)"', form))
        ticked = {name: details for name, details in typed.items() if isinstance(details, list)}
        offered = all(set(boxes) <= _choices(form, name) for name, boxes in ticked.items())
        if set(typed) <= named and offered:
            return hidden(form, action) | typed
    raise StoryFault(f"no form “{action}” takes {typed}")


def _choices(form: str, name: str) -> set[str]:
    """Return what can be ticked under a name."""
    return set(map(unescape, re.findall(rf'name="{name}" value="([^"]*)"', form)))
