"""The kinds of account whose calendars can be kept in step, as this installation is set up."""

from __future__ import annotations

from collections.abc import Mapping

from integrations.caldav import CalDav
from integrations.contract import CalendarProvider, ConsentProvider
from integrations.ics import IcsFeeds
from integrations.safe_http import Network, origin_of
from server.settings import Settings


def calendar_providers(settings: Settings) -> Mapping[str, CalendarProvider]:
    """By the name of the provider; those that are not set up are left out."""
    own = {origin_of(settings.calendar_url)} if settings.calendar_url else set()
    network = Network(settings.private_networks, frozenset(own), settings.ca_file)
    return {"caldav": CalDav(network), "ics": IcsFeeds(network)}


def consent_providers(_settings: Settings) -> Mapping[str, ConsentProvider]:
    """Those that are connected by sending a browser there; by the name of the provider."""
    return {}
