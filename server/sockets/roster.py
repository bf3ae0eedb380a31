"""Which Engine.IO session is which Socket.IO client: two dictionaries.

The library's own manager keeps a room per client and looks through all of them at each goodbye,
so that a thousand who leave at once cost a million look-ups. Nobody here uses its rooms: audiences
are kept in `connections`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import socketio

NAMESPACE = "/"


class Roster(socketio.AsyncManager):
    """The default namespace's clients, and who of them is only just coming or going."""

    def __init__(self) -> None:
        super().__init__()
        self._sessions: dict[str, str] = {}
        self._clients: dict[str | None, str] = {}
        self._between: set[str] = set()

    def get_namespaces(self) -> Iterable[str]:
        """The one there is."""
        return (NAMESPACE,)

    async def pre_connect(self, eio_sid: str, _namespace: str) -> str | None:
        """A client asks to be let in; None when this session has one already."""
        if eio_sid in self._clients:
            return None
        sid: str = self.server.eio.generate_id()
        self._sessions[sid] = eio_sid
        self._clients[eio_sid] = sid
        self._between.add(sid)
        return sid

    def __len__(self) -> int:
        """How many clients are known, those on the way in or out too."""
        return len(self._sessions)

    async def connect(self, sid: str, _namespace: str) -> str:
        """It has been let in."""
        self._between.discard(sid)
        return sid

    def is_connected(self, sid: str | None, _namespace: str) -> bool:
        """Whether it is in, and not about to leave."""
        return sid in self._sessions and sid not in self._between

    def sid_from_eio_sid(self, eio_sid: str, _namespace: str) -> str | None:
        """The client of a session."""
        return self._clients.get(eio_sid)

    def eio_sid_from_sid(self, sid: str, _namespace: str) -> str | None:
        """The session of a client."""
        return self._sessions.get(sid)

    def pre_disconnect(self, sid: str, namespace: str) -> str | None:
        """It is about to leave; what is known of it stays until it has."""
        self._between.add(sid)
        return self.eio_sid_from_sid(sid, namespace)

    async def disconnect(
        self,
        sid: str,
        namespace: str,  # noqa: ARG002  # the library passes it by this name
        **_options: Any,
    ) -> None:
        """It has left, or was not let in."""
        self.forget(self._sessions.get(sid))

    def forget(self, eio_sid: str | None) -> None:
        """Nothing more is to come from this session."""
        sid = self._clients.pop(eio_sid, None)
        if sid is not None:
            del self._sessions[sid]
            self._between.discard(sid)
            self.callbacks.pop(sid, None)
