"""A real Socket.IO client that keeps what it hears, and answers as commands do."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import socketio


class Refused(Exception):
    """An ack that says no; `problem` is what it said."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(f"{problem['type']}: {problem['detail']}")
        self.problem = problem


class Client:
    """One device."""

    def __init__(self, url: str, token: str, *, transports: list[str] | None = None) -> None:
        self.url, self.token = url, token
        self.transports = transports or ["websocket"]
        self.facts: list[tuple[str, Any]] = []
        self.heard = asyncio.Event()
        self.ended = asyncio.Event()
        self.sio = socketio.AsyncClient(reconnection=False)
        self.sio.on("*", self._hear)
        self.sio.on("disconnect", self._end)

    async def _hear(self, fact: str, data: Any = None) -> None:
        self.facts.append((fact, data))
        self.heard.set()

    async def _end(self, *_reason: Any) -> None:
        self.ended.set()

    async def connect(self) -> Client:
        await self.sio.connect(
            self.url,
            auth={"token": self.token},
            transports=self.transports,
            socketio_path="/socket.io",
            wait_timeout=10,
        )
        return self

    async def close(self) -> None:
        with contextlib.suppress(Exception):
            # Over polling the library would wait for its last poll to end by itself.
            await asyncio.wait_for(self.sio.disconnect(), 2)

    async def ask(self, command: str, data: Any = None, timeout: float = 20) -> Any:
        """The whole ack."""
        return await self.sio.call(command, {} if data is None else data, timeout=timeout)

    async def do(self, command: str, _timeout: float = 20, **data: Any) -> Any:
        """The ack's data. Raises Refused."""
        answer = await self.ask(command, data, _timeout)
        if not answer["ok"]:
            raise Refused(answer["error"])
        return answer["data"]

    def all(self, fact: str) -> list[Any]:
        """Everything heard under that name."""
        return [data for name, data in self.facts if name == fact]

    async def until(self, seen: Callable[[], Any], seconds: float = 10) -> Any:
        """What *seen* returns, as soon as that is something."""
        async with asyncio.timeout(seconds):
            while not (found := seen()):
                self.heard.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.heard.wait(), 0.25)
        return found

    async def hears(self, fact: str, count: int = 1) -> list[Any]:
        """That fact, *count* times."""
        await self.until(lambda: len(self.all(fact)) >= count)
        return self.all(fact)


@contextlib.asynccontextmanager
async def connected(url: str, *tokens: str, **options: Any) -> AsyncIterator[list[Client]]:
    """A device for each token."""
    clients = [Client(url, token, **options) for token in tokens]
    try:
        for client in clients:
            await client.connect()
        yield clients
    finally:
        for client in clients:
            await client.close()
