"""Exchange Server in small, over HTTP: one address, one sign-in, the operations that are asked.

It is as strict as the real one where that matters: no answer without a password, no item or folder
of somebody else's, no sync state that is too old; and it can be told to be busy.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import spnego
from aiohttp import web
from spnego.exceptions import SpnegoError

from standins import tls
from standins.exchange import wire
from standins.exchange.mailbox import Mailbox, Meeting, StaleState
from standins.pki import Authority

PATH = "/EWS/Exchange.asmx"
OOF = "GetUserOofSettingsRequest"


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


def _convert_id(_exchange: Exchange, _mailbox: Mailbox, _asked: Any) -> str:
    """Asked with an id that is none, to hear which version answers."""
    return wire.answers("ConvertId", [wire.bad("ConvertId", "ErrorInvalidIdMalformed")])


def _get_folder(_exchange: Exchange, mailbox: Mailbox, asked: Any) -> str:
    told, wanted = [], _wanted(asked, "FolderShape")
    for each in asked.find(wire.m("FolderIds")):
        found = _folder(mailbox, each)
        text = wire.folder(mailbox.folders[found], wanted) if found else ""
        inner = f"<m:Folders>{text}</m:Folders>"
        told.append(
            wire.good("GetFolder", inner) if found else wire.bad("GetFolder", "ErrorFolderNotFound")
        )
    return wire.answers("GetFolder", told)


def _find_folder(_exchange: Exchange, mailbox: Mailbox, asked: Any) -> str:
    page = asked.find(wire.m("IndexedPageFolderView"))
    offset, most = int(page.get("Offset")), int(page.get("MaxEntriesReturned"))
    found = [each for each in mailbox.folders.values() if each.id != mailbox.root]
    told = found[offset : offset + most]
    last = offset + most >= len(found)
    wanted = _wanted(asked, "FolderShape")
    inner = "".join(wire.folder(each, wanted) for each in told)
    return wire.answers(
        "FindFolder",
        [
            wire.good(
                "FindFolder",
                f'<m:RootFolder IndexedPagingOffset="{offset + len(told)}" '
                f'TotalItemsInView="{len(found)}" IncludesLastItemInRange="{str(last).lower()}">'
                f"<t:Folders>{inner}</t:Folders></m:RootFolder>",
            )
        ],
    )


def _find_item(exchange: Exchange, mailbox: Mailbox, asked: Any) -> str:
    folder = _folder(mailbox, asked.find(wire.m("ParentFolderIds"))[0])
    view = asked.find(wire.m("CalendarView"))
    if folder is None:
        return wire.answers("FindItem", [wire.bad("FindItem", "ErrorItemNotFound")])
    start, end = wire.moment(view.get("StartDate")), wire.moment(view.get("EndDate"))
    found = mailbox.view(folder, start, end)
    told = found[: min(int(view.get("MaxEntriesReturned", 1000)), exchange.most)]
    last = len(told) == len(found)
    inner = "".join(wire.bare(each) for each in told)
    return wire.answers(
        "FindItem",
        [
            wire.good(
                "FindItem",
                f'<m:RootFolder TotalItemsInView="{len(told)}" '
                f'IncludesLastItemInRange="{str(last).lower()}">'
                f"<t:Items>{inner}</t:Items></m:RootFolder>",
            )
        ],
    )


def _get_item(_exchange: Exchange, mailbox: Mailbox, asked: Any) -> str:
    told, wanted = [], _wanted(asked, "ItemShape")
    for each in asked.find(wire.m("ItemIds")):
        item = mailbox.find(each.get("Id"))
        if item is None:
            told.append(wire.bad("GetItem", "ErrorItemNotFound"))
            continue
        text = wire.meeting(item, wanted) if isinstance(item, Meeting) else wire.card(item, wanted)
        told.append(wire.good("GetItem", f"<m:Items>{text}</m:Items>"))
    return wire.answers("GetItem", told)


def _sync_folder_items(_exchange: Exchange, mailbox: Mailbox, asked: Any) -> str:
    folder = _folder(mailbox, asked.find(wire.m("SyncFolderId"))[0])
    if folder is None:
        return wire.answers(
            "SyncFolderItems", [wire.bad("SyncFolderItems", "ErrorSyncFolderNotFound")]
        )
    state = asked.findtext(wire.m("SyncState")) or ""
    most = int(asked.findtext(wire.m("MaxChangesReturned")) or 100)
    try:
        changes, after, last = mailbox.since(folder, state, most)
    except StaleState:
        return wire.answers(
            "SyncFolderItems", [wire.bad("SyncFolderItems", "ErrorInvalidSyncStateData")]
        )
    told = "".join(
        f"<t:{kind}>{wire.item_id(ref) if kind == 'Delete' else wire.bare(mailbox.items[ref])}"
        f"</t:{kind}>"
        for kind, ref in changes
    )
    return wire.answers(
        "SyncFolderItems",
        [
            wire.good(
                "SyncFolderItems",
                f"<m:SyncState>{after}</m:SyncState>"
                f"<m:IncludesLastItemInRange>{str(last).lower()}</m:IncludesLastItemInRange>"
                f"<m:Changes>{told}</m:Changes>",
            )
        ],
    )


def _get_user_oof_settings(_exchange: Exchange, mailbox: Mailbox, asked: Any) -> str:
    address = asked.findtext(f"{wire.t('Mailbox')}/{wire.t('Address')}") or ""
    if address.lower() != mailbox.address:
        return wire.fault("ErrorAccessDenied")
    return wire.reply(mailbox.reply)


def _resolve_names(exchange: Exchange, _mailbox: Mailbox, asked: Any) -> str:
    name = (asked.findtext(wire.m("UnresolvedEntry")) or "").lower()
    found = [
        each.address
        for each in exchange.people.values()
        if each.user.lower().rpartition("\\")[2].startswith(name)
    ]
    if not found:
        return wire.answers(
            "ResolveNames", [wire.bad("ResolveNames", "ErrorNameResolutionNoResults")]
        )
    inner = "".join(
        "<t:Resolution><t:Mailbox><t:Name>Namn</t:Name>"
        f"<t:EmailAddress>{each}</t:EmailAddress><t:RoutingType>SMTP</t:RoutingType>"
        "</t:Mailbox></t:Resolution>"
        for each in found
    )
    return wire.answers(
        "ResolveNames",
        [
            wire.good(
                "ResolveNames",
                f'<m:ResolutionSet TotalItemsInView="{len(found)}" IncludesLastItemInRange="true">'
                f"{inner}</m:ResolutionSet>",
            )
        ],
    )


Operation = Callable[[Exchange, Mailbox, Any], str]
OPERATIONS: dict[str, Operation] = {
    "ConvertId": _convert_id,
    "GetFolder": _get_folder,
    "FindFolder": _find_folder,
    "FindItem": _find_item,
    "GetItem": _get_item,
    "SyncFolderItems": _sync_folder_items,
    OOF: _get_user_oof_settings,
    "ResolveNames": _resolve_names,
}


def _folder(mailbox: Mailbox, asked: Any) -> str | None:
    """The folder's id that is meant, of this mailbox."""
    name = asked.get("Id")
    if wire.local(asked) == "DistinguishedFolderId":
        return next(
            (each.id for each in mailbox.folders.values() if each.distinguished == name), None
        )
    return name if name in mailbox.folders else None


def _wanted(asked: Any, shape: str) -> set[str]:
    """The properties that are asked for."""
    found = asked.find(wire.m(shape)).iter()
    uris = {each.get("FieldURI") for each in found}
    return {each for each in uris if each}


def _xml(text: str, status: int = 200) -> web.Response:
    return web.Response(status=status, text=text, content_type="text/xml", charset="utf-8")
