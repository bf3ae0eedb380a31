"""The minimal chat in stock python-socketio: insert with majority, emit to the room, ack.

Run as `python -m bench.stock PORT MONGO_URL`. Everything is as the library's own examples have it:
asyncio's loop, the default manager, no tuning. Only the listen backlog is raised, equally for all
candidates, so that the reconnect scenario measures servers and not retransmitted SYN packets.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import socketio
from aiohttp import web
from motor.motor_asyncio import AsyncIOMotorClient


def build(entries: Any) -> web.Application:
    """The application around *entries*, a Motor collection."""
    sio = socketio.AsyncServer(async_mode="aiohttp")
    app = web.Application()
    sio.attach(app)

    async def connect(sid: str, _environ: dict[str, Any], auth: dict[str, Any] | None) -> None:
        for room_id in (auth or {}).get("rooms", ()):
            await sio.enter_room(sid, room_id)

    async def join(sid: str, data: dict[str, Any]) -> dict[str, Any]:
        await sio.enter_room(sid, data["room_id"])
        return {"ok": True, "data": {}}

    async def send(sid: str, data: dict[str, Any]) -> dict[str, Any]:
        room_id = data["room_id"]
        entry = {
            "_id": uuid4().hex,
            "room_id": room_id,
            "kind": "message",
            "author_id": sid,
            "sent_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "client_id": data["client_id"],
            "body": data["body"],
        }
        await entries.insert_one(entry)
        await sio.emit("room.entry", {"room_id": room_id, "entry": entry}, room=room_id)
        return {"ok": True, "data": entry}

    async def sync(_sid: str, data: dict[str, Any]) -> dict[str, Any]:
        rooms = {}
        for room_id in data["cursors"]:
            newest = await entries.find({"room_id": room_id}).sort("sent_at", -1).to_list(50)
            rooms[room_id] = {"entries": newest[::-1], "limited": False}
        return {"ok": True, "data": {"rooms": rooms}}

    sio.on("connect", connect)
    sio.on("join", join)
    sio.on("message.send", send)
    sio.on("room.sync", sync)
    return app


def main(port: int, mongo_url: str) -> None:
    """Serve until stopped; prints `ready` when the port is open."""

    async def start() -> web.Application:
        client: Any = AsyncIOMotorClient(mongo_url, w="majority")
        entries = client["bench_stock"]["entries"]
        await entries.create_index([("room_id", 1), ("sent_at", 1)])
        return build(entries)

    def say_ready(*_lines: object) -> None:
        sys.stdout.write("ready\n")
        sys.stdout.flush()

    web.run_app(
        start(),
        host="127.0.0.1",
        port=port,
        backlog=4096,
        access_log=None,
        print=say_ready,
        shutdown_timeout=1,  # by then nobody is measured
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
