"""Fills in the forms that the service's pages offer, as the story tells it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from commands.story.actors import StoryFault, hidden, must


def wording(verb: str, told: Any, said: str) -> dict[str, Any]:  # noqa: ANN401 - as YAML has it
    """Return what is typed into the form of something that is done at the desk."""
    match verb:
        case "redact":
            return {"public_text": without(said, told or {}), "ticked": list(told or {})}
        case "note":
            return {"note": told}
        case "merge":
            return {"other": told}
        case "clear":
            return {"ticked": told}
        case "route":
            return {"route": told}
        case "escalate":
            return {"sure": "yes"}
        case "reply":
            return {"team": told["team"], "reply_cy": told["cy"], "reply_en": told["en"]}
        case "decline":
            return {"reason_cy": told["cy"], "reason_en": told["en"]}
    return {}


def without(said: str, taken: dict[str, list[str]]) -> str:
    """Return words without the stretches that are taken out of them."""
    for stretch in (one for stretches in taken.values() for one in stretches):
        must(stretch in said, stretch)
        said = said.replace(stretch, "")
    return said


def filled_in(page: str, action: str, typed: dict[str, Any]) -> dict[str, Any]:
    """Fill in a page's form: whatever is typed or chosen must be there to be typed or chosen."""
    forms = [one for one in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'/{action}"' in one]
    for form in forms:
        named = set(re.findall(r'\bname="([^"]+)"', form))
        choices = set(map(unescape, re.findall(r'name="ticked" value="([^"]*)"', form)))
        if set(typed) <= named and set(typed.get("ticked", ())) <= choices:
            return hidden(form, action) | typed
    raise StoryFault(f"no form “{action}” takes {typed}")
