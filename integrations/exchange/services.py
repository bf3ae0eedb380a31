"""The questions of EWS, as the library asks them; answers as XML, each read by itself.

The library's own reading gives up a whole answer for one item that it cannot make out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from exchangelib import EWSDateTime, errors, services
from exchangelib.fields import FieldPath
from exchangelib.folders import Folder
from exchangelib.items import CalendarItem, Contact
from exchangelib.properties import CalendarView, FolderId, ItemId, Mailbox
from exchangelib.services.sync_folder_hierarchy import SyncFolder
from exchangelib.util import TNS

from integrations.contract import BadAnswer, Window

MOST = 500  # occurrences of one view: servers give no more than 1,000
SHORTEST = timedelta(hours=1)
PAGE = 200
PARTS = 1000
ID_ONLY = "IdOnly"
ITEM = f"{{{TNS}}}ItemId"
FOLDER_FIELDS = ("name", "folder_class", "parent_folder_id")
CALENDAR_FIELDS = (
    "uid",
    "recurrence_id",
    "original_start",
    "start",
    "end",
    "is_all_day",
    "legacy_free_busy_status",
    "is_cancelled",
    "type",
    "my_response_type",
    "subject",
    "sensitivity",
    "categories",
    "last_modified_time",
    "_start_timezone",
)
CONTACT_FIELDS = (
    "display_name",
    "given_name",
    "surname",
    "job_title",
    "department",
    "company_name",
    "phone_numbers",
    "email_addresses",
)


class _Named(FolderId):
    """A folder that every mailbox has, of the mailbox whose owner asks."""

    ELEMENT_NAME = "DistinguishedFolderId"


def named_folders(account: Any, *names: str) -> list[Any]:
    """The folders of these names ("calendar", "contacts", …), as XML, in that order."""
    asked = [_Named(id=each) for each in names]
    service = _GetFolder(account=account)
    fields = _paths(Folder, FOLDER_FIELDS)
    return _good(service.call(folders=asked, additional_fields=fields, shape=ID_ONLY))


def folders_within(account: Any, name: str) -> list[Any]:
    """All folders at any depth within the one of that name, as XML."""
    service = _FindFolder(account=account, page_size=PAGE)
    return _good(service.elements([_Named(id=name)]))


def occurrences(account: Any, folder: str, window: Window) -> list[str]:
    """The ids of what is in a calendar in *window*, with series told one by one.

    Servers cut long answers off: a window that may have been cut is asked for in halves.
    """
    view = CalendarView(start=_moment(window.start), end=_moment(window.end), max_items=MOST)
    service = _FindItem(account=account)
    found = [_id(each, ITEM) for each in _good(service.elements(FolderId(id=folder), view))]
    if not service.is_cut:
        return found
    half = (window.end - window.start) / 2
    if half < SHORTEST:
        raise BadAnswer("too_many")
    middle = window.start + half
    halves = (Window(start=window.start, end=middle), Window(start=middle, end=window.end))
    both = (each for part in halves for each in occurrences(account, folder, part))
    return list(dict.fromkeys(both))


def meetings(account: Any, ids: Iterable[str]) -> Iterator[Any]:
    """What is in calendars, as XML; what is gone meanwhile is left out."""
    return _items(account, ids, CalendarItem, CALENDAR_FIELDS)


def contacts(account: Any, ids: Iterable[str]) -> Iterator[Any]:
    """What is in books of contacts, as XML; what is gone meanwhile is left out."""
    return _items(account, ids, Contact, CONTACT_FIELDS)


def _items(
    account: Any, ids: Iterable[str], kind: type[Any], names: Iterable[str]
) -> Iterator[Any]:
    fields = _paths(kind, names)
    service = _GetItem(account=account)
    asked = [ItemId(id=each) for each in ids]
    for found in service.call(items=asked, additional_fields=fields, shape=ID_ONLY):
        if isinstance(found, errors.ErrorItemNotFound):
            continue
        if isinstance(found, Exception):
            raise found
        yield found


def changed(account: Any, folder: str, state: str) -> Iterator[tuple[list[str], list[str], str]]:
    """What changed in a folder since *state*, in parts: ids that are there, ids gone, next state.

    The last part's state is that of now. Raises the library's ErrorInvalidSyncStateData.
    """
    for _part in range(PARTS):
        there, gone, state, last = changed_once(account, folder, state)
        yield there, gone, state
        if last:
            return
    raise BadAnswer("too_many")


def changed_once(account: Any, folder: str, state: str) -> tuple[list[str], list[str], str, bool]:
    """One part of what `changed` tells, and whether it is the last."""
    service = _SyncFolderItems(account=account)
    told = _good(
        service.call(
            folder=FolderId(id=folder),
            shape=ID_ONLY,
            additional_fields=None,
            sync_state=state or None,
            ignore=None,
            max_changes_returned=PAGE,
            sync_scope=None,
        )
    )
    there = [_id(each[0], ITEM) for each in told if each.tag in (CREATE, UPDATE) and len(each)]
    gone = [_id(each, ITEM) for each in told if each.tag == DELETE]
    if not service.sync_state:
        raise BadAnswer("no_state")
    return there, gone, str(service.sync_state), bool(service.includes_last_item_in_range)


def ref_of(item: Any) -> str:
    """An item's id, "" when it has none."""
    found = item.find(ITEM)
    return "" if found is None else str(found.get("Id", ""))


def oof_settings(account: Any, address: str) -> Any:
    """How the mailbox at *address* answers by itself, as XML."""
    service = _GetUserOofSettings(account=account)
    return _good(service.elements(Mailbox(email_address=address)))[0]


def addresses_of(account: Any, name: str) -> list[str]:
    """The e-mail addresses of whoever the server's directory knows by that name."""
    service = _ResolveNames(protocol=account.protocol)
    found = list(service.call(unresolved_entries=[name], search_scope="ActiveDirectory"))
    paths = f"{{{TNS}}}Mailbox/{{{TNS}}}EmailAddress"
    return [
        text
        for each in found
        if not isinstance(each, Exception) and "@" in (text := each.findtext(paths) or "")
    ]


CREATE, UPDATE, DELETE = (f"{{{TNS}}}{each}" for each in ("Create", "Update", "Delete"))


class _GetFolder(services.GetFolder):
    def _elems_to_objs(self, elems: Iterable[Any]) -> Iterable[Any]:
        return elems


class _FindFolder(services.FindFolder):
    def elements(self, folders: Sequence[Any]) -> Iterable[Any]:
        return self._paged_call(
            payload_func=self.get_payload,
            max_items=None,
            folders=folders,
            additional_fields=_paths(Folder, FOLDER_FIELDS),
            restriction=None,
            shape=ID_ONLY,
            depth="Deep",
            page_size=self.page_size,
            offset=0,
        )


class _FindItem(services.FindItem):
    is_cut = False

    def _get_paging_values(self, elem: Any) -> tuple[int, None]:
        """A view has no second page: the library would ask for it for ever."""
        self.is_cut = elem.get("IncludesLastItemInRange", "true").lower() == "false"
        return int(elem.get("TotalItemsInView") or 0), None

    def elements(self, folder: Any, view: Any) -> Iterable[Any]:
        return self.call(
            folders=[folder],
            additional_fields=None,
            restriction=None,
            order_fields=None,
            shape=ID_ONLY,
            query_string=None,
            depth="Shallow",
            calendar_view=view,
            max_items=None,
            offset=0,
        )

    def _elem_to_obj(self, elem: Any) -> Any:
        return elem


class _GetItem(services.GetItem):
    def _elem_to_obj(self, elem: Any) -> Any:
        return elem


class _SyncFolderItems(services.SyncFolderItems):
    def _get_element_container(self, message: Any, name: str | None = None) -> Any:
        if message.get("ResponseClass") == "Error":  # it need not tell any state
            return super(SyncFolder, self)._get_element_container(message=message, name=name)
        return super()._get_element_container(message=message, name=name)

    def _elem_to_obj(self, elem: Any) -> Any:
        return elem


class _GetUserOofSettings(services.GetUserOofSettings):
    def elements(self, mailbox: Any) -> Iterable[Any]:
        return self.call(mailbox=mailbox)

    def _elem_to_obj(self, elem: Any) -> Any:
        return elem


class _ResolveNames(services.ResolveNames):
    def _elem_to_obj(self, elem: Any) -> Any:
        return elem


def _good(found: Iterable[Any]) -> list[Any]:
    """All of it. Raises the first error among it: the library hands some out as answers."""
    kept: list[Any] = []
    for each in found:
        if isinstance(each, Exception):
            raise each
        if each is not None:
            kept.append(each)
    return kept


def _paths(kind: type[Any], names: Iterable[str]) -> list[Any]:
    return [FieldPath(field=kind.get_field_by_fieldname(each)) for each in names]


def _id(element: Any, tag: str) -> str:
    found = element.find(tag)
    if found is None or not found.get("Id"):
        raise BadAnswer("no_id")
    return str(found.get("Id"))


def _moment(time: datetime) -> Any:
    """In UTC as the library knows it: of other kinds of zones, databases' own, it makes nothing."""
    return EWSDateTime.from_datetime(time.astimezone(UTC))
