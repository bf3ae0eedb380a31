"""What lets us in: an account's consent, or a company's service account in somebody's name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from google.auth.credentials import Credentials as Key
from google.oauth2.credentials import Credentials as UserKey
from google.oauth2.service_account import Credentials as ServiceKey

from integrations.contract import Access, AccessLost, BadAnswer, Credentials
from integrations.google.addresses import Addresses


def key_of(access: Access, addresses: Addresses, scope: str) -> Key:
    """The library's credentials for *access*, to be used for *scope*.

    Raises AccessLost when there is nothing to begin with, BadAnswer for a key that is none.
    """
    held = access.credentials
    if is_service_account(held):
        return _service_key(held, access.address, addresses, scope)
    if not held.get("refresh_token"):
        raise AccessLost("no_refresh_token")
    return UserKey(
        token=held.get("token"),
        refresh_token=held["refresh_token"],
        token_uri=addresses.token,
        client_id=addresses.client_id,
        client_secret=addresses.client_secret,
        expiry=_expiry(held.get("expiry")),
    )


def credentials_of(key: Key, before: Credentials) -> Credentials | None:
    """What to keep now that *key* was renewed; None of service accounts, whose tokens are not kept.

    Thousands of mailboxes share one of those: their tokens stay in memory.
    """
    if not isinstance(key, UserKey):
        return None
    return {**before, **dumped(key)}


def dumped(key: UserKey) -> dict[str, Any]:
    """As JSON. The client's own id and secret are settings, and not among it."""
    expiry = key.expiry.replace(tzinfo=UTC).isoformat() if key.expiry else None
    return {"token": key.token, "refresh_token": key.refresh_token, "expiry": expiry}


def is_service_account(credentials: Credentials) -> bool:
    """Whether it is the file that Google gives for a service account."""
    return credentials.get("type") == "service_account"


def grants(credentials: Credentials, scope: str) -> bool:
    """Whether the account's owner let us into *scope*; of a service account only trying tells."""
    return is_service_account(credentials) or scope in credentials.get("scopes", ())


def _service_key(held: Credentials, address: str, addresses: Addresses, scope: str) -> Key:
    # The file names an address to ask for tokens. It came from a person, so ours is asked instead.
    info = {**held, "token_uri": addresses.token, "universe_domain": "googleapis.com"}
    try:
        made: Key = ServiceKey.from_service_account_info(
            info, scopes=[scope], subject=address or None
        )
    except (ValueError, TypeError):
        raise BadAnswer("service_account") from None
    return made


def _expiry(text: str | None) -> datetime | None:
    """google-auth wants UTC without saying so."""
    if not text:
        return None
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
