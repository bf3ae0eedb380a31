"""Lists as Graph gives them, ten at a time, and what is in them beside events."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from standins.graph import wire
from standins.graph.asked import Asked, Refused
from standins.graph.delta import moment_of
from standins.graph.directory import Account
from standins.graph.item import Item
from standins.graph.mailbox import MailboxKept
from standins.graph.recurrence import WINDOWS_NAMES


def user(account: Account) -> dict[str, Any]:
    """Somebody in the directory."""
    return {
        "id": account.id,
        "displayName": account.name,
        "userPrincipalName": account.principal,
        "mail": account.address if account.mailbox else None,
        "accountEnabled": True,
    }


def settings(mailbox: MailboxKept) -> dict[str, Any]:
    """A mailbox's time zone, and how it answers by itself."""
    return {
        "timeZone": WINDOWS_NAMES.get(mailbox.zone, mailbox.zone),
        "automaticRepliesSetting": {
            "externalAudience": "all",
            "scheduledStartDateTime": {
                "dateTime": "2026-01-01T00:00:00.0000000",
                "timeZone": "UTC",
            },
            "scheduledEndDateTime": {"dateTime": "2026-01-02T00:00:00.0000000", "timeZone": "UTC"},
            **mailbox.auto_reply,
        },
    }


def events(asked: Asked, items: list[Item]) -> dict[str, Any]:
    """Events with what was selected of them."""
    select = asked.asks("$select")
    return paged(asked, [wire.selected(wire.event(e, asked), select) for e in items], "events")


def paged(asked: Asked, values: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """Ten at a time unless $top says otherwise."""
    size, skip = int(asked.asks("$top") or 10), int(asked.asks("$skip") or 0)
    body = wire.collection(asked, values[skip : skip + size], kind)
    if skip + size < len(values):
        kept = {key: each for key, each in asked.query.items() if key.lower() != "$skip"}
        query = "&".join(
            f"{key}={quote(each)}" for key, each in {**kept, "$skip": str(skip + size)}.items()
        )
        body["@odata.nextLink"] = f"{asked.base}/{'/'.join(asked.path)}?{query}"
    return body


def window(asked: Asked) -> tuple[Any, Any]:
    """The time that was asked for."""
    start, end = asked.asks("startDateTime"), asked.asks("endDateTime")
    if start is None or end is None:
        raise Refused(400, "ErrorInvalidParameter", "A time window is required.")
    return moment_of(start), moment_of(end)
