"""What each plan and role may do: one table."""

from __future__ import annotations

from storage.models import Plan, Role, User

PLANS: dict[Plan, frozenset[str]] = {
    "basic": frozenset({"phone", "presence", "contacts", "activities"}),
    "pro": frozenset({"phone", "presence", "contacts", "activities", "chat", "video", "files"}),
    "business": frozenset(
        {"phone", "presence", "contacts", "activities", "chat", "video", "files"}
    ),
    "enterprise": frozenset(
        {"phone", "presence", "contacts", "activities", "chat", "video", "files"}
    ),
}
ROLES: dict[Role, frozenset[str]] = {
    "member": frozenset(),
    "attendant": frozenset(),
    "bot": frozenset(),
    "admin": frozenset({"admin"}),
    "operator": frozenset({"admin", "operator"}),
}


def can(user: User, what: str) -> bool:
    """Whether the user's plan or role allows *what*."""
    return what in PLANS[user.plan] or what in ROLES[user.role]


def abilities(user: User) -> list[str]:
    """All that the user may do, sorted."""
    return sorted(PLANS[user.plan] | ROLES[user.role])
