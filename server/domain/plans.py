"""What each plan and role may do: one table."""

from __future__ import annotations

from storage.models import Plan, Role, User

TELEPHONY = frozenset({"phone", "presence", "line_state", "contacts", "activities"})
# A calendar that decides for the telephone is for these plans; contacts are kept in step on all.
COLLABORATION = TELEPHONY | {"chat", "video", "files", "calendars"}

PLANS: dict[Plan, frozenset[str]] = {
    "basic": TELEPHONY,
    "pro": COLLABORATION,
    "business": COLLABORATION,
    "enterprise": COLLABORATION,
}
ROLES: dict[Role, frozenset[str]] = {
    "member": frozenset(),
    "attendant": frozenset({"others_activities"}),
    "bot": frozenset(),
    "admin": frozenset({"admin", "others_activities"}),
    "operator": frozenset({"admin", "operator", "others_activities"}),
}


def can(user: User, what: str) -> bool:
    """Whether the user's plan or role allows *what*."""
    return what in PLANS[user.plan] or what in ROLES[user.role]


def abilities(user: User) -> list[str]:
    """All that the user may do, sorted."""
    return sorted(PLANS[user.plan] | ROLES[user.role])
