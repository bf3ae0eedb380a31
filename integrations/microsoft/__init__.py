"""Microsoft 365: calendars, contacts and automatic replies, read through Graph."""

from integrations.microsoft.consent import MicrosoftConsent
from integrations.microsoft.provider import Microsoft
from integrations.microsoft.registration import Registration

__all__ = ["Microsoft", "MicrosoftConsent", "Registration"]
