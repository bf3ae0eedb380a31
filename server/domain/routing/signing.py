"""Who may ask as an exchange: requests signed with a secret that only it and we know.

HMAC-SHA256 over the timestamp (as sent) and the body. A signature is good for five minutes, to
either side, and once: fractions of a second tell two equal requests apart. A repeated
`Idempotency-Key`, signed anew, gets its first answer.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
from dataclasses import dataclass
from datetime import timedelta

from server.app import App
from server.domain.errors import NotSignedIn
from server.vault import Unreadable
from storage.telephony import PbxCredential

log = logging.getLogger("vaxel.pbx")

WINDOW = timedelta(minutes=5)
NOTE_USE_EVERY = timedelta(minutes=5)
SECONDS = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")
LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Signed:
    """What a request says of itself, as its headers have it."""

    key: str
    timestamp: str
    signature: str


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature, in hexadecimal."""
    return hmac.new(secret.encode(), timestamp.encode() + body, hashlib.sha256).hexdigest()


async def exchange_of(app: App, signed: Signed, body: bytes) -> PbxCredential:
    """The exchange that signed *body*. Raises NotSignedIn with what was wrong.

    Whether the signature was used before is asked together with the rest, see `once`.
    """
    if not (signed.key and signed.timestamp and signed.signature):
        raise NotSignedIn("pbx_headers")
    if not SECONDS.fullmatch(signed.timestamp):
        raise NotSignedIn("pbx_timestamp")
    age = app.now().timestamp() - float(signed.timestamp)
    credential = await app.stores.pbx.by_key(signed.key[:LONGEST_KEY])
    if credential is None:
        raise NotSignedIn("pbx_key")
    if not _matches(app, credential, signed, body):
        raise NotSignedIn("pbx_signature")
    if abs(age) > WINDOW.total_seconds():
        raise NotSignedIn("pbx_timestamp")
    await _note_use(app, credential)
    return credential


def _matches(app: App, credential: PbxCredential, signed: Signed, body: bytes) -> bool:
    """Whether today's secret, or the one before while it is good, gives this signature."""
    given = signed.signature.strip().lower().encode("utf-8", "replace")
    expected = [
        sign(secret, signed.timestamp, body).encode() for secret in _secrets(app, credential)
    ]
    # Each is compared, whatever the first one gives: the time tells nothing.
    return sum(hmac.compare_digest(given, each) for each in expected) > 0


def _secrets(app: App, credential: PbxCredential) -> list[str]:
    """The secrets that are good. One that no key opens any more is as good as none."""
    sealed = [credential.sealed]
    until = credential.before_until
    if credential.before and until is not None and until > app.now():
        sealed.append(credential.before)
    found = []
    for each in sealed:
        try:
            found.append(app.vault.open(each, credential.id))
        except Unreadable as error:
            log.warning("pbx.secret", extra={"credential": credential.id, "error": str(error)})
    return found


async def _note_use(app: App, credential: PbxCredential) -> None:
    """An administrator sees when an exchange last asked, to within some minutes."""
    last = credential.last_used_at
    if last is None or app.now() - last > NOTE_USE_EVERY:
        await app.stores.pbx.used(credential, app.now())
