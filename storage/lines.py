"""What people's telephones do, as their exchanges tell."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pymongo import ReplaceOne, ReturnDocument

from storage.cache import Cache
from storage.documents import from_document, to_document
from storage.telephony import Line, LineState, PbxCredential
from storage.transactions import in_transaction

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Advance:
    """How far an exchange's events have come with a batch, and the lines that it changed."""

    stream: str
    last_seq: int
    ended: tuple[str, ...]
    lines: list[LineState]


Advanced = TypeVar("Advanced", bound=Advance)
Decide = Callable[[PbxCredential, Mapping[str, LineState]], Advanced]
Change = Callable[[LineState], LineState]


class LineStore:
    """One line per person of whom an exchange ever told; the others are idle."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self._lines = database["lines"]
        self._credentials = database["pbx_credentials"]
        self.cache: Cache[Line] = Cache(self._states_of)

    async def prepare(self) -> None:
        """Create the indexes: who takes part in a call, and calls that nobody ended."""
        await self._lines.create_index([("org_id", 1), ("keys", 1)])
        await self._lines.create_index("oldest", sparse=True)

    async def of_users(self, user_ids: Iterable[str]) -> dict[str, Line]:
        """What each of these people's telephones does; from memory when it is at hand."""
        found: dict[str, Line] = {}
        missing: list[str] = []
        for user_id in user_ids:
            state = self.cache.peek(user_id)
            if state is None:
                missing.append(user_id)
            else:
                found[user_id] = state
        if missing:
            loaded = await asyncio.gather(*(self.cache.get(user_id) for user_id in missing))
            found |= {user: state or "idle" for user, state in zip(missing, loaded, strict=True)}
        return found

    async def _states_of(self, user_ids: list[str]) -> dict[str, Line]:
        # Who is not known is idle, and that is worth remembering: most people are.
        states: dict[str, Line] = dict.fromkeys(user_ids, "idle")
        async for each in self._lines.find({"_id": {"$in": user_ids}}, {"state": 1}):
            states[each["_id"]] = each["state"]
        return states

    async def advance(
        self,
        credential: PbxCredential,
        stream: str,
        user_ids: list[str],
        calls: list[str],
        decide: Decide[Advanced],
    ) -> Advanced | None:
        """Change lines and the place in the exchange's events together, or neither.

        *decide* is given the credential and the lines of *user_ids*, of who takes part in *calls*
        (by their keys), and when *stream* is another than before, of whoever has a call of this
        exchange, all as they are now; it may run more than once. None when the credential is gone.
        """
        wanted: list[dict[str, Any]] = [
            {"_id": {"$in": user_ids}},
            {"keys": {"$in": calls}},
            {"keys": {"$regex": f"^{credential.id}/"}},
        ]

        async def work(session: Any) -> Advanced | None:
            document = await self._credentials.find_one_and_update(
                {"_id": credential.id, "org_id": credential.org_id},
                {"$inc": {"guard": 1}},  # one batch of an exchange at a time
                session=session,
                return_document=ReturnDocument.AFTER,
            )
            if document is None:
                return None
            current = from_document(document, PbxCredential)
            which = wanted if current.stream != stream else wanted[:2]
            query = {"org_id": credential.org_id, "$or": which}
            found = {
                each["_id"]: _line(each) async for each in self._lines.find(query, session=session)
            }
            advance = decide(current, found)
            await self._keep(advance, credential.id, session)
            return advance

        advance = await in_transaction(self._database, work)
        for line in advance.lines if advance else []:
            self.cache.forget(line.user_id)
        return advance

    async def _keep(self, advance: Advance, credential_id: str, session: Any) -> None:
        changes = {
            "stream": advance.stream,
            "last_seq": advance.last_seq,
            "ended": list(advance.ended),
        }
        await self._credentials.update_one(
            {"_id": credential_id}, {"$set": changes}, session=session
        )
        if advance.lines:
            orders = [
                ReplaceOne({"_id": e.user_id}, _document(e), upsert=True) for e in advance.lines
            ]
            await self._lines.bulk_write(orders, session=session)

    async def change_old(self, before: datetime, change: Change) -> list[LineState]:
        """Change lines with a call last heard of before that moment; the lines as they then are."""
        return await self._change({"oldest": {"$lt": before}}, change)

    async def change_of_exchange(
        self, org_id: str, credential_id: str, change: Change
    ) -> list[LineState]:
        """Change lines with a call of this exchange; the lines as they then are."""
        query = {"org_id": org_id, "keys": {"$regex": f"^{credential_id}/"}}
        return await self._change(query, change)

    async def _change(self, query: dict[str, Any], change: Change) -> list[LineState]:
        async def work(session: Any) -> list[LineState]:
            found = self._lines.find(query, session=session).limit(MOST_AT_ONCE)
            changed = [change(_line(each)) async for each in found]
            if changed:
                orders = [ReplaceOne({"_id": each.user_id}, _document(each)) for each in changed]
                await self._lines.bulk_write(orders, session=session)
            return changed

        done: list[LineState] = []
        while changed := await in_transaction(self._database, work):
            done += changed
            for line in changed:
                self.cache.forget(line.user_id)
        return done


def _document(line: LineState) -> dict[str, Any]:
    document = to_document(line)
    document["_id"] = document.pop("user_id")
    document["keys"] = sorted(line.calls)
    if line.since:
        document["oldest"] = min(line.since.values())
    return document


def _line(document: dict[str, Any]) -> LineState:
    return from_document({**document, "user_id": document["_id"]}, LineState)
