"""A telephone exchange that asks: signs its requests as docs/pbx.md says."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import ClientSession

from server.app import App
from storage.telephony import CompanyNumber, PbxCredential
from tests.callers import Answer


@dataclass
class Exchange:
    """One credential, at one server."""

    http: ClientSession
    url: str
    key: str
    secret: str
    now: Callable[[], datetime]

    def signed(self, body: bytes, **headers: str) -> dict[str, str]:
        """The headers of a request signed now; *headers* win."""
        stamp = headers.get("Vaxel-Timestamp") or f"{time.time_ns() / 1e9 + self._ahead():.6f}"
        made = hmac.new(self.secret.encode(), stamp.encode() + body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json",
            "Vaxel-Key": self.key,
            "Vaxel-Timestamp": stamp,
            "Vaxel-Signature": made,
        } | headers

    def _ahead(self) -> float:
        """How far the test has moved the clock: requests within one millisecond must differ."""
        return round(self.now().timestamp() - time.time(), 1)

    async def post(self, path: str, data: Any, **headers: str) -> Answer:
        """Sign and send *data* as JSON."""
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        return await self.send(path, body, self.signed(body, **headers))

    async def send(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Send as it is."""
        async with self.http.post(self.url + path, data=body, headers=headers) as found:
            return Answer(found.status, await found.json(content_type=None), found.headers)

    async def route(self, to: str, caller: str | None = "+46317011111", **more: Any) -> Answer:
        """What should become of a call from *caller* (None hides the number)."""
        hidden = {"privacy": True} if caller is None else {"number": caller}
        call = {"call_id": secrets.token_hex(8), "from": hidden, "to": to}
        return await self.post("/pbx/v1/route", call | more)


async def make_exchange(app: App, http: ClientSession, url: str, org_id: str) -> Exchange:
    """An exchange of the company's."""
    credential_id, key, secret = app.new_id(), secrets.token_hex(8), secrets.token_hex(32)
    await app.stores.pbx.add(
        PbxCredential(
            id=credential_id,
            org_id=org_id,
            name="Växeln i källaren",
            key=key,
            sealed=app.vault.seal(secret, credential_id),
            created_at=app.now(),
            created_by="",
        )
    )
    return Exchange(http, url, key, secret, app.now)


async def give_number(app: App, org_id: str, number: str, user_id: str | None, kind: Any) -> None:
    """Put a number into the company's plan."""
    await app.stores.numbers.put(
        CompanyNumber(org_id=org_id, number=number, kind=kind, user_id=user_id)
    )
