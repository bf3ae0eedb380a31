"""What providers have in common that hold one person's calendars and never call us."""

from __future__ import annotations

from datetime import datetime

from integrations.contract import Access, AutoReply, BadAnswer, Calendar, Hook, Owner, Watch


class Unpushed:
    """Calendars that are asked now and then, because they promise nothing."""

    pushes = False

    async def auto_reply(self, access: Access) -> AutoReply | None:
        """They do not tell."""
        del access
        return None

    async def watch(self, access: Access, calendar: Calendar, hook: Hook) -> Watch:
        """They promise nothing. Raises BadAnswer."""
        del access, calendar, hook
        raise BadAnswer("no_push")

    async def renew(self, access: Access, watch: Watch, until: datetime) -> Watch | None:
        """There is nothing to prolong."""
        del access, watch, until
        return None

    async def unwatch(self, access: Access, watch: Watch) -> None:
        """There is nothing to end."""

    async def owners(self, access: Access) -> list[Owner]:
        """They are one person's."""
        del access
        return []

    async def revoke(self, access: Access) -> None:
        """What we were told (a password, an address) only its owner can change."""
