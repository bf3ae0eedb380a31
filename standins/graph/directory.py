"""Tenants, their people, and the one application that they may let in."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field
from uuid import uuid4

from standins.graph.asked import Grant, Refused
from standins.graph.mailbox import MailboxKept

TOKEN_LIFE = 3600
CODE_LIFE = 600
# Microsoft Entra's own id of the role "Global Administrator".
GLOBAL_ADMINISTRATOR = "62e90394-69f5-4237-9190-012177145e10"


@dataclass(slots=True)
class Application:
    """As it was registered, with the permissions that it may be given without a person."""

    client_id: str = "11111111-2222-4333-8444-555555555555"
    client_secret: str = "stand-in-secret"
    redirect_uris: set[str] = field(default_factory=set)  # empty: any
    roles: frozenset[str] = frozenset(
        {"Calendars.Read", "Contacts.Read", "MailboxSettings.Read", "User.Read.All"}
    )


@dataclass(slots=True)
class Tenant:
    """An organisation at Microsoft."""

    name: str
    id: str = field(default_factory=lambda: str(uuid4()))
    consented: bool = False
    denied: set[str] = field(default_factory=set)  # addresses that an access policy holds back


@dataclass(slots=True)
class Account:
    """Somebody who can sign in, with a mailbox or without."""

    address: str
    name: str
    tenant: Tenant
    mailbox: MailboxKept | None
    admin: bool = False
    id: str = field(default_factory=lambda: str(uuid4()))
    sign_in: str = ""  # another name than the address, if it is

    @property
    def principal(self) -> str:
        """The name that Graph knows them by: addresses are not names."""
        return self.sign_in or self.address


@dataclass(slots=True)
class Code:
    """What the browser brings back: good once, for who began."""

    account: Account
    tenant: str
    redirect_uri: str
    challenge: str
    nonce: str
    scopes: frozenset[str]
    expires: float


@dataclass(slots=True)
class Directory:
    """Everybody, and what was given out."""

    application: Application = field(default_factory=Application)
    tenants: dict[str, Tenant] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)  # by address
    codes: dict[str, Code] = field(default_factory=dict)
    refresh: dict[str, tuple[Account, frozenset[str]]] = field(default_factory=dict)
    spent: set[str] = field(default_factory=set)
    access: dict[str, Grant] = field(default_factory=dict)
    keep_spent: bool = False  # True lets a refresh token be used again, as the real one mostly does
    token_life: int = TOKEN_LIFE
    _names: dict[str, Account] = field(default_factory=dict)

    def by_id(self, user: str) -> Account | None:
        """By id or by the name that they sign in with."""
        return self._names.get(user.lower())

    def add(self, account: Account) -> None:
        """One person more."""
        self.accounts[account.address.lower()] = account
        self._names[account.id] = self._names[account.principal.lower()] = account

    def token_for(self, tenant: str, account: Account | None, scopes: frozenset[str]) -> str:
        """An access token; opaque, though the real one only looks so to its clients."""
        made = f"at.{secrets.token_urlsafe(48)}"
        user = account.id if account else None
        self.access[made] = Grant(tenant, user, scopes, time.time() + self.token_life)
        return made

    def grant_of(self, authorization: str) -> Grant:
        """What the bearer of this header may do."""
        kind, _, token = authorization.partition(" ")
        grant = self.access.get(token)
        if kind.lower() != "bearer" or grant is None:
            raise Refused(401, "InvalidAuthenticationToken", "Access token is empty or invalid.")
        if grant.expires <= time.time():
            raise Refused(401, "InvalidAuthenticationToken", "Lifetime validation failed.")
        return grant

    def revoke(self, account: Account) -> None:
        """What a new password, or an administrator, does: nothing that was given out is good."""
        self.refresh = {key: each for key, each in self.refresh.items() if each[0] is not account}
        self.access = {key: each for key, each in self.access.items() if each.user != account.id}

    def withdraw(self, tenant: Tenant) -> None:
        """The administrator takes the application's permissions back."""
        tenant.consented = False
        self.access = {
            key: each
            for key, each in self.access.items()
            if (each.tenant, each.user) != (tenant.id, None)
        }
