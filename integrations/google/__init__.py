"""Google: calendars and contacts of an account that consented, or of a company's people."""

from integrations.google.addresses import Addresses
from integrations.google.calendar import Google
from integrations.google.consent import GoogleConsent

__all__ = ["Addresses", "Google", "GoogleConsent"]
