"""The operations of EWS that are answered, each with the element that asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from standins.exchange import wire
from standins.exchange.mailbox import Mailbox, Meeting, StaleState

if TYPE_CHECKING:
    from standins.exchange.server import Exchange

OOF = "GetUserOofSettingsRequest"


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


Operation = Callable[["Exchange", Mailbox, Any], str]
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
