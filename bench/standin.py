"""Microsoft's stand-in as a process of its own, with a front that gives Växel's server https.

Run as `python -m bench.standin <folder>`: one JSON order a line on stdin, one answer a line on
stdout, until stdin ends. Times are microseconds of the clock that the whole machine shares.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.wire import now_us
from standins import tls
from standins.graph.mailbox import Item, MailboxKept
from standins.graph.server import Graph, open_graph
from standins.pki import make_authority

BEGAN = timedelta(minutes=5)  # how long ago the meetings began whose ends are moved
FIRST = timedelta(days=1)  # from now on: the meetings that nobody changes
APART = timedelta(hours=4)


@dataclass
class Noting:
    """Stands before the stand-in's HTTP client, and notes when it begins to tell of what."""

    http: Any
    told: dict[str, list[int]] = field(default_factory=dict)  # by the event's id

    def post(self, url: str, json: Any = None, **more: Any) -> Any:
        for each in (json or {}).get("value", ()):
            self.told.setdefault(each["resourceData"]["id"], []).append(now_us())
        return self.http.post(url, json=json, **more)

    def after(self, item_id: str, moment: int) -> int:
        """When the event was told of first, from *moment* on; 0 when it was not."""
        return next((at for at in self.told.get(item_id, ()) if at >= moment), 0)


@dataclass
class Orders:
    """What may be ordered."""

    graph: Graph
    front: tls.Front
    noting: Noting
    boxes: list[MailboxKept] = field(default_factory=list)
    running: dict[int, Item] = field(default_factory=dict)

    def people(self, count: int, events: int) -> dict[str, Any]:
        """A company that consented: its mailboxes hold the same *events*, kept once."""
        graph, now = self.graph, datetime.now(UTC).replace(microsecond=0)
        for number in range(count):
            address = f"person{number}@example.com"
            box = graph.add_account(address, f"Person {number}", admin=number == 0).mailbox
            if box is not None:
                self.boxes.append(box)
        first, *others = self.boxes
        for number in range(events):
            start = now + FIRST + number * APART
            first.add(start, start + timedelta(hours=1), f"Möte {number}")
        for box in others:
            box.number = first.number
            box.calendar.items.update(first.calendar.items)
        tenant = next(iter(graph.directory.tenants.values()))
        tenant.consented = True
        return {"tenant": tenant.id}

    def point(self, url: str) -> None:
        """Växel's server is there."""
        self.front.point_at(url)

    def promises(self) -> list[tuple[str, str]]:
        """What is promised to tell of: ids and secrets."""
        return [(each.id, each.state or "") for each in self.graph.subscriptions.kept.values()]

    def asked(self) -> dict[str, int]:
        """Requests so far, by kind."""
        return dict(self.graph.faults.asked)

    async def changes(self, count: int, rate: float, first_end: str) -> dict[str, tuple[int, int]]:
        """Move the ends of running meetings, *rate* a second, each to another second from
        *first_end* on: by that end when it was changed, and when it began to be told (0: never).
        """
        end, begun = datetime.fromisoformat(first_end), now_us()
        changed: dict[str, tuple[str, int]] = {}
        for number in range(count):
            await asyncio.sleep(max(0.0, (begun + number * 1e6 / rate - now_us()) / 1e6))
            until, at = end + timedelta(seconds=number), now_us()
            item = self._move(number % len(self.boxes), until)
            changed[f"{until:%Y-%m-%dT%H:%M:%S}"] = item.id, at
        await asyncio.sleep(1)
        return {key: (at, self.noting.after(item_id, at)) for key, (item_id, at) in changed.items()}

    def _move(self, number: int, until: datetime) -> Item:
        known, box = self.running.get(number), self.boxes[number]
        if known is not None:
            return box.change(known, end=until)
        item = self.running[number] = box.add(datetime.now(UTC) - BEGAN, until, "Möte")
        return item


async def main() -> None:
    """Obey until stdin ends."""
    authority = make_authority(Path(sys.argv[1]))
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with open_graph(authority) as graph, tls.front(authority) as front:
        noting = Noting(graph.subscriptions.http)
        graph.subscriptions.http = noting
        orders = Orders(graph, front, noting)
        _say({"settings": _plain(graph.settings()), "front": front.url})
        while line := await reader.readline():
            order: dict[str, Any] = json.loads(line)
            done = getattr(orders, order.pop("do"))(**order)
            _say(await done if asyncio.iscoroutine(done) else done)


def _plain(settings: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in settings.items()}


def _say(answer: Any) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
