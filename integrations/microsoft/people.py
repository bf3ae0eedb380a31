"""Contacts of a mailbox: its default folder, and those beside it, each with a delta of its own."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, Final, Literal
from urllib.parse import quote

from integrations.contract import BadAnswer, CursorLost, People, Person
from integrations.microsoft.graph import Graph

PAGE = 200
FIELDS: Final = (
    "displayName,givenName,surname,companyName,department,jobTitle,businessPhones,homePhones,"
    "mobilePhone,emailAddresses"
)
DEFAULT = ""  # the folder that has no id among the others
LINK: Final = "https://outlook.office.com/people/"

Kind = Literal["work", "mobile", "other"]


async def people(graph: Graph, cursor: str) -> AsyncIterator[People]:
    """Contacts that changed since *cursor*, page by page; all when it is "". Raises CursorLost.

    When a folder came or went everything is told anew: who was in it is not told of one by one.
    """
    folders = [DEFAULT]
    async for page in graph.pages(graph.url(f"{graph.root}/contactFolders", **{"$top": "100"})):
        folders += [str(each["id"]) for each in page["value"] if _has_id(each)]
    links = _links(cursor) if cursor else {}
    full = not cursor
    if cursor and set(links) != set(folders):
        raise CursorLost("folders")
    reached: dict[str, str] = {}
    told: set[str] = set()
    removed: set[str] = set()
    for folder in folders:
        url = graph.own(links[folder]) if folder in links else _first(graph, folder)
        async for page in graph.pages(url, PAGE):
            reached[folder] = page.get("@odata.deltaLink") or ""
            told |= {each["id"] for each in page["value"] if _is_there(each)}
            removed |= {each["id"] for each in page["value"] if _has_id(each)}
            yield _page(page["value"], full=full)
        if not reached[folder]:
            raise BadAnswer("no_cursor")
        graph.own(reached[folder])
    # Who moved to another folder is removed from one and told in the other, in any order.
    gone = tuple(sorted(removed - told))
    yield People(removed=gone, full=full, cursor=json.dumps({"folders": reached}))


def person_of(row: Mapping[str, Any]) -> Person:
    """A contact. Its picture, birthday and addresses are nobody's business here."""
    given = " ".join(str(row[name]) for name in ("givenName", "surname") if row.get(name))
    return Person(
        ref=str(row["id"]),
        name=str(row.get("displayName") or given),
        title=str(row.get("jobTitle") or ""),
        department=str(row.get("department") or ""),
        company=str(row.get("companyName") or ""),
        phones=tuple(_phones(row)),
        emails=tuple(
            str(each["address"])
            for each in row.get("emailAddresses") or ()
            if isinstance(each, dict) and each.get("address")
        ),
        link=LINK,
    )


def _phones(row: Mapping[str, Any]) -> list[tuple[Kind, str]]:
    found: list[tuple[Kind, str]] = []
    if row.get("mobilePhone"):
        found.append(("mobile", str(row["mobilePhone"])))
    found += [("work", str(each)) for each in row.get("businessPhones") or () if each]
    found += [("other", str(each)) for each in row.get("homePhones") or () if each]
    return list(dict.fromkeys(found))


def _page(rows: list[Any], *, full: bool) -> People:
    told: dict[str, Person] = {}
    faulty: list[tuple[str, str]] = []
    for row in rows:
        if not _is_there(row):
            continue
        try:
            told[row["id"]] = person_of(row)
        except (TypeError, AttributeError, KeyError):
            faulty.append((row["id"], "shape"))
    return People(people=tuple(told.values()), full=full, faulty=tuple(faulty))


def _first(graph: Graph, folder: str) -> str:
    within = f"/contactFolders/{quote(folder, safe='')}" if folder else ""
    return graph.url(f"{graph.root}{within}/contacts/delta", **{"$select": FIELDS})


def _has_id(row: Any) -> bool:
    return isinstance(row, dict) and isinstance(row.get("id"), str)


def _is_there(row: Any) -> bool:
    return _has_id(row) and "@removed" not in row


def _links(cursor: str) -> dict[str, str]:
    try:
        return {str(key): str(each) for key, each in json.loads(cursor)["folders"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CursorLost("unreadable") from None
