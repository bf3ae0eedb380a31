"""The room log: append-only entries with a contiguous seq per room, written in group commits.

Two unique indexes carry the promises: (room_id, seq) decides the order between processes, and
(author_id, client_id) makes sending the same message again harmless forever. Each process collects
what arrives while its batches are being written and writes that as one insert; an idle server
therefore writes at once. Two batches may be under way, of different rooms: one flush of the
database's journal then often serves both, and nobody waits for the batch of others' rooms.
"""

from __future__ import annotations

import asyncio
import random
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure, PyMongoError

from storage.drafts import Draft, entry_after, tail_at
from storage.errors import Unavailable, is_away
from storage.log_reader import LogReader, Tail
from storage.models import Entry

PATIENCE = 15.0  # seconds a sender waits for a database that is away before being told so
MOST_WRITING = 2  # batches under way: a message need not wait for one that others' rooms are in
LARGEST_BATCH = 1_000
TAILS_KEPT = 50_000
AMEND_TRIES = 60


@dataclass(slots=True)
class _Waiting:
    draft: Draft
    done: asyncio.Future[tuple[Entry, bool]]
    entry: Entry


class RoomLog(LogReader):
    """Appends to and reads from the logs of all rooms."""

    def __init__(self, database: Any, now: Callable[[], datetime]) -> None:
        super().__init__(database)
        self._client = database.client
        self._now = now
        self._tails: OrderedDict[str, Tail] = OrderedDict()
        self._pending: dict[str, list[_Waiting]] = {}
        self._in_flight: dict[tuple[str, str], _Waiting] = {}
        self._amending: set[str] = set()
        self._locks: dict[str, asyncio.Lock] = {}
        self._writers: set[asyncio.Task[None]] = set()
        self._writing = 0
        self._changed: set[str] = set()
        self._batch_rooms: set[str] = set()  # no room is in two batches at once
        self._batch_done = asyncio.Event()
        self.appended = 0
        self.commits = 0

    # Appending

    async def append(self, draft: Draft) -> tuple[Entry, bool]:
        """Write *draft* at the end of its room, durably; as `enqueue`, awaited."""
        return await self.enqueue(draft)

    def enqueue(self, draft: Draft) -> asyncio.Future[tuple[Entry, bool]]:
        """Give *draft* its place in the queue of its room.

        The future is the entry and whether it is new: the same author's same client_id gives the
        first entry again. It raises Unavailable when the database is away for longer than
        `PATIENCE`.
        """
        if draft.client_id is not None:
            same = self._in_flight.get((draft.author_id, draft.client_id))
            if same is not None:
                return asyncio.ensure_future(_again(same))
        loop = asyncio.get_running_loop()
        waiting = _Waiting(draft, loop.create_future(), cast("Entry", None))
        if draft.client_id is not None:
            self._in_flight[draft.author_id, draft.client_id] = waiting
        self._pending.setdefault(draft.room_id, []).append(waiting)
        self._wake()
        # A client that hangs up cancels its command, not the batch that carries it.
        return asyncio.shield(waiting.done)

    def _wake(self) -> None:
        if self._writing < MOST_WRITING:
            self._writing += 1
            writer = asyncio.get_running_loop().create_task(self._write_all())
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)

    async def _write_all(self) -> None:
        try:
            while batch := self._take():
                await self._write_batch(batch)
        finally:
            self._writing -= 1  # now, not once the task is done: what comes next must wake another

    async def _write_batch(self, batch: list[_Waiting]) -> None:
        rooms = {waiting.draft.room_id for waiting in batch}
        self._batch_rooms |= rooms
        try:
            await self._write(batch)
        except BaseException as error:
            self._fail(batch, error)
            if not isinstance(error, Exception):
                raise
        finally:
            self._batch_rooms -= rooms
            done, self._batch_done = self._batch_done, asyncio.Event()
            done.set()

    def _take(self) -> list[_Waiting]:
        batch: list[_Waiting] = []
        for room_id in list(self._pending):
            if room_id in self._amending or room_id in self._batch_rooms:
                continue
            waiting = self._pending[room_id]
            space = LARGEST_BATCH - len(batch)
            batch += waiting[:space]
            if len(waiting) > space:
                self._pending[room_id] = waiting[space:]
                break
            del self._pending[room_id]
        return batch

    async def _write(self, batch: list[_Waiting]) -> None:
        """Write a batch, room by room contiguous, whatever other processes write meanwhile."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        pause = 0.05
        while batch:
            try:
                await self._number(batch)
                await self._entries.insert_many([each.entry for each in batch], ordered=True)
                self._settle(batch)
                batch = []
                continue
            except BulkWriteError as error:
                if error.details.get("writeConcernErrors"):
                    failure: PyMongoError = error
                else:
                    batch = await self._past_conflict(batch, error.details)
                    continue
            except PyMongoError as error:
                failure = error
            if not is_away(failure) and not isinstance(failure, BulkWriteError):
                raise failure
            if loop.time() > deadline:
                raise Unavailable(str(failure)) from failure
            # Whether the batch was kept is unknown. Look, once the database is back.
            self._forget_tails(batch)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 1.0)
            batch = await self._without_kept(batch, deadline)

    async def _number(self, batch: list[_Waiting]) -> None:
        await self._know_tails({each.draft.room_id for each in batch})
        now = self._now()
        tails: dict[str, Tail] = {}
        for each in batch:
            draft = each.draft
            tail = tails.get(draft.room_id) or self._tails[draft.room_id]
            each.entry, tails[draft.room_id] = entry_after(tail, draft, now)

    def _settle(self, written: list[_Waiting]) -> None:
        self.appended += len(written)
        self.commits += bool(written)
        for each in written:
            entry = each.entry
            self._keep_tail(entry["room_id"], tail_at(entry))
            self._resolve(each, entry, new=True)

    def _resolve(self, each: _Waiting, entry: Entry, *, new: bool) -> None:
        self._changed.add(entry["room_id"])
        if each.draft.client_id is not None:
            self._in_flight.pop((each.draft.author_id, each.draft.client_id), None)
        if not each.done.done():
            each.done.set_result((entry, new))

    def _fail(self, batch: list[_Waiting], error: BaseException) -> None:
        self._forget_tails(batch)
        for each in batch:
            if each.draft.client_id is not None:
                self._in_flight.pop((each.draft.author_id, each.draft.client_id), None)
            if not each.done.done():
                each.done.set_exception(
                    error if isinstance(error, Exception) else Unavailable("stopping")
                )
                each.done.exception()  # its sender may have gone: nobody need look at it

    async def _past_conflict(self, batch: list[_Waiting], details: Any) -> list[_Waiting]:
        """What is left of the batch after the first entry that MongoDB refused."""
        written: int = details["nInserted"]
        self._settle(batch[:written])
        refused, rest = batch[written], batch[written + 1 :]
        failure = details["writeErrors"][0]
        if failure.get("code") != 11000:
            raise OperationFailure(failure.get("errmsg", ""), failure.get("code"))
        self._tails.pop(refused.draft.room_id, None)
        if set(failure.get("keyPattern") or {}) == {"room_id", "seq"}:
            return [refused, *rest]
        left = await self._without_repeated([refused, *rest])
        if left[:1] == [refused]:  # written but not yet by a majority: it will show, or go away
            await asyncio.sleep(0.02)
        return left

    async def _without_repeated(self, batch: list[_Waiting]) -> list[_Waiting]:
        """What is left when those sent before have their first entry: a whole outbox at once."""
        client_ids: dict[str, list[str]] = {}
        for each in batch:
            if each.draft.client_id is not None:
                client_ids.setdefault(each.draft.author_id, []).append(each.draft.client_id)
        sent: list[dict[str, Any]] = [{"_id": {"$in": [each.draft.id for each in batch]}}]
        sent += [{"author_id": a, "client_id": {"$in": ids}} for a, ids in client_ids.items()]
        by_id: dict[str, Entry] = {}
        by_client: dict[tuple[str, str | None], Entry] = {}
        async for entry in self._entries.find({"$or": sent}):
            by_id[entry["_id"]] = entry
            by_client[entry["author_id"], entry.get("client_id")] = entry
        left = []
        for each in batch:
            draft = each.draft
            first = by_id.get(draft.id)
            if first is None and draft.client_id is not None:
                first = by_client.get((draft.author_id, draft.client_id))
            if first is None:
                left.append(each)
            else:
                self._resolve(each, first, new=first["_id"] == draft.id)
        return left

    async def _without_kept(self, batch: list[_Waiting], deadline: float) -> list[_Waiting]:
        ids = [each.draft.id for each in batch]
        loop = asyncio.get_running_loop()
        while True:
            try:
                kept = {
                    entry["_id"]: entry async for entry in self._entries.find({"_id": {"$in": ids}})
                }
                break
            except PyMongoError as error:
                if not is_away(error):
                    raise
                if loop.time() > deadline:
                    raise Unavailable(str(error)) from error
                await asyncio.sleep(0.2)
        for each in batch:
            if each.draft.id in kept:
                self._resolve(each, kept[each.draft.id], new=True)
        return [each for each in batch if each.draft.id not in kept]

    # Amending: an entry that also changes an earlier one, or the room, in one transaction

    async def amend(
        self,
        draft: Draft,
        target: int,
        change: Callable[[Entry], dict[str, Any] | None],
    ) -> tuple[Entry | None, Entry | None]:
        """Append *draft* and change the entry *target* of the same room, both or neither.

        *change* is given the target as it is and returns the fields to set (None removes a field),
        or None when there is nothing to do; it may raise to refuse. Returns (the new entry or None,
        the target as it was read or None when there is no such entry).
        """
        seen: list[Entry | None] = [None]

        async def amend_target(session: Any) -> bool:
            where = {"room_id": draft.room_id, "seq": target}
            found = await self._entries.find_one(where, session=session)
            seen[0] = found
            fields = change(found) if found is not None else None
            if fields is None:
                return False
            kept = {name: value for name, value in fields.items() if value is not None}
            gone = {name: "" for name, value in fields.items() if value is None}
            update = {key: part for key, part in (("$set", kept), ("$unset", gone)) if part}
            await self._entries.update_one(where, update, session=session)
            if fields.get("deleted"):  # what an edit had said goes too
                earlier = {"room_id": draft.room_id, "kind": "edited", "target": target}
                await self._entries.update_many(earlier, {"$set": {"body": ""}}, session=session)
            return True

        entry = await self.append_with(draft, amend_target)
        return entry, seen[0]

    async def append_with(self, draft: Draft, effect: Callable[[Any], Any]) -> Entry | None:
        """Append *draft* in one transaction with *effect(session)*; nothing when that says False.

        The effect may run several times: it must do all its work through the session. Raises
        Unavailable when the database is away, and whatever *effect* raises.
        """
        lock = self._locks.setdefault(draft.room_id, asyncio.Lock())
        async with lock:
            self._amending.add(draft.room_id)
            try:
                while draft.room_id in self._batch_rooms:
                    await self._batch_done.wait()
                return await self._transact(draft, effect)
            finally:
                self._amending.discard(draft.room_id)
                if not lock._waiters:  # noqa: SLF001 - nobody else waits: let go of it
                    self._locks.pop(draft.room_id, None)
                if draft.room_id in self._pending:
                    self._wake()

    async def _transact(self, draft: Draft, effect: Callable[[Any], Any]) -> Entry | None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        for attempt in range(AMEND_TRIES):
            try:
                return await self._try_transaction(draft, effect, again=attempt > 0)
            except (PyMongoError, Unavailable) as error:
                self._tails.pop(draft.room_id, None)
                conflict = isinstance(error, DuplicateKeyError) or (
                    isinstance(error, PyMongoError)
                    and error.has_error_label("TransientTransactionError")
                )
                if not conflict and not is_away(error):
                    raise
                if loop.time() > deadline:
                    raise Unavailable(str(error)) from error
                await asyncio.sleep(random.uniform(0, min(0.002 * 2 ** min(attempt, 8), 0.5)))  # noqa: S311 - jitter
        raise Unavailable("too many writers")

    async def _try_transaction(
        self, draft: Draft, effect: Callable[[Any], Any], *, again: bool
    ) -> Entry | None:
        await self._know_tails({draft.room_id})
        before, draft.at = self._tails[draft.room_id], self._now()
        async with await self._client.start_session() as session:
            session.start_transaction()
            try:
                if again and (kept := await self._kept(draft, session)) is not None:
                    await session.abort_transaction()
                    return kept
                if await effect(session) is False:
                    await session.abort_transaction()
                    return None
                # Only now: the effect may have decided what the entry says.
                entry, tail = entry_after(before, draft, draft.at)
                await self._entries.insert_one(entry, session=session)
                await session.commit_transaction()
            except BaseException:
                if session.in_transaction:
                    await session.abort_transaction()
                raise
        self._keep_tail(draft.room_id, tail)
        self._changed.add(draft.room_id)
        return entry

    async def _kept(self, draft: Draft, session: Any) -> Entry | None:
        """What an earlier try wrote, if it was kept although its answer was lost."""
        kept = await self._entries.find_one({"_id": draft.id}, session=session)
        if kept is not None:
            self._changed.add(draft.room_id)
        return cast("Entry | None", kept)

    def take_changed(self) -> list[str]:
        """Rooms that this process wrote to since the last call."""
        changed, self._changed = self._changed, set()
        return sorted(changed)

    # Tails

    def saw(self, room_id: str, seq: int, count: int, message: int) -> None:
        """Another process wrote this far: spares the next append a conflict."""
        known = self._tails.get(room_id)
        if known is not None and known.seq < seq and room_id not in self._batch_rooms:
            self._keep_tail(room_id, Tail(seq, count, message))

    async def _know_tails(self, room_ids: set[str]) -> None:
        unknown = [room_id for room_id in room_ids if room_id not in self._tails]
        if not unknown:
            return
        found = await self.tails(unknown)
        for room_id in unknown:
            self._keep_tail(room_id, found.get(room_id, Tail()))

    def _keep_tail(self, room_id: str, tail: Tail) -> None:
        self._tails[room_id] = tail
        self._tails.move_to_end(room_id)
        if len(self._tails) > TAILS_KEPT:
            self._tails.popitem(last=False)

    def _forget_tails(self, batch: list[_Waiting]) -> None:
        for each in batch:
            self._tails.pop(each.draft.room_id, None)

    def forget_all(self) -> None:
        """Read every tail afresh: after a gap in what other processes told."""
        self._tails.clear()


async def _again(first: _Waiting) -> tuple[Entry, bool]:
    entry, _new = await asyncio.shield(first.done)
    return entry, False
