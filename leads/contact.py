"""Contact data in one notation, so that two ways of writing the same address or number meet. Pure."""

import unicodedata

import phonenumbers

#: Where a number without a country code is taken to be from.
HOME_REGION = "US"


def normalised_email(email: str) -> str:
    """The address as it is compared: Unicode NFC, no outer spaces, case folded; ``""`` for none."""
    return unicodedata.normalize("NFC", email).strip().casefold()[:254]


def readable_number(number: str) -> str:
    """A number in E.164 as people write it: ``(510) 555-0123`` at home, ``+44 20 7946 0123`` from abroad."""
    read = phonenumbers.parse(number)
    at_home = phonenumbers.region_code_for_country_code(read.country_code or 0) == HOME_REGION
    style = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(read, style)


def e164(phone: str) -> str:
    """The number in E.164 (``+15105550123``); ``""`` when it cannot be read as a possible number."""
    try:
        number = phonenumbers.parse(phone, HOME_REGION)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
