"""A stand-in for Microsoft with the cast's mailboxes, and ways into them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from integrations.contract import Access, Calendar, Credentials, Granted, Onward
from integrations.microsoft import Microsoft, MicrosoftConsent, Registration
from standins.graph.directory import Tenant
from standins.graph.server import Graph, open_graph
from standins.pki import make_authority

ASTRID = "astrid@example.com"
BIRGER = "birger@example.com"
REDIRECT = "https://vaxel.example.com/oauth/microsoft/callback"


def real_time() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def graph_with_people(
    folder: Path, clock: Callable[[], datetime] = real_time
) -> AsyncIterator[Graph]:
    """Astrid, who administers, Birger, and a room without a mailbox, of example.com."""
    async with open_graph(make_authority(folder / "pki"), clock) as graph:
        graph.add_account(ASTRID, "Astrid Lind", admin=True)
        graph.add_account(BIRGER, "Birger Holm")
        graph.add_account("basse@example.com", "Basse Ek", mailbox=False)
        yield graph


def registration(graph: Graph, **changes: Any) -> Registration:
    application = graph.directory.application
    values: dict[str, Any] = {
        "client_id": application.client_id,
        "client_secret": application.client_secret,
        "authority": graph.url,
        "graph_url": graph.url,
        "ca_file": graph.authority.ca_file,
    }
    return Registration(**{**values, **changes})


async def consent(graph: Graph, address: str = ASTRID, *, company: bool = False) -> Granted:
    """Go there and back, as often as it takes."""
    asker = MicrosoftConsent(registration(graph))
    url, flow = await asker.begin(REDIRECT, company=company)
    found: Granted | Onward = Onward(url=url, flow=flow)
    while isinstance(found, Onward):
        found = await asker.finish(found.flow, await graph.click(found.url, address))
    return found


class Keeper:
    """Keeps renewed credentials, as whoever holds a lease does."""

    def __init__(self, credentials: Credentials) -> None:
        self.credentials = dict(credentials)
        self.times = 0

    async def keep(self, credentials: Credentials) -> None:
        self.credentials = dict(credentials)
        self.times += 1

    def access(self, address: str = "") -> Access:
        return Access(dict(self.credentials), address, self.keep)


async def let_in(graph: Graph, address: str = ASTRID) -> Keeper:
    return Keeper((await consent(graph, address)).credentials)


async def default_calendar(provider: Microsoft, access: Access) -> Calendar:
    return (await provider.calendars(access))[0]


def tenant_of(graph: Graph) -> Tenant:
    return next(iter(graph.directory.tenants.values()))
