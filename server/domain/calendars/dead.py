"""Work that was given up: what there is, and having it done again."""

from __future__ import annotations

from server.app import App
from server.domain.calendars import sweep
from server.domain.errors import NotFound
from storage.calendars import DeadLetter


async def letters(app: App, org_id: str) -> list[DeadLetter]:
    """The company's dead letters, the latest first."""
    return await app.stores.dead_letters.of_org(org_id)


async def replay(app: App, org_id: str, letter_id: str) -> None:
    """Try it again now, by reading the whole mailbox. Should it fail, it comes back.

    Raises NotFound.
    """
    letter = await _find(app, org_id, letter_id)
    await app.stores.dead_letters.remove(letter.id, org_id)
    await sweep.hurry(app, org_id, letter.mailbox_id, full=True)


async def drop(app: App, org_id: str, letter_id: str) -> None:
    """Forget about it. Raises NotFound."""
    letter = await _find(app, org_id, letter_id)
    await app.stores.dead_letters.remove(letter.id, org_id)


async def _find(app: App, org_id: str, letter_id: str) -> DeadLetter:
    letter = await app.stores.dead_letters.in_org(letter_id, org_id)
    if letter is None:
        raise NotFound("dead_letter")
    return letter
