"""Entries before they have their place in a log, and how they get it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from storage.log_reader import Tail
from storage.models import Entry, Kind


@dataclass(slots=True)
class Draft:
    """An entry before it has its place: what the appender needs to write it.

    `at` is when it is being written, known to an effect that goes with it (see `append_with`).
    """

    id: str
    org_id: str
    room_id: str
    kind: Kind
    author_id: str
    fields: dict[str, Any] = field(default_factory=dict)
    client_id: str | None = None
    at: datetime | None = None


def entry_after(tail: Tail, draft: Draft, now: datetime) -> tuple[Entry, Tail]:
    """The draft as the entry that follows *tail*, and the tail after it."""
    seq = tail.seq + 1
    is_message = draft.kind == "message"
    count = tail.count + is_message
    latest = seq if is_message else tail.message
    entry: dict[str, Any] = {
        "_id": draft.id,
        "org_id": draft.org_id,
        "room_id": draft.room_id,
        "seq": seq,
        "kind": draft.kind,
        "author_id": draft.author_id,
        "sent_at": now,
        "count": count,
        "latest": latest,
        **draft.fields,
    }
    if draft.client_id is not None:
        entry["client_id"] = draft.client_id
    return cast("Entry", entry), Tail(seq, count, latest)


def tail_at(entry: Entry) -> Tail:
    """The tail of a log that ends with this entry."""
    return Tail(entry["seq"], entry["count"], entry["latest"])
