"""Fills in the forms that the service's pages offer, as the story tells it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from tests.speaking import hidden


def wording(verb: str, value: Any, words: str) -> dict[str, Any]:
    """Return what is typed into the form of something that is done at the desk."""
    match verb:
        case "redact":
            return {"public_text": without(words, value or {}), "ticked": list(value or {})}
        case "note":
            return {"note": value}
        case "merge":
            return {"other": value}
        case "clear":
            return {"ticked": value}
        case "route":
            return {"route": value}
        case "escalate":
            return {"sure": "yes"}
        case "reply":
            return {"team": value["team"], "reply_cy": value["cy"], "reply_en": value["en"]}
        case "decline":
            return {"reason_cy": value["cy"], "reason_en": value["en"]}
    return {}


def without(words: str, taken: dict[str, list[str]]) -> str:
    """Return words without the stretches that are taken out of them."""
    for stretch in (stretch for stretches in taken.values() for stretch in stretches):
        assert stretch in words, stretch
        words = words.replace(stretch, "")
    return words


def filled_in(page: str, action: str, typed: dict[str, Any]) -> dict[str, Any]:
    """Fill in a page's form: whatever is typed or chosen must be there to be typed or chosen."""
    forms = [
        form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'/{action}"' in form
    ]
    for form in forms:
        named = set(re.findall(r'\bname="([^"]+)"', form))
        choices = set(map(unescape, re.findall(r'name="ticked" value="([^"]*)"', form)))
        if set(typed) <= named and set(typed.get("ticked", ())) <= choices:
            return hidden(form, action) | typed
    raise AssertionError(f"no form “{action}” takes {typed}")
