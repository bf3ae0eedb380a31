"""What the columns of a file of contacts mean, also in Outlook's and Google's exports. Pure."""

from __future__ import annotations

import re

from storage.models import PhoneKind

TEXTS = {
    "name": (
        "full name|fullständigt namn|display name|visningsnamn|formatted name|"
        "kontakt|kontaktnamn|contact|contact name"
    ),
    "first": "first name|given name|förnamn|firstname",
    "middle": "middle name|additional name|mellannamn",
    "last": "last name|family name|efternamn|surname|lastname",
    "title": ("job title|titel|befattning|yrkestitel|roll|role|organization title|position|yrke"),
    "department": "department|avdelning|organization department|enhet",
    "company": (
        "company|företag|företagsnamn|organisation|organization|organization name|company name|"
        "bolag|firma|kund|customer"
    ),
    "note": "note|notes|anteckning|anteckningar|kommentar|kommentarer|comment|comments|notering",
}
PHONES: dict[PhoneKind, str] = {
    "work": (
        "phone|telefon|telefonnummer|phone number|tel|tfn|telephone|telephone number|nummer|number|"
        "business phone|work phone|arbetstelefon|telefon arbete|telefon arbetet|tfn arbete|jobb|"
        "work|arbete|company main phone|primary phone|direkt|direktnummer|växel|telefon jobb|"
        "telefon företag|företagstelefon|huvudtelefon"
    ),
    "mobile": (
        "mobile|mobile phone|mobil|mobiltelefon|mobilnummer|cell|cell phone|mobile number|"
        "telefon mobil|tfn mobil"
    ),
    "other": (
        "home phone|other phone|hemtelefon|telefon hem|tfn hem|bostad|telefon bostad|home|hem|"
        "annan telefon|övrig telefon|car phone|radio phone|assistant's phone|callback"
    ),
}
EMAILS = (
    "e mail|email|e mail address|email address|e post|e postadress|epost|epostadress|mejl|mail|"
    "mejladress|mailadress|e mail value|email value"
)
TYPES: dict[str, PhoneKind] = {
    "mobile": "mobile",
    "mobil": "mobile",
    "cell": "mobile",
    "work": "work",
    "arbete": "work",
    "jobb": "work",
    "main": "work",
}
NOISE = re.compile(r"[\d\s\-_().:*/\u2010\u2011]+")


def meaning(header: str) -> str | None:
    """What a column holds: a field's name, "email", "phone:work" …, or None for what is not kept.

    Google's pairs are "phone type" and "phone value".
    """
    return _MEANINGS.get(plain(header))


def plain(header: str) -> str:
    """The header in small letters, without counts and signs: "E-mail 2 Address" and the like."""
    return NOISE.sub(" ", header.casefold()).strip()


def kind_of(word: str) -> PhoneKind:
    """What kind of number a file means by "Mobile" or "Arbete, direkt"."""
    found = [kind for name, kind in TYPES.items() if name in word.casefold()]
    return found[0] if found else "other"


def _all() -> dict[str, str]:
    found = {"phone value": "phone:typed", "phone type": "phone type", "phone label": "phone type"}
    found |= {"name": "name", "title": "title"}
    for name, headers in TEXTS.items():
        found |= dict.fromkeys(headers.split("|"), name)
    for kind, headers in PHONES.items():
        found |= dict.fromkeys(headers.split("|"), f"phone:{kind}")
    found |= dict.fromkeys(EMAILS.split("|"), "email")
    return found | {"namn": "name"}


_MEANINGS = _all()
