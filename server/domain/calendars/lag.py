"""How long after a change in a calendar it counts here."""

from __future__ import annotations

from server.app import App


async def lag(app: App, org_id: str) -> dict[str, float | int | None]:
    """Of the company's latest changes: median and 99th percentile in seconds, and how many."""
    found = sorted(await app.sync_queue.lags(org_id))
    return {"p50": _at(found, 0.50), "p99": _at(found, 0.99), "count": len(found)}


def _at(ordered: list[float], share: float) -> float | None:
    if not ordered:
        return None
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
