"""How far a file of contacts has come on its way in."""

from __future__ import annotations

from typing import Any

from server.app import App
from server.domain.events import Fact, to_user
from storage.imports import Import
from storage.models import timestamp


def shape(found: Import) -> dict[str, Any]:
    """How far the import has come; what was wrong is asked for."""
    return {
        "id": found.id,
        "scope": scope_of(found),
        "format": found.format,
        "status": "reading" if found.status == "receiving" else found.status,
        "rows": found.rows,
        "good": found.good,
        "bad": found.bad,
        "merged": found.merged,
        "skipped": found.skipped,
        "ignored": list(found.ignored),
        "created_at": timestamp(found.created_at),
    }


def scope_of(found: Import) -> str:
    """`global` for the company's contacts, `personal` for one's own."""
    return "global" if found.owner_id is None else "personal"


def tell(app: App, found: Import) -> None:
    """Tell who began it how far it has come."""
    app.events.publish(Fact.CONTACTS_IMPORT, {"import": shape(found)}, to_user(found.user_id))
