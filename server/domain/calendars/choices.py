"""Which calendars of a mailbox count. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from integrations.contract import Calendar
from server.domain.plans import can
from storage.calendars import ChosenCalendar
from storage.models import User


def chosen(
    found: Sequence[Calendar], kept: Sequence[ChosenCalendar], owner: User
) -> tuple[ChosenCalendar, ...]:
    """The calendars that the provider tells of, with what their owner chose among them before.

    At first the primary one counts (C1), or the first of one's own when none is. Whose plan has no
    calendars has none to choose among: should the plan change, that is the first time.
    """
    if not can(owner, "calendars"):
        return ()
    before = {each.id: each.counts for each in kept}
    first = None if kept else _first(found)
    return tuple(
        ChosenCalendar(
            id=each.id,
            name=each.name,
            primary=each.primary,
            colour=each.colour,
            own=each.own,
            busy_only=each.busy_only,
            counts=before.get(each.id, each.id == first),
        )
        for each in found
    )


def _first(found: Sequence[Calendar]) -> str | None:
    primary = [each.id for each in found if each.primary]
    own = [each.id for each in found if each.own]
    return next(iter([*primary, *own]), None)
