"""How the association is reached, as its settings and pages say it: e-mail and telephone."""

from __future__ import annotations

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import ValidationResult

from core.faults import WrongValue

REGION = "GB"  # where a telephone number without a country is from
LONGEST_SHORT = 6  # figures: 999, 101, 116 123


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

    :raises WrongValue: for one of too few figures or too many, or with words in it.
    """
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
