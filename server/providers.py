"""The kinds of account whose calendars can be kept in step, as this installation is set up."""

from __future__ import annotations

from collections.abc import Mapping

from integrations.caldav import CalDav
from integrations.contract import CalendarProvider, ConsentProvider
from integrations.exchange import Exchange
from integrations.google import Addresses, Google, GoogleConsent
from integrations.ics import IcsFeeds
from integrations.microsoft import Microsoft, MicrosoftConsent, Registration
from integrations.safe_http import Network, origin_of
from server.settings import Settings


def calendar_providers(settings: Settings) -> Mapping[str, CalendarProvider]:
    """By the name of the provider; those that are not set up are left out."""
    own = {origin_of(settings.calendar_url)} if settings.calendar_url else set()
    network = Network(settings.private_networks, frozenset(own), settings.ca_file)
    found: dict[str, CalendarProvider] = {
        "caldav": CalDav(network),
        "ics": IcsFeeds(network),
        "exchange": Exchange(network),
        # Also without a client of its own: a company's service account needs none.
        "google": Google(_google(settings)),
    }
    if (registration := _microsoft(settings)) is not None:
        found["microsoft"] = Microsoft(registration)
    return found


def consent_providers(settings: Settings) -> Mapping[str, ConsentProvider]:
    """Those that are connected by sending a browser there; by the name of the provider."""
    found: dict[str, ConsentProvider] = {}
    if settings.google_client_id:
        found["google"] = GoogleConsent(_google(settings))
    if (registration := _microsoft(settings)) is not None:
        found["microsoft"] = MicrosoftConsent(registration)
    return found


def _microsoft(settings: Settings) -> Registration | None:
    if not settings.microsoft_client_id:
        return None
    return Registration(
        client_id=settings.microsoft_client_id,
        client_secret=settings.microsoft_client_secret or "",
        authority=settings.microsoft_authority,
        graph_url=settings.microsoft_graph_url,
        ca_file=settings.ca_file,
    )


def _google(settings: Settings) -> Addresses:
    return Addresses(
        client_id=settings.google_client_id or "",
        client_secret=settings.google_client_secret or "",
        consent=settings.google_auth_url,
        token=settings.google_token_url,
        revoke=settings.google_revoke_url,
        calendar=settings.google_calendar_url,
        people=settings.google_people_url,
        ca_file=settings.ca_file,
    )
