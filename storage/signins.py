"""Sessions of signed-in devices, and links that were mailed: kept by the hash of their secret."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pymongo import DESCENDING

from storage.cache import Cache
from storage.documents import from_document, to_document
from storage.models import Link, LinkKind, Session

TOUCH_EVERY = timedelta(minutes=10)


class SessionStore:
    """One session per signed-in device, and one per token of a bot."""

    def __init__(self, database: Any) -> None:
        self._sessions = database["sessions"]
        self._touching: set[str] = set()
        self.cache: Cache[Session] = Cache(self._find_many)
        self._ids: Cache[str] = Cache(self._ids_of)

    async def prepare(self) -> None:
        """Create the indexes; MongoDB itself sweeps what has expired."""
        await self._sessions.create_index("token_hash", unique=True)
        await self._sessions.create_index([("user_id", 1), ("last_seen_at", -1)])
        await self._sessions.create_index("expires_at", expireAfterSeconds=0)

    async def by_token_hash(self, token_hash: str) -> Session | None:
        """The session of this token, from memory when it is at hand."""
        # A token never moves to another session, so only the session itself can become old.
        session_id = await self._ids.get(token_hash)
        return await self.get(session_id) if session_id else None

    async def _ids_of(self, token_hashes: list[str]) -> dict[str, str]:
        found = self._sessions.find({"token_hash": {"$in": token_hashes}}, {"token_hash": 1})
        return {each["token_hash"]: each["_id"] async for each in found}

    async def get(self, session_id: str) -> Session | None:
        """The session, from memory when it is at hand."""
        return self.cache.peek(session_id) or await self.cache.get(session_id)

    async def find(self, session_id: str) -> Session | None:
        """The session as it is now."""
        return (await self._find_many([session_id])).get(session_id)

    async def _find_many(self, session_ids: list[str]) -> dict[str, Session]:
        found = self._sessions.find({"_id": {"$in": session_ids}})
        return {each["_id"]: from_document(each, Session) async for each in found}

    async def add(self, session: Session, largest: int) -> list[Session]:
        """Keep a new session. Of more than *largest*, the oldest give way: these are returned."""
        await self._sessions.insert_one(to_document(session))
        found = self._sessions.find({"user_id": session.user_id, "_id": {"$ne": session.id}})
        older = found.sort([("last_seen_at", DESCENDING), ("_id", DESCENDING)])
        gone = [from_document(each, Session) async for each in older.skip(largest - 1)]
        await self._drop([each.id for each in gone])
        return gone

    async def of_user(self, user_id: str, org_id: str) -> list[Session]:
        """The person's sessions, the latest used first."""
        found = self._sessions.find({"user_id": user_id, "org_id": org_id})
        ordered = found.sort([("last_seen_at", DESCENDING), ("_id", DESCENDING)])
        return [from_document(each, Session) async for each in ordered]

    async def of_org(self, org_id: str, user_ids: list[str]) -> list[Session]:
        """The sessions of these people of the company, oldest first."""
        found = self._sessions.find({"org_id": org_id, "user_id": {"$in": user_ids}})
        return [from_document(each, Session) async for each in found.sort("_id", 1)]

    async def remove(self, session_id: str, user_id: str) -> bool:
        """End one session of the person; tell whether there was one."""
        outcome = await self._sessions.delete_one({"_id": session_id, "user_id": user_id})
        self.cache.forget(session_id)
        return bool(outcome.deleted_count)

    async def remove_all(self, user_id: str, keep: str | None = None) -> list[str]:
        """End the person's sessions, but for *keep*; the ids of those that ended."""
        wanted = {"user_id": user_id, "_id": {"$ne": keep}}
        ids = [each["_id"] async for each in self._sessions.find(wanted, {"_id": 1})]
        await self._drop(ids)
        return ids

    async def _drop(self, ids: list[str]) -> None:
        if ids:
            await self._sessions.delete_many({"_id": {"$in": ids}})
        for session_id in ids:
            self.cache.forget(session_id)

    async def touch(self, session: Session, now: datetime, expires_at: datetime) -> bool:
        """Note that it is in use, at most once in ten minutes; tell whether that was noted."""
        if now - session.last_seen_at < TOUCH_EVERY or session.id in self._touching:
            return False
        self._touching.add(session.id)
        try:
            await self._sessions.update_one(
                {"_id": session.id},
                {"$max": {"last_seen_at": now, "expires_at": expires_at}},
            )
            self.cache.forget(session.id)
        finally:
            self._touching.discard(session.id)
        return True


class LinkStore:
    """Links that were mailed: an invitation or a new password. Each is used at most once."""

    def __init__(self, database: Any) -> None:
        self._links = database["links"]

    async def prepare(self) -> None:
        """Create the indexes; MongoDB itself sweeps what has expired."""
        await self._links.create_index("token_hash", unique=True)
        await self._links.create_index([("user_id", 1), ("kind", 1)])
        await self._links.create_index("expires_at", expireAfterSeconds=0)

    async def replace(self, link: Link) -> None:
        """Keep a new link; older ones of the same kind to the same person stop working."""
        await self.remove_all(link.user_id, link.kind)
        await self._links.insert_one(to_document(link))

    async def peek(self, kind: LinkKind, token_hash: str, now: datetime) -> Link | None:
        """The link, if it still works."""
        document = await self._links.find_one(_working(kind, token_hash, now))
        return from_document(document, Link) if document else None

    async def take(self, kind: LinkKind, token_hash: str, now: datetime) -> Link | None:
        """The link, if it still worked: it does not any more, and only one caller gets it."""
        document = await self._links.find_one_and_delete(_working(kind, token_hash, now))
        return from_document(document, Link) if document else None

    async def remove_all(self, user_id: str, kind: LinkKind | None = None) -> None:
        """Stop the person's links, of one *kind* or all."""
        await self._links.delete_many({"user_id": user_id} | ({"kind": kind} if kind else {}))


def _working(kind: LinkKind, token_hash: str, now: datetime) -> dict[str, Any]:
    return {"token_hash": token_hash, "kind": kind, "expires_at": {"$gt": now}}
