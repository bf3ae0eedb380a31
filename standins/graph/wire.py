"""Events, calendars and contacts as Graph writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from standins.graph.asked import Asked, Refused
from standins.graph.item import Item
from standins.graph.mailbox import CalendarKept, MailboxKept
from standins.graph.recurrence import WINDOWS_NAMES

STABLE = "AAkA"  # how ids that outlive a move begin
USUAL = "AAMk"  # and those that are given to who does not ask for them


def event(item: Item, asked: Asked) -> dict[str, Any]:
    """An event with everything that is known of it."""
    master = item.master or item
    original = item.original_start
    return {
        "@odata.type": "#microsoft.graph.event",
        "@odata.etag": f'W/"{item.number}"',
        "id": spell(item.id, asked),
        "createdDateTime": stamp(item.modified),
        "lastModifiedDateTime": stamp(item.modified),
        "changeKey": str(item.number),
        "categories": list(item.categories),
        "transactionId": None,
        "originalStartTimeZone": WINDOWS_NAMES.get(item.zone, item.zone),
        "originalEndTimeZone": WINDOWS_NAMES.get(item.zone, item.zone),
        # In Exchange it differs between occurrences: only the master's is the series' own.
        "iCalUId": item.uid if item.master is None else f"{item.uid}{item.id[-12:]}",
        "isAllDay": item.all_day,
        "isCancelled": item.cancelled,
        "isOrganizer": item.response == "organizer",
        "responseStatus": {"response": item.response, "time": "0001-01-01T00:00:00Z"},
        "seriesMasterId": spell(master.id, asked) if item.master else None,
        "showAs": item.show_as,
        "type": _type(item),
        "subject": item.subject,
        "bodyPreview": "",
        "sensitivity": item.sensitivity,
        "start": moment(item.start, asked, floating=item.all_day),
        "end": moment(item.end, asked, floating=item.all_day),
        "originalStart": stamp(original) if original else None,
        "location": {"displayName": ""},
        "attendees": [],
        "organizer": {"emailAddress": {"name": "", "address": ""}},
        "recurrence": item.recurrence.wire() if item.recurrence else None,
    }


def stub(item: Item, asked: Asked) -> dict[str, Any]:
    """An occurrence in a delta: when, and of which series. All else is its master's."""
    master = item.master or item
    return {
        "@odata.type": "#microsoft.graph.event",
        "id": spell(item.id, asked),
        "seriesMasterId": spell(master.id, asked),
        "type": "occurrence",
        "start": moment(item.start, asked, floating=item.all_day),
        "end": moment(item.end, asked, floating=item.all_day),
    }


def calendar(kept: CalendarKept, mailbox: MailboxKept) -> dict[str, Any]:
    """A calendar in the list of a mailbox's."""
    return {
        "id": kept.id,
        "name": kept.name,
        "color": "auto",
        "hexColor": "",
        "isDefaultCalendar": kept.default,
        "changeKey": str(mailbox.number),
        "canShare": True,
        "canViewPrivateItems": kept.can_see_details,
        "canEdit": kept.can_edit,
        "owner": {"name": kept.owner, "address": kept.owner},
    }


def contact(contact_id: str, number: int, fields: Mapping[str, Any]) -> dict[str, Any]:
    """A contact; what it has no word of is empty."""
    return {
        "@odata.etag": f'W/"{number}"',
        "id": contact_id,
        "displayName": "",
        "givenName": None,
        "surname": None,
        "companyName": None,
        "department": None,
        "jobTitle": None,
        "businessPhones": [],
        "homePhones": [],
        "mobilePhone": None,
        "emailAddresses": [],
        "personalNotes": "",
        **fields,
    }


def moment(when: datetime, asked: Asked, *, floating: bool) -> dict[str, str]:
    """A time without offset and with seven decimals, in the zone that was preferred."""
    name = asked.prefers("outlook.timezone") or "UTC"
    iana = {windows: iana for iana, windows in WINDOWS_NAMES.items()}.get(name, name)
    try:
        zone = ZoneInfo(iana)
    except (KeyError, ValueError, OSError) as error:
        raise Refused(
            400,
            "TimeZoneNotSupportedException",
            "A valid TimeZone value must be specified.",
        ) from error
    local = when if floating else when.astimezone(zone)
    return {"dateTime": f"{local:%Y-%m-%dT%H:%M:%S.%f}0", "timeZone": name}


def stamp(when: datetime) -> str:
    """A moment as properties of type DateTimeOffset are written."""
    return f"{when.replace(tzinfo=UTC) if when.tzinfo is None else when:%Y-%m-%dT%H:%M:%SZ}"


def selected(value: dict[str, Any], names: str | None) -> dict[str, Any]:
    """Only what $select names; the id is always told."""
    if not names:
        return value
    wanted = {each.strip() for each in names.split(",")} | {"id"}
    return {key: each for key, each in value.items() if key in wanted or key.startswith("@")}


def spell(item_id: str, asked: Asked) -> str:
    """The id in the kind that was asked for."""
    return item_id if asked.immutable else item_id.replace(STABLE, USUAL, 1)


def unspell(item_id: str) -> str:
    """Either kind of id as it is kept."""
    return item_id.replace(USUAL, STABLE, 1) if item_id.startswith(USUAL) else item_id


def collection(asked: Asked, values: Iterable[dict[str, Any]], kind: str) -> dict[str, Any]:
    """A list of things."""
    return {"@odata.context": f"{asked.base}/$metadata#{kind}", "value": list(values)}


def _type(item: Item) -> str:
    if item.master is not None and item.original_start is None:
        return "occurrence"
    return item.type
