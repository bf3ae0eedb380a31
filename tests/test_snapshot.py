"""Snapshot + facts = fresh snapshot: whatever happens, in whatever order, on whichever server."""

from __future__ import annotations

import asyncio
import os
import random
from typing import Any

import pytest

from tests.cast import make_company, make_room, make_token
from tests.clients import Client, Refused
from tests.mirror import Device, Mirror, differences, eventually, whole_log

COMMANDS = 600
AT_ONCE = 6
PEOPLE = ("astrid", "birger", "rebecka", "basse")
BODIES = (
    "Hej!",
    "Kl 12? @birger",
    "@alla fika",
    "**fet** text",
    "@astrid @rebecka se här",
    "å ä ö",
)
EMOJI = ("👍", "🎉", "❤️")
ACTIVITIES = ("available", "lunch", "meeting", "vacation", "home", "none")
# What a command may be answered when another was faster.
EXPECTED = ("not-found", "conflict", "not-allowed", "invalid")


class Actor:
    """A person with two devices, one on each server, doing one thing at a time at random."""

    def __init__(self, dice: random.Random, name: str, user_id: str, devices: list[Device]) -> None:
        self.dice, self.name, self.user_id, self.devices = dice, name, user_id, devices
        self.said = 0
        self.everyone: list[str] = []

    async def act(self) -> str:
        """Do something; the command's name."""
        device = self.dice.choice(self.devices)
        command, data = self._choose(device.mirror)
        try:
            await device.line.do(command, **data)
        except Refused as refusal:
            if not refusal.problem["type"].endswith(EXPECTED):
                raise
        return command

    def _choose(self, mirror: Mirror) -> tuple[str, dict[str, Any]]:
        dice = self.dice
        if not mirror.rooms or dice.random() < 0.04:
            members = dice.sample(self.everyone, dice.randint(0, 3))
            return "room.create", {"name": f"Rum {dice.randint(1, 99)}", "member_ids": members}
        if dice.random() < 0.05:
            return "room.direct", {"user_id": dice.choice(self.everyone)}
        if dice.random() < 0.06:
            if dice.random() < 0.5:
                return "presence.note", {"note": f"Lapp {dice.randint(1, 99)}"}
            return "presence.active", {"active": dice.random() < 0.5}
        if dice.random() < 0.06:
            return "activity.choose", self._activity()
        room = mirror.rooms[dice.choice(sorted(mirror.rooms))]
        command, data = self._in_room(room, mirror.logs[room["id"]])
        return command, {"room_id": room["id"], **data}

    def _activity(self) -> dict[str, Any]:
        """What somebody does, often a colleague, which not everybody may say."""
        dice = self.dice
        order = {"activity_id": dice.choice(ACTIVITIES), "note": dice.choice(["", "Åter sen"])}
        if dice.random() < 0.4:
            order["user_id"] = dice.choice(self.everyone)
        if order["activity_id"] == "vacation":
            order["until"] = "2027-01-11T07:00:00Z"
        return order

    def _in_room(self, room: dict[str, Any], log: list[Any]) -> tuple[str, dict[str, Any]]:
        dice = self.dice
        messages = [each["seq"] for each in log[-25:] if each["kind"] == "message"]
        any_seq = dice.choice(messages or [1])
        self.said += 1
        send = {"body": dice.choice(BODIES), "client_id": f"{self.name}-{self.said}"}
        others = dice.sample(self.everyone, dice.randint(1, 2))
        until = dice.choice([None, "2031-05-01T08:00:00Z"])
        table: list[tuple[int, str, dict[str, Any]]] = [
            (26, "message.send", send),
            (5, "message.send", {**send, "reply_to": any_seq}),
            (10, "message.edit", {"seq": any_seq, "body": dice.choice(BODIES)}),
            (6, "message.delete", {"seq": any_seq}),
            (
                12,
                "message.react",
                {"seq": any_seq, "emoji": dice.choice(EMOJI), "on": dice.random() < 0.7},
            ),
            (6, "message.pin", {"seq": any_seq, "on": dice.random() < 0.6}),
            (12, "room.read", {"seq": dice.randint(0, room["last_seq"])}),
            (
                3,
                "room.settings",
                {"notify": dice.choice(["all", "mentions", "none"]), "muted_until": until},
            ),
            (2, "room.typing", {}),
            (4, "room.update", {"name": f"Nytt {dice.randint(1, 99)}"}),
            (3, "room.update", {"topic": f"Om {dice.randint(1, 99)}"}),
            (7, "room.add", {"user_ids": others}),
            (4, "room.remove", {"user_id": dice.choice(room["member_ids"])}),
            (3, "room.leave", {}),
        ]
        weights = [weight for weight, _command, _data in table]
        _weight, command, data = dice.choices(table, weights)[0]
        return command, data


async def open_actors(two: Any, dice: random.Random) -> list[Actor]:
    first, second = two
    cast = await make_company(first.app)
    await first.app.stores.users.update(cast["basse"].id, "example.com", plan="pro")
    await make_room(first.app, *(cast[name] for name in PEOPLE))
    actors = []
    for name in PEOPLE:
        token = await make_token(first.app, cast[name])
        polls = name == "rebecka"
        devices = [
            await Device(first.url, token, transports=["polling"] if polls else None).open(),
            await Device(second.url, token).open(),
        ]
        actors.append(Actor(dice, name, cast[name].id, devices))
    for actor in actors:
        actor.everyone = [each.user_id for each in actors]
    return actors


async def fresh(client: Client) -> Mirror:
    """What a client that starts now is told."""
    mirror = Mirror()
    mirror.open(await client.do("session.open"))
    for room_id in mirror.rooms:
        mirror.logs[room_id] = await whole_log(client, room_id)
    return mirror


async def check(device: Device) -> None:
    """What the device kept is what it would be told afresh."""
    found = await fresh(device.line)
    await eventually(lambda: unlike(device.mirror, found)[:12])


def shown(rooms: dict[str, Any]) -> dict[str, Any]:
    """The rooms, with the places of those who are members: others' may be kept, unseen."""
    return {
        room_id: room
        | {"reads": {who: seq for who, seq in room["reads"].items() if who in room["member_ids"]}}
        for room_id, room in rooms.items()
    }


def unlike(kept: Mirror, found: Mirror) -> list[str]:
    names = ("me", "org", "people", "activities", "logs")
    pairs = [(name, getattr(kept, name), getattr(found, name)) for name in names]
    pairs.append(("rooms", shown(kept.rooms), shown(found.rooms)))
    return [line for name, mine, theirs in pairs for line in differences(mine, theirs, name)]


@pytest.mark.parametrize("at_once", [1, AT_ONCE])
async def test_snapshot_and_facts_equal_a_fresh_snapshot(two, at_once):
    seed = int(os.environ.get("SEED", "0")) or random.randrange(10**6)
    print(f"SEED={seed}")  # noqa: T201 - shown when the test fails, to run it again
    dice = random.Random(seed)
    actors = await open_actors(two, dice)
    try:
        done: set[str] = set()
        for _wave in range(COMMANDS // at_once):
            done |= set(await asyncio.gather(*(dice.choice(actors).act() for _ in range(at_once))))
        assert len(done) >= 16
        for actor in actors:
            for device in actor.devices:
                await check(device)
    finally:
        for actor in actors:
            for device in actor.devices:
                await device.close()
