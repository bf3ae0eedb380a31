"""Exchange Server in small, over HTTP: one address, one sign-in, the operations that are asked.

It is as strict as the real one where that matters: no answer without a password, no item or folder
of somebody else's, no sync state that is too old; and it can be told to be busy.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import spnego
from aiohttp import web
from spnego.exceptions import SpnegoError

from standins import tls
from standins.exchange import wire
from standins.exchange.mailbox import Mailbox
from standins.exchange.operations import OOF, OPERATIONS
from standins.pki import Authority

PATH = "/EWS/Exchange.asmx"


@dataclass
class Failure:
    """What to answer instead: a fault, a message's code, or a status of HTTP."""

    code: str = ""
    back_off: int | None = None
    status: int = 0
    operation: str = ""  # only of this

    def answer(self, operation: str) -> web.Response:
        """It, as an answer to that operation."""
        if self.status:
            return web.Response(status=self.status)
        if self.back_off is not None or operation == OOF:
            return _xml(wire.fault(self.code, self.back_off), 500)
        return _xml(wire.answers(operation, [wire.bad(operation, self.code)]))


@dataclass
class Exchange:
    """The server; `asked` are the operations in their order, `failures` are answered once each."""

    url: str = ""
    people: dict[str, Mailbox] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    most: int = 1000  # occurrences of one view
    ntlm: bool = False  # its users are those of the file that NTLM_USER_FILE names
    lines: dict[int, Mailbox] = field(default_factory=dict)
    contexts: dict[int, Any] = field(default_factory=dict)

    def add(self, mailbox: Mailbox) -> Mailbox:
        """Somebody's mailbox, who signs in with its user and password."""
        self.people[mailbox.user] = mailbox
        return mailbox

    def application(self) -> web.Application:
        """What answers."""
        app = web.Application()
        app.router.add_post(PATH, self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.Response:
        header = request.headers.get("Authorization", "")
        mailbox = self._ntlm(request, header) if self.ntlm else self._who(header)
        if not isinstance(mailbox, Mailbox):
            wanted = mailbox or ("NTLM" if self.ntlm else 'Basic realm="mail.example.com"')
            return web.Response(status=401, headers={"WWW-Authenticate": wanted})
        try:
            asked = wire.request_of(await request.read())
        except ValueError:
            return web.Response(status=400)
        operation = wire.local(asked)
        self.asked.append(operation)
        failure, does = self._failure(operation), OPERATIONS.get(operation)
        if failure is not None:
            return failure.answer(operation)
        if does is None:
            return _xml(wire.fault("ErrorInvalidRequest"), 500)
        return _xml(does(self, mailbox, asked))

    def _ntlm(self, request: web.Request, header: str) -> Mailbox | str | None:
        """Who signed this connection in, or what to answer in the middle of it."""
        line = id(request.transport)
        if line in self.lines:
            return self.lines[line]
        scheme, _, text = header.partition(" ")
        if scheme != "NTLM":
            return None
        context = self.contexts.pop(line, None) or spnego.server(protocol="ntlm")
        try:
            token = context.step(base64.b64decode(text))
        except SpnegoError:
            return None
        if not context.complete:
            self.contexts[line] = context
            return "NTLM " + base64.b64encode(token or b"").decode()
        found = self.people.get(context.client_principal or "")
        if found is not None:
            self.lines[line] = found
        return found

    def _who(self, header: str) -> Mailbox | None:
        scheme, _, text = header.partition(" ")
        if scheme.lower() != "basic":
            return None
        try:
            user, _, password = base64.b64decode(text).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return None
        found = self.people.get(user)
        return found if found is not None and found.password == password else None

    def _failure(self, operation: str) -> Failure | None:
        for each in self.failures:
            if each.operation in ("", operation):
                self.failures.remove(each)
                return each
        return None


@asynccontextmanager
async def serve(exchange: Exchange, authority: Authority | None = None) -> AsyncIterator[Exchange]:
    """While the block runs it answers at its `url`; over TLS with an *authority*."""
    if authority is not None:
        async with tls.serve(exchange.application(), authority) as url:
            exchange.url = url + PATH
            yield exchange
        return
    runner = web.AppRunner(exchange.application(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        exchange.url = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
        yield exchange
    finally:
        await runner.cleanup()


def _xml(text: str, status: int = 200) -> web.Response:
    return web.Response(status=status, text=text, content_type="text/xml", charset="utf-8")
