"""The kinds of account whose calendars can be kept in step, as this installation is set up."""

from __future__ import annotations

from collections.abc import Mapping

from integrations.contract import CalendarProvider, ConsentProvider
from server.settings import Settings


def calendar_providers(_settings: Settings) -> Mapping[str, CalendarProvider]:
    """By the name of the provider; those that are not set up are left out."""
    return {}


def consent_providers(_settings: Settings) -> Mapping[str, ConsentProvider]:
    """Those that are connected by sending a browser there; by the name of the provider."""
    return {}
