"""Socket.IO packets as bytes: encoded once, written as they are to every WebSocket."""

from __future__ import annotations

from typing import Any

import orjson

SHORT, MEDIUM = 126, 1 << 16


def websocket_frame(payload: bytes) -> bytes:
    """*payload* as one unmasked, uncompressed text frame (RFC 6455, section 5.2)."""
    length = len(payload)
    if length < SHORT:
        return bytes((0x81, length)) + payload
    if length < MEDIUM:
        return b"\x81\x7e" + length.to_bytes(2, "big") + payload
    return b"\x81\x7f" + length.to_bytes(8, "big") + payload


def event_packet(fact: str, data: Any) -> bytes:
    """Engine.IO message (4), Socket.IO event (2): `42["fact",data]`."""
    return b'42["' + fact.encode() + b'",' + orjson.dumps(data) + b"]"


def ack_packet(ack_id: int, answer: Any) -> bytes:
    """Engine.IO message (4), Socket.IO ack (3): `43<id>[answer]`."""
    return b"43%d[" % ack_id + orjson.dumps(answer) + b"]"
