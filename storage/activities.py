"""What people do, and the kinds of it that companies and people changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar

from pymongo import DeleteMany, ReplaceOne, UpdateMany, UpdateOne

from storage.batches import Batches
from storage.cache import Cache
from storage.documents import from_document, to_document
from storage.telephony import Activity, ActivityType, Source

AHEAD = timedelta(days=14)  # coming rows that are read with those of now: absences form chains
PRESENT = timedelta(minutes=1)  # what is kept in memory is about now, give or take this
NEVER = datetime(9999, 12, 31, tzinfo=UTC)
TRUST_STEP = timedelta(minutes=15)  # trust is renewed in steps: no sync rewrites every row
SYNCED: tuple[Source, ...] = ("calendar", "auto_reply")

Rows = tuple[Activity, ...]
Types = tuple[ActivityType, ...]


class ActivityStore:
    """Who does what, and when.

    `ends` is until when a row matters: its end, or as long as it stands for what the person last
    chose and suppresses occurrences of a calendar. `latest` marks that row of a person's.
    `turns` are the moments at which it begins and ends without anybody doing anything, or can be
    trusted no longer.
    """

    def __init__(self, database: Any) -> None:
        self._database = database
        self._rows = database["activities"]
        self._choices: Batches[Activity] = Batches(self._choose)
        self.cache: Cache[Rows] = Cache(self._load)

    async def prepare(self) -> None:
        """Create the indexes by person, by what begins and ends, and of the latest chosen."""
        await self._rows.create_index([("org_id", 1), ("user_id", 1), ("ends", 1)])
        await self._rows.create_index("turns", sparse=True)
        await self._rows.create_index(
            [("org_id", 1), ("user_id", 1)], partialFilterExpression={"latest": True}
        )
        await self._rows.create_index(
            "mailbox_id", partialFilterExpression={"mailbox_id": {"$gt": ""}}
        )

    async def of_users(
        self, org_id: str, user_ids: Iterable[str], moment: datetime
    ) -> dict[str, Rows]:
        """What matters at *moment* and soon after, of these people of the company.

        About now it is answered from memory when it is at hand.
        """
        if abs(moment - datetime.now(UTC)) > PRESENT:
            return await self._find(org_id, list(user_ids), moment)
        return await together(self.cache, org_id, user_ids)

    async def coming(self, org_id: str, user_id: str, now: datetime, limit: int) -> list[Activity]:
        """The person's rows that are not over, earliest first."""
        wanted = {"org_id": org_id, "user_id": user_id, "ends": {"$gt": now}}
        unended = {"$or": [{"end": None}, {"end": {"$gt": now}}]}
        found = self._rows.find(wanted | unended).sort([("start", 1), ("_id", 1)]).limit(limit)
        return [from_document(each, Activity) async for each in found]

    async def choose(self, row: Activity) -> None:
        """Keep what somebody chose; what was chosen before ends where it begins.

        At the top of the hour many choose at once: they are written together.
        """
        await self._choices.add(row)
        self.forget(row.org_id, row.user_id)

    async def _choose(self, rows: list[Activity]) -> None:
        # The new rows come first. Of what was chosen by hand the latest begun counts alone, so a
        # crash in between leaves nobody with another activity than the one they chose.
        await self._rows.insert_many([_chosen(row) for row in rows], ordered=False)
        wanted = {
            "org_id": {"$in": list({row.org_id for row in rows})},
            "user_id": {"$in": list({row.user_id for row in rows})},
            "latest": True,
        }
        standing: dict[str, list[dict[str, Any]]] = {}
        order = [("start", 1), ("set_at", 1), ("_id", 1)]
        found = self._rows.find(wanted, {"user_id": 1, "start": 1}).sort(order)
        for each in await found.to_list(None):
            standing.setdefault(each["user_id"], []).append(each)
        over = [
            _over(earlier["_id"], later["start"])
            for theirs in standing.values()
            for earlier, later in pairwise(theirs)
        ]
        if over:
            await self._rows.bulk_write(over, ordered=False)

    async def keep(self, row: Activity) -> None:
        """Keep a row that nobody chose by hand: a calendar's, or an automatic reply's."""
        await self._rows.insert_one(_by_itself(row))
        self.forget(row.org_id, row.user_id)

    async def replace_calendar(
        self,
        session: Any,
        org_id: str,
        user_id: str,
        mailbox_id: str,
        rows: Iterable[Activity],
        sources: tuple[Source, ...] = SYNCED,
    ) -> bool:
        """Within a transaction: let *rows* be all that the mailbox says of these *sources*.

        Only what differs is written. Trust that is merely newer counts as a difference from
        `TRUST_STEP` on. Returns whether anything but trust changed. The caller forgets the
        person's rows (`forget`, and on other processes) once the transaction has been committed.
        """
        which = {"org_id": org_id, "user_id": user_id, "mailbox_id": mailbox_id}
        wanted = which | {"source": {"$in": list(sources)}}
        found = await self._rows.find(wanted, session=session).to_list(None)
        kept = {each["_id"]: from_document(each, Activity) for each in found}
        writes, changed = _differences(which, kept, {row.id: row for row in rows})
        if writes:
            await self._rows.bulk_write(writes, ordered=True, session=session)
        return changed

    async def forget_mailbox(
        self, org_id: str, user_id: str, mailbox_id: str, session: Any = None
    ) -> None:
        """Drop every row of a mailbox; within a transaction the caller forgets afterwards."""
        which = {"org_id": org_id, "user_id": user_id, "mailbox_id": mailbox_id}
        await self._rows.delete_many(which, session=session)
        self.forget(org_id, user_id)

    async def doing(self, org_id: str, type_id: str, now: datetime) -> list[str]:
        """Who of the company chose this kind and does it still."""
        wanted = {"org_id": org_id, "type_id": type_id, "latest": True, "ends": {"$gt": now}}
        found = await self._rows.find(wanted, {"user_id": 1}).to_list(None)
        return [each["user_id"] for each in found]

    async def turning(self, after: datetime, until: datetime) -> dict[str, set[str]]:
        """Whose rows began or ended by themselves after one moment, up to another, by company."""
        span = {"turns": {"$elemMatch": {"$gt": after, "$lte": until}}}
        cursor = self._rows.find(span, {"org_id": 1, "user_id": 1, "_id": 0}, batch_size=2000)
        found: dict[str, set[str]] = {}
        while some := await cursor.to_list(2000):
            for each in some:
                found.setdefault(each["org_id"], set()).add(each["user_id"])
        return found

    def forget(self, org_id: str, user_id: str) -> None:
        """Read the person's rows afresh."""
        self.cache.forget(key_of(org_id, user_id))

    async def _load(self, keys: list[str]) -> dict[str, Rows]:
        found: dict[str, Rows] = {}
        for org_id, ids in _by_company(keys).items():
            rows = await self._find(org_id, ids, datetime.now(UTC) - PRESENT)
            found |= {key_of(org_id, user_id): theirs for user_id, theirs in rows.items()}
        return found

    async def _find(self, org_id: str, user_ids: list[str], moment: datetime) -> dict[str, Rows]:
        wanted = {
            "org_id": org_id,
            "user_id": {"$in": user_ids},
            "ends": {"$gt": moment},
            "start": {"$lte": moment + AHEAD},
        }
        found: dict[str, list[Activity]] = {user_id: [] for user_id in user_ids}
        for each in await self._rows.find(wanted).to_list(None):
            found[each["user_id"]].append(from_document(each, Activity))
        return {user_id: tuple(rows) for user_id, rows in found.items()}


def _chosen(row: Activity) -> dict[str, Any]:
    document = to_document(row) | {"latest": True}
    document["ends"] = NEVER if row.suppresses or row.end is None else row.end
    if row.end is not None:
        document["turns"] = [row.end]
    return document


def _by_itself(row: Activity) -> dict[str, Any]:
    moments = {row.start, row.end, row.trusted_until} - {None}
    return to_document(row) | {
        "ends": row.end or NEVER,
        "turns": sorted(each for each in moments if each),
    }


def _differences(
    which: dict[str, Any], kept: dict[str, Activity], wanted: dict[str, Activity]
) -> tuple[list[Any], bool]:
    """The writes that make *wanted* of *kept*, and whether they change more than trust."""
    gone = [row_id for row_id in kept if row_id not in wanted]
    new = [row for row_id, row in wanted.items() if not _same(kept.get(row_id), row)]
    longer = [row for row in new if row.id in kept and _but_trust(kept[row.id], row)]
    known = {row.id for row in longer}
    other = [row for row in new if row.id not in known]
    writes: list[Any] = [DeleteMany(which | {"_id": {"$in": gone}})] if gone else []
    writes += [ReplaceOne({"_id": row.id} | which, _by_itself(row), upsert=True) for row in other]
    for until in {row.trusted_until for row in longer}:
        ids = [row.id for row in longer if row.trusted_until == until]
        writes.append(UpdateMany(which | {"_id": {"$in": ids}}, _trusted(until)))
    return writes, bool(gone or other)


def _trusted(until: datetime | None) -> list[dict[str, Any]]:
    turns = {"$setDifference": [["$start", "$end", until], [None]]}
    return [{"$set": {"trusted_until": until, "turns": turns}}]


def _but_trust(kept: Activity, wanted: Activity) -> bool:
    return replace(kept, trusted_until=wanted.trusted_until) == wanted


def _same(kept: Activity | None, wanted: Activity) -> bool:
    if kept is None or not _but_trust(kept, wanted):
        return False
    if kept.trusted_until is None or wanted.trusted_until is None:
        return kept.trusted_until == wanted.trusted_until
    return timedelta(0) <= wanted.trusted_until - kept.trusted_until < TRUST_STEP


def _over(row_id: str, moment: datetime) -> UpdateOne:
    """End what was chosen before."""
    end = {"$min": ["$end", moment]}
    over = {"end": end, "ends": end, "latest": "$$REMOVE", "turns": "$$REMOVE"}
    return UpdateOne({"_id": row_id}, [{"$set": over}])


class ActivityTypeStore:
    """The kinds of activity that a company (its id is the owner) or a person changed or made."""

    def __init__(self, database: Any) -> None:
        self._types = database["activity_types"]
        self.cache: Cache[Types] = Cache(self._load)

    async def prepare(self) -> None:
        """Create the index: one of each kind per owner."""
        await self._types.create_index([("org_id", 1), ("owner", 1), ("id", 1)], unique=True)

    async def of_owners(self, org_id: str, owners: Iterable[str]) -> dict[str, Types]:
        """What each of these changed, by owner, in their order; from memory when at hand."""
        return await together(self.cache, org_id, owners)

    async def save(self, org_id: str, kind: ActivityType) -> None:
        """Keep the owner's kind in place of what they had by that id."""
        which = {"org_id": org_id, "owner": kind.owner, "id": kind.id}
        await self._types.replace_one(which, asdict(kind) | {"org_id": org_id}, upsert=True)
        self.forget(org_id, kind.owner)

    async def remove(self, org_id: str, owner: str, type_id: str) -> bool:
        """Drop what the owner changed; tell whether there was something."""
        which = {"org_id": org_id, "owner": owner, "id": type_id}
        outcome = await self._types.delete_one(which)
        self.forget(org_id, owner)
        return bool(outcome.deleted_count)

    def forget(self, org_id: str, owner: str) -> None:
        """Read the owner's kinds afresh."""
        self.cache.forget(key_of(org_id, owner))

    async def _load(self, keys: list[str]) -> dict[str, Types]:
        found: dict[str, Types] = dict.fromkeys(keys, ())
        for org_id, owners in _by_company(keys).items():
            wanted = {"org_id": org_id, "owner": {"$in": owners}}
            for each in await self._types.find(wanted).sort("position", 1).to_list(None):
                key = key_of(org_id, each["owner"])
                found[key] = (*found[key], from_document(each | {"_id": each["id"]}, ActivityType))
        return found


Kept = TypeVar("Kept")


def key_of(org_id: str, owner: str) -> str:
    """How a cache names what belongs to a person of a company."""
    return f"{org_id}/{owner}"


async def together(
    cache: Cache[tuple[Kept, ...]], org_id: str, owners: Iterable[str]
) -> dict[str, tuple[Kept, ...]]:
    """What *cache* has of many owners; those not at hand are loaded in few queries."""
    keys = {key_of(org_id, owner): owner for owner in owners}
    found = await cache.get_many(keys)
    return {owner: found.get(key, ()) for key, owner in keys.items()}


def _by_company(keys: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key in keys:
        org_id, _, owner = key.partition("/")
        found.setdefault(org_id, []).append(owner)
    return found
