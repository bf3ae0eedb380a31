"""A reference client: a snapshot kept true by facts alone, and a device that survives lost lines.

`Mirror` is the rules, without any network: what every client of Växel must do with what it hears.
`Device` puts a real connection under it, comes back when the line is lost, and keeps an outbox.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import itertools
from collections.abc import Callable
from typing import Any

from tests.clients import Client, Refused

Entry = dict[str, Any]
GONE = ("mentions", "reactions", "pinned", "edited_at")


class Mirror:
    """What one client knows: me, org, people, rooms as in `session.open`, and each room's log."""

    def __init__(self) -> None:
        self.me: dict[str, Any] = {}
        self.org: dict[str, Any] = {}
        self.people: dict[str, dict[str, Any]] = {}
        self.activities: list[dict[str, Any]] = []
        self.rooms: dict[str, dict[str, Any]] = {}
        self.logs: dict[str, list[Entry]] = {}
        self.behind: set[str] = set()
        self.counted: dict[str, int] = {}  # how far the server had counted, in a room just read

    def open(self, snapshot: dict[str, Any]) -> None:
        """Start from a snapshot; logs already here stay."""
        snapshot = copy.deepcopy(snapshot)
        self.me, self.org = snapshot["me"], snapshot["org"]
        self.people = {person["id"]: person for person in snapshot["people"]}
        self.activities = snapshot["activities"]
        self.rooms = {room["id"]: room for room in snapshot["rooms"]}
        self.logs = {room_id: self.logs.get(room_id, []) for room_id in self.rooms}
        self.behind = {each for each in self.rooms if self.cursor(each) < self._last(each)}
        self.counted = {}
        for room_id, room in self.rooms.items():  # what was seen while the snapshot was on its way
            for entry in self.logs[room_id][room["last_seq"] :]:
                self._change_room(room, entry)

    def cursor(self, room_id: str) -> int:
        """The last seq seen of a room, every one before it seen too."""
        log = self.logs[room_id]
        return int(log[-1]["seq"]) if log else 0

    def cursors(self) -> dict[str, int]:
        """What `room.sync` wants to know."""
        return {room_id: self.cursor(room_id) for room_id in self.rooms}

    def hear(self, fact: str, data: Any) -> None:
        """Apply one fact; facts without a rule change nothing."""
        rule = getattr(self, "_" + fact.replace(".", "_"), None)
        if rule is not None:
            rule(copy.deepcopy(data))

    def synced(self, answer: dict[str, Any]) -> set[str]:
        """Apply what `room.sync` answered; rooms whose log must be loaded from the start."""
        for room in answer["joined"]:
            self.hear("room.joined", {"room": room})
        for room_id in answer["left"]:
            self.hear("room.left", {"room_id": room_id})
        limited = set()
        for room_id, found in answer["rooms"].items():
            if found["limited"] and room_id in self.rooms:
                limited.add(room_id)
                continue
            for entry in found["entries"]:
                self.hear("room.entry", {"room_id": room_id, "entry": entry})
        return limited

    def _last(self, room_id: str) -> int:
        return int(self.rooms[room_id]["last_seq"])

    # One rule per fact

    def _room_joined(self, data: Any) -> None:
        room = data["room"]
        known = self.rooms.get(room["id"])
        if known is not None and known["last_seq"] >= room["last_seq"]:
            return  # told late: what is here has moved on
        self.rooms[room["id"]] = room
        self.logs.setdefault(room["id"], [])
        self.behind.add(room["id"])

    def _room_left(self, data: Any) -> None:
        self.rooms.pop(data["room_id"], None)
        self.logs.pop(data["room_id"], None)
        self.behind.discard(data["room_id"])

    def _room_read(self, data: Any) -> None:
        room = self.rooms.get(data["room_id"])
        if room is not None and room["reads"] is not None:
            reads = room["reads"]
            reads[data["user_id"]] = max(data["seq"], reads.get(data["user_id"], 0))

    def _room_unread(self, data: Any) -> None:
        room = self.rooms.get(data["room_id"])
        if room is None:
            return
        room.update({key: data[key] for key in ("read_seq", "unread", "mentions")})
        self.counted[room["id"]] = data["as_of"]
        for entry in self.logs[room["id"]]:  # what came after it was counted
            if data["as_of"] < entry["seq"] <= room["last_seq"] and entry["kind"] == "message":
                self._count(room, entry)

    def _room_settings(self, data: Any) -> None:
        if data["room_id"] in self.rooms:
            self.rooms[data["room_id"]]["settings"] = data["settings"]

    def _presence_changed(self, data: Any) -> None:
        for presence in data:
            if presence["user_id"] in self.people:
                self.people[presence["user_id"]]["presence"] = presence
            if presence["user_id"] == self.me.get("id"):
                self.me["presence"] = presence

    def _person_changed(self, data: Any) -> None:
        person = data["person"]
        known = self.people.get(person["id"])
        if known is not None:  # presence has its own fact
            person["presence"] = known["presence"]
        self.people[person["id"]] = person

    def _me_changed(self, data: Any) -> None:
        self.me = data["me"] | {"presence": self.me["presence"]}

    def _activities_changed(self, data: Any) -> None:
        self.activities = data["activities"]

    def _org_changed(self, data: Any) -> None:
        self.org = data["org"]

    def _room_entry(self, data: Any) -> None:
        entry, room = data["entry"], self.rooms.get(data["room_id"])
        if room is None:
            return
        seen = self.cursor(room["id"])
        if entry["seq"] > seen + 1:
            self.behind.add(room["id"])
        if entry["seq"] != seen + 1:
            return
        self.logs[room["id"]].append(entry)
        self._change_target(self.logs[room["id"]], entry)
        if entry["seq"] > room["last_seq"]:
            self._change_room(room, entry)
        if self.cursor(room["id"]) >= room["last_seq"]:
            self.behind.discard(room["id"])

    def _change_target(self, log: list[Entry], entry: Entry) -> None:
        if "target" not in entry:
            return
        message = log[entry["target"] - 1]
        change_message(message, entry)
        if entry["kind"] == "deleted":  # what an edit had said goes too
            for each in log:
                if each["kind"] == "edited" and each["target"] == entry["target"]:
                    each["body"] = ""

    def _change_room(self, room: dict[str, Any], entry: Entry) -> None:
        room["last_seq"] = entry["seq"]
        last = room["last_message"]
        if entry["kind"] == "message":
            room["last_message"], room["last_count"] = copy.deepcopy(entry), entry["count"]
            self._count(room, entry)
        elif entry["kind"] == "member_added":
            room["member_ids"] = sorted({*room["member_ids"], *entry["user_ids"]})
        elif entry["kind"] == "member_left":
            room["member_ids"] = [each for each in room["member_ids"] if each != entry["user_id"]]
        elif entry["kind"] == "renamed":
            room["name"], room["topic"] = entry["name"], entry["topic"]
        elif last is not None and entry.get("target") == last["seq"]:
            change_message(last, entry)

    def _count(self, room: dict[str, Any], entry: Entry) -> None:
        if entry["seq"] <= self.counted.get(room["id"], 0):
            return
        if entry["author_id"] == self.me["id"]:
            room.update(read_seq=entry["seq"], unread=0, mentions=0)
            return
        room["unread"] += 1
        if {self.me["id"], "all"} & set(entry.get("mentions", ())):
            room["mentions"] += 1


def change_message(message: Entry, entry: Entry) -> None:
    """Do to *message* what a later entry of its log says."""
    if entry["kind"] == "edited":
        message.update(body=entry["body"], edited_at=entry["sent_at"])
        message.pop("mentions", None)
        if "mentions" in entry:
            message["mentions"] = entry["mentions"]
    elif entry["kind"] == "deleted":
        message.update(body="", deleted=True)
        for name in GONE:
            message.pop(name, None)
    elif entry["kind"] == "pinned":
        message.pop("pinned", None)
        if entry["on"]:
            message["pinned"] = True
    elif entry["kind"] == "reacted":
        _react(message, entry)


def _react(message: Entry, entry: Entry) -> None:
    reactions = message.setdefault("reactions", {})
    users = reactions.setdefault(entry["emoji"], [])
    if entry["on"] and entry["author_id"] not in users:
        users.append(entry["author_id"])
    if not entry["on"] and entry["author_id"] in users:
        users.remove(entry["author_id"])
    if not users:
        del reactions[entry["emoji"]]
    if not reactions:
        del message["reactions"]


class Line(Client):
    """One connection of a device."""

    def __init__(self, device: Device) -> None:
        super().__init__(device.url, device.token, transports=device.transports)
        self._device = device

    async def _hear(self, fact: str, data: Any = None) -> None:
        await super()._hear(fact, data)
        self._device.take(fact, data)


class Device:
    """A client as people have them: connects again by itself, sends again what was not acked."""

    def __init__(self, url: str, token: str, *, transports: list[str] | None = None) -> None:
        self.url, self.token, self.transports = url, token, transports
        self.mirror = Mirror()
        self.line = Line(self)
        self.outbox: dict[str, dict[str, Any]] = {}
        self.acked: dict[str, Entry] = {}
        self.lines = self.asked = 0  # connections so far, and how often it had to ask for entries
        self.ended: list[str] = []
        self.refused: list[dict[str, Any]] = []
        self._since: list[tuple[str, Any]] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._catching = False
        self._opening = asyncio.Lock()
        self._closed = False

    async def open(self) -> Device:
        """Connect and take the first snapshot, with every room's log."""
        await self._connect()
        await self.refresh()
        await self.catch_up()
        self._spawn(self._keep())
        return self

    async def close(self) -> None:
        """Hang up for good."""
        self._closed = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.line.close()

    def take(self, fact: str, data: Any) -> None:
        """One fact, in the order in which it came."""
        if self._since is not None:
            self._since.append((fact, data))
        if fact == "session.ended":
            self.ended.append(data["reason"])
        if self.mirror.me:
            self.mirror.hear(fact, data)
        if fact == "session.resync":
            self._spawn(self._resync())
        elif self.mirror.behind and not self._catching:
            self._spawn(self.catch_up())

    async def refresh(self) -> None:
        """A fresh snapshot, with the facts told meanwhile applied on top."""
        async with self._opening:
            self._since = []
            try:
                snapshot = await self.line.do("session.open")
            finally:
                since, self._since = self._since, None
            self.mirror.open(snapshot)
            for fact, data in since or ():
                self.mirror.hear(fact, data)

    async def catch_up(self) -> None:
        """Ask for what is missing until nothing is."""
        if self._catching:
            return
        self._catching = True
        try:
            for _round in range(50):
                await self._sync()
                if not self.mirror.behind:
                    return
        finally:
            self._catching = False

    async def _sync(self) -> None:
        self.asked += 1
        limited = self.mirror.synced(await self.line.do("room.sync", cursors=self.mirror.cursors()))
        for room_id in limited:
            await self._start_over(room_id)

    async def _start_over(self, room_id: str) -> None:
        self.mirror.logs[room_id] = await whole_log(self.line, room_id)
        await self.refresh()

    async def _resync(self) -> None:
        with contextlib.suppress(Exception):  # the line was lost again: its return does the same
            await self.catch_up()
            await self.refresh()
            await self.catch_up()

    # The line

    async def _connect(self) -> None:
        self.line = Line(self)
        await self.line.connect()
        self.lines += 1

    async def _keep(self) -> None:
        """Be connected; after each return first what was missed, then what was not acked."""
        while not self._closed:
            await self.line.ended.wait()
            if set(self.ended) - {"server_restart"}:
                return
            self._catching = False
            await self._return()

    async def _return(self) -> None:
        for pause in itertools.chain((0.05, 0.1, 0.2), itertools.repeat(0.3)):
            try:
                await self._connect()
                await self.catch_up()
                await self.refresh()
                await self.catch_up()
            except Exception:  # noqa: BLE001 - whatever it was: try again
                await self.line.close()
                await asyncio.sleep(pause)
                continue
            break
        for sending in list(self.outbox.values()):
            self._spawn(self._send(sending))

    # The outbox

    def send(self, room_id: str, body: str, client_id: str) -> None:
        """Say it, now or when the line is back, until it is acked."""
        sending = {"room_id": room_id, "body": body, "client_id": client_id}
        self.outbox[client_id] = sending
        self._spawn(self._send(sending))

    async def _send(self, sending: dict[str, Any]) -> None:
        line = self.line
        while sending["client_id"] in self.outbox and line is self.line:
            try:
                entry = await line.do("message.send", **sending)
            except Refused as refusal:
                if not refusal.problem["type"].endswith(("/partner-down", "/too-fast")):
                    self.refused.append(refusal.problem)
                    return
                await asyncio.sleep(0.2)
                continue
            except Exception:  # noqa: BLE001 - unanswered: sent again over the next line
                if line.ended.is_set():
                    return
                await asyncio.sleep(0.1)
                continue
            self.acked[sending["client_id"]] = entry
            self.outbox.pop(sending["client_id"], None)

    async def sent(self, seconds: float = 90) -> None:
        """Return when everything is acked."""
        await eventually(lambda: self.outbox and not self.refused, seconds)
        assert not self.refused

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # a lost line ends what was asked over it


async def whole_log(client: Client, room_id: str) -> list[Entry]:
    """Every entry of a room, page by page."""
    entries: list[Entry] = []
    while True:
        page = await client.do("room.history", room_id=room_id, after=len(entries), limit=200)
        entries += page["entries"]
        if page["at_end"] or not page["entries"]:
            return entries


async def eventually(differ: Callable[[], Any], seconds: float = 30, pause: float = 0.1) -> None:
    """Until *differ* finds nothing; what it found last is the failure."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while found := differ():
        if loop.time() > until:
            raise AssertionError(found)
        await asyncio.sleep(pause)


def differences(mine: Any, theirs: Any, path: str = "") -> list[str]:
    """Where two JSON values differ, in words."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return [
            line
            for key in sorted({*mine, *theirs})
            for line in differences(mine.get(key, "—"), theirs.get(key, "—"), f"{path}/{key}")
        ]
    if isinstance(mine, list) and isinstance(theirs, list) and len(mine) == len(theirs):
        pairs = enumerate(zip(mine, theirs, strict=True))
        return [line for i, (a, b) in pairs for line in differences(a, b, f"{path}/{i}")]
    return [] if mine == theirs else [f"{path}: kept {mine!r}, fresh {theirs!r}"]
