"""Telephones, e-mail addresses, references, codes and names, as people really type them.

Each is brought to one form first: what can't be seen (directional marks, joiners) goes, and letters
that stand for the same become the same (Unicode NFKC). Then a library that knows the thing judges
it. Pure functions.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches

from email_validator import EmailNotValidError, validate_email
from phonenumbers import (
    Leniency,
    PhoneNumberFormat,
    PhoneNumberMatch,
    PhoneNumberMatcher,
    format_number,
)

from core.public.vocabulary import REFERENCE, REFERENCE_LETTERS
from core.words import UNSEEN

REGION = "GB"  # where a telephone number without a country is from
FEWEST_FIGURES = 9  # of a number with its area code; fewer are a local one, or a helpline
HOME_CODE = 44  # of that region, on telephones
LONGEST_LOCAL = 254  # octets of an address that mail can carry (RFC 5321, 4.5.3.1.3)
WITHOUT_INK = re.compile(f"[{UNSEEN}]")
DASHES = re.compile(r"[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
MISTAKEN = str.maketrans("OoIl|", "00111")  # letters that stand where a figure was meant
FIGURES = re.compile(r"(?<![^\W\d_])[\dOoIl|+(][\dOoIl|() .,/+-]{5,}(?![^\W\d_])")
NUMBER_START = re.compile(r"(?<!\d)(?<!\d[./-])\(?(?:\+|0)(?=[\d() ./-]*\d)")
BEFORE_NUMBER = re.compile(r"(?i)^(?:tel|telephone|phone|ffôn|rhif|mobile|symudol)?\W*$")
BEFORE_ADDRESS = re.compile(r"(?i)^(?:mailto:|(?:my )?e-?mail:? |(?:fy )?e-?bost:? )")
LABEL = re.compile(r"^\W*(?:REF(?:ERENCE)?|CYF(?:EIRNOD)?|CODE?|CÔD)\b\W*")
CODE_LENGTH = 6
CODE = re.compile(rf"[{REFERENCE_LETTERS}]{{{CODE_LENGTH}}}")
# Where most people have their mail, so that a slip in one of these names can be told from a name.
PROVIDERS = (
    "aol.com", "btinternet.com", "btopenworld.com", "fastmail.com", "gmail.com", "gmx.co.uk",
    "gmx.com", "googlemail.com", "hotmail.co.uk", "hotmail.com", "icloud.com", "live.co.uk",
    "live.com", "mac.com", "mail.com", "me.com", "msn.com", "ntlworld.com", "outlook.com",
    "plusnet.com", "proton.me", "protonmail.com", "sky.com", "talktalk.net", "tiscali.co.uk",
    "virginmedia.com", "yahoo.co.uk", "yahoo.com", "ymail.com", "zoho.com",
)  # fmt: skip
ALIKE = 0.84  # of two names of providers: one letter missing, doubled, wrong or in another's place


class NoAddress(ValueError):
    """No mail can be sent there."""

    def __init__(self) -> None:
        super().__init__("no e-mail address")


@dataclass(frozen=True, slots=True)
class EmailAddress:
    """An address that a mail can go to."""

    text: str  # its domain in small letters and in ASCII
    suggestion: str = ""  # what its owner may have meant; "" for nothing likelier

    @property
    def accented(self) -> bool:
        """Whether only some mail servers take it: one with accents before the @ (RFC 6531)."""
        return not self.text.isascii()


def visible(text: str) -> str:
    """Return a text without what can't be seen, its blanks and dashes the plain ones."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    inked = WITHOUT_INK.sub("", plain)
    shown = "".join(letter for letter in inked if unicodedata.category(letter) not in {"Cf", "Cc"})
    return " ".join(DASHES.sub("-", shown).split())


def telephone(typed: str) -> str:
    """Return a telephone number as it is written here, with the words that stood beside it.

    :returns: such as "01632 960001", "01632 960001 x12" or "01632 960001 (after 5)"; "" where
        there is no number in it.
    """
    text = FIGURES.sub(lambda match: match[0].translate(MISTAKEN), visible(typed).replace("_", " "))
    match = _number_in(text)
    if match is None:
        return ""
    abroad = match.number.country_code != HOME_CODE
    form = PhoneNumberFormat.INTERNATIONAL if abroad else PhoneNumberFormat.NATIONAL
    number = format_number(match.number, form)
    if match.raw_string.startswith("0") and not abroad and not number.startswith("0"):
        number = match.raw_string  # a figure is missing: it stays as it was typed
    before, after = text.split(match.raw_string, 1)
    beside = f"{BEFORE_NUMBER.sub('', before)} {after}".strip(" .,;:/-()")
    return f"{number} ({beside})" if beside else number


def _number_in(text: str) -> PhoneNumberMatch | None:
    """Return the first number of a text, from where one with its area code begins if there is one.

    Else an hour that stands before it is taken for its start, or the first half of two numbers for
    a whole one.
    """
    starts = [match.start() for match in NUMBER_START.finditer(text)]
    pieces = [text[start:end] for start in starts for end in (len(text), *starts) if end > start]
    for piece in pieces:
        match = _match(piece)
        if match and match.start == 0 and _count(match.raw_string) >= FEWEST_FIGURES:
            return match
    match = _match(text)
    left_over = match is not None and _count(text) > _count(match.raw_string)
    return None if left_over and _count(text) >= FEWEST_FIGURES else match


def _match(text: str) -> PhoneNumberMatch | None:
    matcher = PhoneNumberMatcher(text, REGION, Leniency.POSSIBLE, max_tries=len(text) + 1)
    return next((match for match in matcher if len(set(figures(match.raw_string))) > 1), None)


def _count(text: str) -> int:
    return len(figures(text))


def email_address(typed: str) -> EmailAddress:
    """Return an address as mail carries it.

    :raises NoAddress: for what no mail can reach.
    """
    text = visible(typed)
    text = BEFORE_ADDRESS.sub("", text.lstrip(" <(\"'").rstrip(" >)\"'.,;")).partition("?")[0]
    if match := re.fullmatch(r"[^@<>]*<([^<>]+)>?", text):  # Nia Rhys <nia@example.org>
        text = match[1]
    text = re.sub(r" ?([@.]) ?", r"\1", text)
    try:
        valid = validate_email(text, check_deliverability=False, strict=True)
    except EmailNotValidError:
        raise NoAddress from None
    address = f"{valid.local_part}@{valid.ascii_domain}"
    if len(address.encode()) > LONGEST_LOCAL or address[-2] == ".":  # no such end (ICANN)
        raise NoAddress
    return EmailAddress(address, _suggestion(address))


def _suggestion(address: str) -> str:
    local, _, domain = address.rpartition("@")
    if domain in PROVIDERS:
        return ""
    likely = get_close_matches(domain, PROVIDERS, n=1, cutoff=ALIKE)
    return f"{local}@{likely[0]}" if likely else ""


def reference_and_code(reference: str, code: str) -> tuple[str, str]:
    """Return a reference and its code in their own form, whichever field each was typed into.

    :returns: "" for either of them that has not its shape, so that no try need be counted.
    """
    pair = _as_typed(reference, code)
    return pair if all(pair) else _among_words(f"{reference} {code}") or pair


def _among_words(typed: str) -> tuple[str, str] | None:
    """Return a reference with its F and a code from a sentence; None where it holds others too."""
    words = re.findall(r"[A-Z0-9]+", re.sub(r"\bF\W(?=\w)", "F", visible(typed).upper()))
    references = {word for word in words if _is_prefixed(word) and _reference(word)}
    codes = {word for word in words if CODE.fullmatch(word) and not word.isalpha()}
    codes = codes or {word for word in words if CODE.fullmatch(word)}
    if len(references) != 1 or len(codes) != 1:
        return None
    return _reference(references.pop()), codes.pop()


def _as_typed(reference: str, code: str) -> tuple[str, str]:
    first, second = _letters(reference), _letters(code)
    if first and not second:  # both in one field
        first, second = first[:-CODE_LENGTH], first[-CODE_LENGTH:]
    if not _reference(first) or (_is_prefixed(second) and CODE.fullmatch(first)):
        first, second = second, first
    return _reference(first), second if CODE.fullmatch(second) else ""


def reference_of(typed: str) -> str:
    """Return a reference in its own form; "" for what has not its shape."""
    return _reference(_letters(typed))


def _letters(typed: str) -> str:
    return "".join(filter(str.isalnum, LABEL.sub("", visible(typed).upper())))


def _is_prefixed(letters: str) -> bool:
    return len(letters) > CODE_LENGTH and letters.startswith("F")


def _reference(letters: str) -> str:
    bare = letters[1:] if _is_prefixed(letters) else letters
    return f"F-{bare}" if REFERENCE.fullmatch(f"F-{bare}") else ""


def login_name(typed: str) -> str:
    """Return a name as names are compared at log-in: case and invisible signs don't count."""
    return visible(typed).casefold()


def figures(typed: str) -> str:
    """Return the figures of a text, in any script, as 0 to 9."""
    return "".join(str(unicodedata.decimal(letter)) for letter in typed if letter.isdecimal())
