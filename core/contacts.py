"""How the association is reached, as its settings and pages say it: e-mail and telephone."""

from __future__ import annotations

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import ValidationResult

from core.faults import WrongValue

REGION = "GB"  # where a telephone number without a country is from
LONGEST_SHORT = 6  # figures: 999, 101, 116 123
_EXTENSION = re.compile(
    r"[ ,;]*(?:ext(?:ension|n)?|est(?:yniad)?|x)\.?[ :]*(?P<figures>\d{1,7})$", re.IGNORECASE
)
_BETWEEN = str.maketrans(
    dict.fromkeys("./\u00a0\u202f", " ") | dict.fromkeys("\u2010\u2011\u2012\u2013", "-")
)


def email_address(text: str) -> str:
    """Return an address as mail carries it.

    :raises WrongValue: for one that mail can't reach (RFC 5321), such as one with accents before
        the @, which only some mail servers take (RFC 6531).
    """
    try:
        valid = validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        raise WrongValue(
            "isn't an e-mail address.",
            "Write it alone, without a name, such as homes@gwennol.example.org.",
        ) from None
    return valid.ascii_email or valid.normalized


def phone_number(text: str) -> str:
    """Return a telephone number as it was typed, when telephones can dial it.

    An extension may stand at its end (“ext. 12”, “est. 12”, “x12”).

    :raises WrongValue: for one of too few figures or too many, or with other words in it.
    """
    extension = _EXTENSION.search(text)
    if extension:
        return phone_number(text[: extension.start()]) + extension[0]
    text = " ".join(text.translate(_BETWEEN).split())
    figures = re.sub(r"\D", "", text)
    if not re.fullmatch(r"\+?[\d ()-]+", text) or not figures:
        raise WrongValue("isn't a phone number.")
    if len(figures) <= LONGEST_SHORT and not figures.startswith("0") and len(figures) > 1:
        return text
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException:
        raise WrongValue("isn't a phone number.") from None
    match phonenumbers.is_possible_number_with_reason(number):
        case ValidationResult.TOO_SHORT | ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
            raise WrongValue("has too few figures for a phone number.", "Write its area code too.")
        case ValidationResult.TOO_LONG:
            raise WrongValue("has too many figures for a phone number.", "Write one number.")
        case ValidationResult.INVALID_COUNTRY_CODE:
            raise WrongValue("begins with the code of no country.")
    return text


def dialled(number: str) -> str:
    """Return a telephone number as links have it, after `tel:` (RFC 3966).

    :param number: as `phone_number` takes it.
    """
    extension = _EXTENSION.search(number)
    main = number[: extension.start()] if extension else number
    figures = re.sub(r"[^\d+]", "", main.replace("(0)", "") if main.startswith("+") else main)
    return f"{figures};ext={extension['figures']}" if extension else figures
