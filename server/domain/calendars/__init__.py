"""Calendars and contacts of other services, kept in step."""
