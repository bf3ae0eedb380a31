"""Socket.IO over a raw WebSocket, as bytes: what the load generator writes and looks for.

Nothing here parses what the generator counts by the hundred thousand: a client sends its few frames
through `frame`, and finds the rest by markers that stand once in each of them.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from typing import Any

PING = b"\x81\x012"  # an Engine.IO ping from the server, a text frame of one character
FACT = b'"room.entry"'
ACKED = b'"ok":true'
REFUSED = b'"ok":false'
STAMP_LENGTH = 20  # "~r" + 16 digits + "~" and one to spare: what may hang over a chunk's end
FILLER = " Kan du ringa tillbaka om offerten till Malm fore lunch? De fragade tva ganger."


def upgrade_request(port: int, *, deflate: bool = False) -> bytes:
    """The HTTP request that opens a WebSocket for Engine.IO 4; *deflate* offers compression."""
    offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
    return (
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        f"User-Agent: vaxel-bench\r\n{offer if deflate else ''}\r\n"
    ).encode()


def frame(text: bytes, key: bytes) -> bytes:
    """*text* as one masked text frame; *key* is the client's four mask bytes, often repeated."""
    size = len(text)
    head = bytes((0x81, 0x80 | size)) if size < 126 else b"\x81\xfe" + size.to_bytes(2, "big")
    mask = int.from_bytes(key[:size], "little")
    masked = (int.from_bytes(text, "little") ^ mask).to_bytes(size, "little")
    return head + key[:4] + masked


def texts(data: bytes | bytearray, inflate: Any = None) -> tuple[list[bytes], int]:
    """The complete frames that a server sent in *data*, and how many bytes they took."""
    found: list[bytes] = []
    at = 0
    while len(data) >= at + 2:
        size, head = data[at + 1], 2
        if size >= 126:
            head = 4 if size == 126 else 10
            size = int.from_bytes(data[at + 2 : at + head], "big")
        end = at + head + size
        if len(data) < end:
            break
        text = bytes(data[at + head : end])
        compressed = data[at] & 0x40
        found.append(inflate.decompress(text + b"\x00\x00\xff\xff") if compressed else text)
        at = end
    return found, at


def command(ack_id: int, name: str, data: dict[str, Any]) -> bytes:
    """An event packet that asks for an ack."""
    return b"42%d%s" % (ack_id, json.dumps([name, data], separators=(",", ":")).encode())


def body(side: str, when_us: int) -> str:
    """A message body of 100 characters: who sent it (one letter) and when, then ordinary words."""
    return f"~{side}{when_us:016d}~{FILLER}"


def stamps_of(side: str) -> Callable[[bytearray, int, int], list[bytes]]:
    """Finds the times in bodies that *side* sent, between two places in a buffer."""
    return re.compile(rb"~%s(\d{16})~" % side.encode()).findall


def now_us() -> int:
    """Microseconds on the clock that stamps are written and read with."""
    return time.monotonic_ns() // 1000
