"""Google in small for tests, and what lets us in to it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiohttp import ClientSession, TCPConnector

from integrations.contract import Access, Window
from integrations.google.addresses import CALENDAR_SCOPE, CONTACTS_SCOPE, Addresses
from standins.google.__main__ import CLIENT, addresses
from standins.google.server import Google, now, serve
from standins.pki import Authority, make_authority

BACK = "http://127.0.0.1:8080/oauth/google/callback"
ASTRID = "astrid@example.com"
BIRGER = "birger@example.com"
NOON = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=1)
HOUR = timedelta(hours=1)
WINDOW = Window(start=NOON - timedelta(days=2), end=NOON + timedelta(days=13))


@asynccontextmanager
async def google_of(
    folder: Path, authority: Authority | None = None, clock: Any = now
) -> AsyncIterator[Google]:
    """With Astrid's and Birger's accounts, over TLS."""
    google = Google(clock)
    google.add_client(*CLIENT, BACK)
    google.add_account(ASTRID, "Astrid")
    google.add_account(BIRGER, "Birger")
    async with serve(google, authority or make_authority(folder)) as served:
        yield served


def settings_of(google: Google, ca_file: Path) -> dict[str, Any]:
    """Settings of an installation whose Google this is."""
    found: dict[str, Any] = addresses(google, ca_file)
    return {
        **found,
        "ca_file": ca_file,
        "google_client_id": CLIENT[0],
        "google_client_secret": CLIENT[1],
    }


def addresses_of(google: Google, ca_file: Path) -> Addresses:
    """The same for the adapter alone."""
    where = addresses(google, ca_file)
    return Addresses(
        client_id=CLIENT[0],
        client_secret=CLIENT[1],
        consent=where["google_auth_url"],
        token=where["google_token_url"],
        revoke=where["google_revoke_url"],
        calendar=where["google_calendar_url"],
        people=where["google_people_url"],
        ca_file=ca_file,
    )


def consented(
    google: Google, email: str = ASTRID, scopes: tuple[str, ...] = (CALENDAR_SCOPE, CONTACTS_SCOPE)
) -> dict[str, Any]:
    """Credentials as after consent, the access token yet to be asked for."""
    account = google.accounts.people[email]
    grant = google.accounts.grant(account, frozenset(scopes), refresh=True)
    return {"refresh_token": grant.refresh_token, "scopes": list(scopes)}


def access_to(google: Google, email: str = ASTRID) -> Access:
    """Of somebody who consented."""
    return Access(consented(google, email))


async def click(
    url: str, authority: Authority, account: str = ASTRID, **form: Any
) -> tuple[str, Mapping[str, str]]:
    """What a browser does with the page that asks for consent: where it is sent, and with what.

    *form* changes what is sent; "scope" may be a list.
    """
    context = authority.client_context()
    async with ClientSession(connector=TCPConnector(ssl=context)) as http:
        async with http.get(url) as page:
            text = await page.text()
            assert page.status == 200, text
        key = re.search(r'name="key" value="([^"]+)"', text)
        assert key, text
        scopes = re.findall(r'name="scope" value="([^"]+)"', text)
        fields = {"key": key[1], "account": account, "answer": "allow", "scope": scopes, **form}
        pairs = [
            (name, each)
            for name, value in fields.items()
            for each in (value if isinstance(value, list) else [value])
        ]
        parts = urlsplit(url)
        where = f"{parts.scheme}://{parts.netloc}/o/oauth2/consent"
        async with http.post(where, data=pairs, allow_redirects=False) as answer:
            assert answer.status == 302, await answer.text()
            location = answer.headers["Location"]
    query = parse_qs(urlsplit(location).query)
    return location, {name: values[0] for name, values in query.items()}
