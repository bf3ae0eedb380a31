"""What people and companies let us into, and the mailboxes within that are kept in step."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument

from storage.cache import Cache
from storage.calendars import Connection, Mailbox
from storage.documents import from_document, to_document
from storage.ids import new_id

_IN_USE = {"status": {"$in": ["new", "active"]}}  # neither lost nor let go of


class ConnectionStore:
    """Connections, by id; `cache` goes by id. Credentials are kept sealed."""

    def __init__(self, database: Any) -> None:
        self._connections = database["connections"]
        self.cache: Cache[Connection] = Cache(self._find_many)

    async def prepare(self) -> None:
        """Create the index: a company's, and of those a person's."""
        await self._connections.create_index([("org_id", 1), ("user_id", 1)])

    async def get(self, connection_id: str, org_id: str) -> Connection | None:
        """The connection if it is this company's, from memory when it is at hand."""
        found = self.cache.peek(connection_id) or await self.cache.get(connection_id)
        return found if found and found.org_id == org_id else None

    async def in_org(self, connection_id: str, org_id: str) -> Connection | None:
        """The connection as it is now, if it is this company's."""
        document = await self._connections.find_one({"_id": connection_id, "org_id": org_id})
        return from_document(document, Connection) if document else None

    async def of_user(self, org_id: str, user_id: str) -> list[Connection]:
        """The person's own, oldest first."""
        return await self._found({"org_id": org_id, "user_id": user_id})

    async def of_company(self, org_id: str) -> list[Connection]:
        """Those that the company made as a whole, oldest first."""
        return await self._found({"org_id": org_id, "user_id": None})

    async def of_org(self, org_id: str) -> list[Connection]:
        """All in the company: its own and its people's, oldest first."""
        return await self._found({"org_id": org_id})

    async def all(self) -> AsyncIterator[Connection]:
        """Every company's, for the operator's own work."""
        async for each in self._connections.find().sort("_id", 1):
            yield from_document(each, Connection)

    async def replace_seal(self, connection: Connection, sealed: str) -> bool:
        """The same credentials under another seal; tell whether they are still the same."""
        wanted = {"_id": connection.id, "sealed": connection.sealed}
        outcome = await self._connections.update_one(wanted, {"$set": {"sealed": sealed}})
        self.cache.forget(connection.id)
        return bool(outcome.matched_count)

    async def any_of_org(self, org_id: str) -> bool:
        """Whether the company or any of its people has one."""
        return await self._connections.find_one({"org_id": org_id}, {"_id": 1}) is not None

    async def add(self, connection: Connection) -> Connection:
        """Keep a new connection."""
        await self._connections.insert_one(to_document(connection))
        return connection

    async def update(self, connection_id: str, org_id: str, **changes: Any) -> Connection | None:
        """Change these fields; the connection as it then is, or None when it is gone."""
        document = await self._connections.find_one_and_update(
            {"_id": connection_id, "org_id": org_id},
            {"$set": changes},
            return_document=ReturnDocument.AFTER,
        )
        self.cache.forget(connection_id)
        return from_document(document, Connection) if document else None

    async def reseal(self, connection: Connection, sealed: str, session: Any = None) -> None:
        """Keep its credentials as they are now. Others are to forget it afterwards."""
        wanted = {"_id": connection.id, "org_id": connection.org_id}
        await self._connections.update_one(wanted, {"$set": {"sealed": sealed}}, session=session)
        self.cache.forget(connection.id)

    async def remove(self, connection_id: str, org_id: str) -> bool:
        """Drop it; tell whether it was there."""
        outcome = await self._connections.delete_one({"_id": connection_id, "org_id": org_id})
        self.cache.forget(connection_id)
        return bool(outcome.deleted_count)

    async def _found(self, wanted: dict[str, Any]) -> list[Connection]:
        found = self._connections.find(wanted).sort("_id", 1)
        return [from_document(each, Connection) async for each in found]

    async def _find_many(self, ids: list[str]) -> dict[str, Connection]:
        found = self._connections.find({"_id": {"$in": ids}})
        return {each["_id"]: from_document(each, Connection) async for each in found}


class MailboxStore:
    """Mailboxes, and who may write about each of them now.

    `fence` grows with every lease. All that a sync writes names the fence that it was given, so
    that one who was thought dead, and comes back, writes nothing.
    """

    def __init__(self, database: Any) -> None:
        self._mailboxes = database["mailboxes"]

    async def prepare(self) -> None:
        """Create the indexes: a person's, a connection's, and those that are due."""
        await self._mailboxes.create_index([("org_id", 1), ("user_id", 1)])
        await self._mailboxes.create_index([("org_id", 1), ("connection_id", 1)])
        await self._mailboxes.create_index([("org_id", 1), ("provider", 1), ("status", 1)])
        await self._mailboxes.create_index([("status", 1), ("next_at", 1)])
        await self._mailboxes.create_index(
            "lease_until", partialFilterExpression={"lease_until": {"$type": "date"}}
        )
        await self._mailboxes.create_index("claim", sparse=True)

    async def get(self, mailbox_id: str) -> Mailbox | None:
        """The mailbox as it is now: for jobs, which know nothing but its id."""
        document = await self._mailboxes.find_one({"_id": mailbox_id})
        return from_document(document, Mailbox) if document else None

    async def in_org(self, mailbox_id: str, org_id: str) -> Mailbox | None:
        """The mailbox as it is now, if it is this company's."""
        document = await self._mailboxes.find_one({"_id": mailbox_id, "org_id": org_id})
        return from_document(document, Mailbox) if document else None

    async def of_user(self, org_id: str, user_id: str) -> list[Mailbox]:
        """The person's mailboxes, oldest first."""
        return await self._found({"org_id": org_id, "user_id": user_id})

    async def of_org(self, org_id: str) -> list[Mailbox]:
        """All in the company, oldest first."""
        return await self._found({"org_id": org_id})

    async def of_connection(self, org_id: str, connection_id: str) -> list[Mailbox]:
        """The mailboxes that a connection let us into, oldest first."""
        return await self._found({"org_id": org_id, "connection_id": connection_id})

    async def latest_synced(self, org_id: str, connection_id: str) -> Mailbox | None:
        """The mailbox of a connection that was synced last, of those that are let into."""
        wanted = {"org_id": org_id, "connection_id": connection_id, "status": "active"}
        order = [("synced_at", -1), ("_id", 1)]
        found = await self._mailboxes.find(wanted).sort(order).limit(1).to_list(None)
        return from_document(found[0], Mailbox) if found else None

    async def troubled(self, org_id: str, limit: int) -> list[Mailbox]:
        """Those of the company whose last sync went wrong, the latest changed first."""
        wanted = {"org_id": org_id, "trouble": {"$gt": ""}}
        found = self._mailboxes.find(wanted).sort("_id", -1).limit(limit)
        return [from_document(each, Mailbox) async for each in found]

    async def counts(self, org_id: str, stale: datetime) -> dict[str, dict[str, int]]:
        """How many of the company's are connecting, synced, stale or lost, by provider.

        Stale are those whose last good sync was before that moment.
        """
        fresh = {"$cond": [{"$lt": ["$synced_at", stale]}, "stale", "synced"]}
        active = {
            "$cond": [{"$eq": [{"$ifNull": ["$synced_at", None]}, None]}, "connecting", fresh]
        }
        state = {"$cond": [{"$eq": ["$status", "lost"]}, "lost", active]}
        steps = [
            {"$match": {"org_id": org_id}},
            {"$group": {"_id": {"of": "$provider", "state": state}, "count": {"$sum": 1}}},
        ]
        counted: dict[str, dict[str, int]] = {}
        async for each in self._mailboxes.aggregate(steps):
            counted.setdefault(each["_id"]["of"], {})[each["_id"]["state"]] = each["count"]
        return counted

    async def add(self, *mailboxes: Mailbox) -> None:
        """Keep new mailboxes."""
        if mailboxes:
            await self._mailboxes.insert_many([to_document(each) for each in mailboxes])

    async def update(self, mailbox_id: str, org_id: str, **changes: Any) -> Mailbox | None:
        """Change these fields; the mailbox as it then is, or None when it is gone."""
        values = {name: _plain(value) for name, value in changes.items()}
        document = await self._mailboxes.find_one_and_update(
            {"_id": mailbox_id, "org_id": org_id},
            {"$set": values},
            return_document=ReturnDocument.AFTER,
        )
        return from_document(document, Mailbox) if document else None

    async def revive_all(self, org_id: str, connection_id: str, now: datetime) -> None:
        """Let all of a connection go on that were lost with it; not those of who is shut out."""
        wanted = {"org_id": org_id, "connection_id": connection_id, "status": "lost"}
        read = {"$ne": [{"$ifNull": ["$synced_at", None]}, None]}
        good = {"status": {"$cond": [read, "active", "new"]}, "trouble": "", "failures": 0}
        await self._mailboxes.update_many(
            {**wanted, "trouble": {"$ne": "blocked"}}, [{"$set": {**good, "next_at": now}}]
        )

    async def remove(self, mailbox_id: str, org_id: str) -> bool:
        """Drop it; tell whether it was there. Whoever is syncing it writes nothing more."""
        outcome = await self._mailboxes.delete_one({"_id": mailbox_id, "org_id": org_id})
        return bool(outcome.deleted_count)

    # Leases

    async def lease(self, mailbox_id: str, now: datetime, until: datetime) -> Mailbox | None:
        """Take it for this caller alone until then, with a higher fence; None when another has it.

        A mailbox that is lost is not leased.
        """
        free = {"$or": [{"lease_until": None}, {"lease_until": {"$lte": now}}]}
        document = await self._mailboxes.find_one_and_update(
            {"_id": mailbox_id, **_IN_USE, **free},
            {"$set": {"lease_until": until}, "$inc": {"fence": 1}},
            return_document=ReturnDocument.AFTER,
        )
        return from_document(document, Mailbox) if document else None

    async def may_be_leased(self, mailbox_id: str) -> bool:
        """Whether it can be waited for: it is there and not lost."""
        found = await self._mailboxes.find_one({"_id": mailbox_id, **_IN_USE}, {"_id": 1})
        return found is not None

    async def held(self, mailbox: Mailbox, session: Any = None, **changes: Any) -> Mailbox | None:
        """Change these fields if the lease is still ours; the mailbox as it then is, or None.

        Within a transaction: whoever takes the lease meanwhile makes it fail.
        """
        document = await self._mailboxes.find_one_and_update(
            {"_id": mailbox.id, "fence": mailbox.fence},
            {"$set": {name: _plain(value) for name, value in changes.items()}},
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        return from_document(document, Mailbox) if document else None

    async def abandoned(self, now: datetime, limit: int) -> list[str]:
        """Mailboxes whose lease ran out because its holder died; each is told to one caller."""
        over = {"lease_until": {"$type": "date", "$lte": now}}
        found = self._mailboxes.find(over, {"fence": 1}).limit(limit)
        freed = []
        for each in await found.to_list(None):
            wanted = {"_id": each["_id"], "fence": each["fence"], **over}
            outcome = await self._mailboxes.update_one(wanted, {"$set": {"lease_until": None}})
            if outcome.modified_count:
                freed.append(each["_id"])
        return freed

    async def claim_due(
        self, status: str, now: datetime, again: datetime, limit: int
    ) -> list[Mailbox]:
        """New or active mailboxes whose time has come, each for one caller.

        They come again at *again*, unless somebody has looked at them by then.
        """
        wanted = {"status": status, "next_at": {"$lte": now}}
        found = self._mailboxes.find(wanted, {"_id": 1}).sort("next_at", 1).limit(limit)
        ids = [each["_id"] for each in await found.to_list(None)]
        if not ids:
            return []
        claim = new_id()
        await self._mailboxes.update_many(
            {"_id": {"$in": ids}, **wanted}, {"$set": {"next_at": again, "claim": claim}}
        )
        return await self._found({"claim": claim})

    async def hasten(self, mailbox_ids: Iterable[str], moment: datetime) -> None:
        """Look at these at *moment* at the latest."""
        wanted = {"_id": {"$in": list(mailbox_ids)}}
        await self._mailboxes.update_many(wanted, {"$min": {"next_at": moment}})

    async def _found(self, wanted: dict[str, Any]) -> list[Mailbox]:
        found = self._mailboxes.find(wanted).sort("_id", 1)
        return [from_document(each, Mailbox) async for each in found]


def _plain(value: Any) -> Any:
    """Calendars as documents; other values as they are."""
    return [to_plain(each) for each in value] if isinstance(value, tuple) else value


def to_plain(noun: Any) -> dict[str, Any]:
    """A noun within another: its `id` stays as it is."""
    document = to_document(noun)
    return {"id": document.pop("_id"), **document} if "_id" in document else document
