"""Who has an account, what they let whom into, and the tokens that came of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from standins.google.contacts import Book

TOKEN_LIFE = timedelta(seconds=3599)


@dataclass
class Account:
    """A person's account. `shares`: the calendars on their list, with their role in each."""

    email: str
    name: str
    has_calendar: bool = True
    shares: dict[str, str] = field(default_factory=dict)
    book: Book = field(default_factory=Book)


@dataclass
class Grant:
    """What an account let a client into; it ends when it is taken back."""

    account: Account
    scopes: frozenset[str]
    refresh_token: str = ""
    alive: bool = True


@dataclass
class Token:
    """An access token of a grant."""

    grant: Grant
    until: datetime


@dataclass
class Code:
    """What a browser carries back, good once."""

    account: Account
    scopes: frozenset[str]
    client_id: str
    redirect_uri: str
    challenge: str
    offline: bool
    asks_again: bool  # prompt=consent


@dataclass
class ServiceAccount:
    """A program's account; `delegated` are the scopes in which it may act for anybody."""

    email: str
    key_id: str
    key: rsa.RSAPrivateKey
    project: str
    delegated: set[str] = field(default_factory=set)

    def as_json(self, token_url: str) -> dict[str, Any]:
        """The key file that an admin downloads."""
        pem = self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return {
            "type": "service_account",
            "project_id": self.project,
            "private_key_id": self.key_id,
            "private_key": pem.decode(),
            "client_email": self.email,
            "client_id": "104000000000000000001",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": token_url,
            "universe_domain": "googleapis.com",
        }


class Accounts:
    """All of them, by e-mail, and everything that was granted."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.people: dict[str, Account] = {}
        self.services: dict[str, ServiceAccount] = {}
        self.tokens: dict[str, Token] = {}
        self.refreshes: dict[str, Grant] = {}
        self.codes: dict[str, Code] = {}
        self._consented: set[tuple[str, str]] = set()

    def grant(self, account: Account, scopes: frozenset[str], *, refresh: bool) -> Grant:
        """Let a client in."""
        made = Grant(account, scopes)
        if refresh:
            made.refresh_token = f"1//{secrets.token_urlsafe(40)}"
            self.refreshes[made.refresh_token] = made
        return made

    def first_time(self, account: Account, client_id: str) -> bool:
        """Whether this account never let this client in before; from now on it has."""
        key = (account.email, client_id)
        if key in self._consented:
            return False
        self._consented.add(key)
        return True

    def token(self, grant: Grant) -> str:
        """A new access token."""
        made = f"ya29.{secrets.token_urlsafe(60)}"
        self.tokens[made] = Token(grant, self._clock() + TOKEN_LIFE)
        return made

    def holder(self, token: str) -> Grant | None:
        """What the token lets in to; None when it is unknown, old or taken back."""
        found = self.tokens.get(token)
        if found is None or not found.grant.alive or found.until <= self._clock():
            return None
        return found.grant

    def revoke(self, token: str) -> bool:
        """Take a grant back by any token of it."""
        grant = self.refreshes.get(token)
        if grant is None and token in self.tokens:
            grant = self.tokens[token].grant
        if grant is None or not grant.alive:
            return False
        grant.alive = False
        return True

    def revoke_all(self, email: str) -> None:
        """The account's owner removes every program's access."""
        account = self.people[email]
        for grant in [*self.refreshes.values(), *(each.grant for each in self.tokens.values())]:
            if grant.account is account:
                grant.alive = False

    def expire_tokens(self) -> None:
        """Every access token is old; refresh tokens are still good."""
        self.tokens.clear()

    def service(self, project: str, delegated: set[str]) -> ServiceAccount:
        """A new service account with a key of its own."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        email = f"vaxel@{project}.iam.gserviceaccount.com"
        made = ServiceAccount(email, secrets.token_hex(20), key, project, delegated)
        self.services[email] = made
        return made
