"""Exchange on a company's own premises: calendars, contacts and automatic replies, over EWS."""

from integrations.exchange.provider import Exchange

__all__ = ["Exchange"]
