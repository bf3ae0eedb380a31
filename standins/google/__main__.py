"""Google in small, by hand: `python -m standins.google [port] [folder for certificates]`."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import gettempdir

from standins.google.server import WRITING_SCOPES, Google, serve
from standins.pki import make_authority

CLIENT = ("vaxel-demo.apps.googleusercontent.com", "vaxel-demo-secret")
PORT = 9080
MINUTES = 60


async def main(port: int, folder: Path) -> None:
    """Serve two people's calendars until somebody interrupts; tell how to point Växel here."""
    authority = make_authority(folder)
    google = Google()
    google.add_client(*CLIENT, "http://127.0.0.1:8080/oauth/google/callback")
    for email, name in (("astrid@example.com", "Astrid"), ("birger@example.com", "Birger")):
        calendar = google.add_account(email, name)
        start = google.clock()
        calendar.add("Planering", start, start + timedelta(minutes=MINUTES))
        google.book(email).add("Basse", phoneNumbers=[{"value": "070-174 06 05"}])
    async with serve(google, authority, port):
        for name, value in settings_for(google, authority.ca_file).items():
            print(f"export VAXEL_{name.upper()}={value}")
        owner = google.accounts.grant(
            google.accounts.people["astrid@example.com"], WRITING_SCOPES, refresh=False
        )
        print(f"# To change Astrid's calendar, for an hour: Bearer {google.accounts.token(owner)}")
        print("# Ctrl-C ends it.", flush=True)
        await asyncio.Event().wait()


def settings_for(google: Google, ca_file: Path) -> dict[str, str]:
    """Växel's settings by name, so that it takes this for Google."""
    return {
        "google_client_id": CLIENT[0],
        "google_client_secret": CLIENT[1],
        **addresses(google, ca_file),
    }


def addresses(google: Google, ca_file: Path) -> dict[str, str]:
    """Where everything is, and whom to trust."""
    return {
        "google_auth_url": f"{google.url}/o/oauth2/v2/auth",
        "google_token_url": f"{google.url}/token",
        "google_revoke_url": f"{google.url}/revoke",
        "google_calendar_url": f"{google.url}/calendar/v3/",
        "google_people_url": f"{google.url}/",
        "ca_file": str(ca_file),
    }


if __name__ == "__main__":
    given = sys.argv[1:]
    wanted = int(given[0]) if given else PORT
    where = Path(given[1]) if len(given) > 1 else Path(gettempdir()) / "vaxel-standins"
    try:
        asyncio.run(main(wanted, where))
    except KeyboardInterrupt:
        sys.exit(0)
