"""Exchange Server in small for tests, with Astrid's and Birger's mailboxes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from integrations.contract import Access
from standins.exchange.mailbox import Mailbox, now
from standins.exchange.server import Exchange, serve
from standins.pki import Authority

ASTRID = "astrid@example.com"
BIRGER = "birger@example.com"
PASSWORD = "hemligt-lösenord"


@asynccontextmanager
async def exchange_of(
    authority: Authority | None = None, clock: Callable[[], datetime] = now
) -> AsyncIterator[Exchange]:
    """With both mailboxes; Birger signs in the old way, with a domain."""
    exchange = Exchange()
    exchange.add(Mailbox(ASTRID, ASTRID, PASSWORD, clock))
    exchange.add(Mailbox(BIRGER, "FABRIKEN\\birger", PASSWORD, clock))
    async with serve(exchange, authority) as served:
        yield served


def mailbox_of(exchange: Exchange, address: str = ASTRID) -> Mailbox:
    """Whose address it is."""
    return next(each for each in exchange.people.values() if each.address == address)


def credentials_for(exchange: Exchange, whose: str = ASTRID, **other: Any) -> dict[str, Any]:
    """What its owner would type."""
    told = {
        "address": exchange.url,
        "username": mailbox_of(exchange, whose).user,
        "password": PASSWORD,
        "time_zone": "Europe/Stockholm",
    }
    return {**told, **other}


def access_to(exchange: Exchange, whose: str = ASTRID, **other: Any) -> Access:
    """To one mailbox; what was found out is kept in the credentials."""
    told = credentials_for(exchange, whose, **other)

    async def keep(credentials: Any) -> None:
        told.update(credentials)

    return Access(told, keep=keep)
