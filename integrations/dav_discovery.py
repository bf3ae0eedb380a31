"""Finding somebody's calendars and address books, given an address or an e-mail (RFC 6764).

What was typed is tried first, then what the domain tells of itself (SRV and TXT), then the places
where servers usually answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from caldav.elements import cdav, dav
from caldav.elements.base import BaseElement

from integrations.contract import AccessLost, BadAnswer, Unreachable
from integrations.dav import Client, Item, Missing, same_server
from integrations.safe_http import Forbidden, checked

LOOKUP_SECONDS = 4.0
MAILTO = "mailto:"

Lookup = Callable[[str, str], list[str]]


class AddressbookHomeSet(BaseElement):
    """CardDAV's word for where somebody's address books are."""

    tag = "{urn:ietf:params:xml:ns:carddav}addressbook-home-set"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an account's calendars and address books are, and the addresses it goes by.

    `books` is "" where there are none. `scheme` is how the server wants the password.
    """

    calendars: str
    books: str = ""
    addresses: tuple[str, ...] = ()
    scheme: str = ""


def as_json(place: Place) -> dict[str, Any]:
    """To keep with the credentials."""
    return {**asdict(place), "addresses": list(place.addresses)}


def from_json(kept: Any) -> Place | None:
    """What `as_json` made; None for anything else."""
    if not isinstance(kept, dict) or not isinstance(kept.get("calendars"), str):
        return None
    return Place(
        calendars=kept["calendars"],
        books=str(kept.get("books") or ""),
        addresses=tuple(str(each) for each in kept.get("addresses") or ()),
        scheme=str(kept.get("scheme") or ""),
    )


def find(client: Client, address: str, lookup: Lookup | None = None) -> Place:
    """Where the calendars are. Raises AccessLost for a wrong password, Unreachable, BadAnswer."""
    failure: Exception = BadAnswer("no_calendars")
    for url in candidates(address, "caldav", lookup or look_up):
        try:
            return _at(client, url, address, lookup or look_up)
        except (Missing, Forbidden, BadAnswer, Unreachable) as error:
            if isinstance(failure, BadAnswer) and not isinstance(failure, Forbidden):
                failure = error
    raise _plain(failure)


def candidates(address: str, service: str, lookup: Lookup) -> Iterator[str]:
    """Where to ask for *service* (caldav or carddav), the likeliest first. Raises Forbidden."""
    typed = address.strip()
    name, at, domain = typed.rpartition("@")
    if at and "://" not in typed and name and "/" not in domain:
        yield from _of_domain(domain, service, lookup)
        return
    url = checked(typed if "://" in typed else f"https://{typed}")
    yield url
    yield urljoin(url, f"/.well-known/{service}")
    if urlsplit(url).path not in ("", "/"):
        yield urljoin(url, "/")


def look_up(name: str, kind: str) -> list[str]:
    """What DNS says of *name*; [] when it says nothing."""
    import dns.exception  # noqa: PLC0415  # every start would wait for what few connections need
    import dns.resolver  # noqa: PLC0415  # see above

    try:
        found = dns.resolver.resolve(name, kind, lifetime=LOOKUP_SECONDS)
    except (dns.exception.DNSException, OSError, ValueError):
        return []
    return [each.to_text() for each in found]


def _plain(failure: Exception) -> Exception:
    """That a place is missing says only that no calendars were found."""
    return BadAnswer("no_calendars") if isinstance(failure, Missing) else failure


def _of_domain(domain: str, service: str, lookup: Lookup) -> Iterator[str]:
    for record in sorted(lookup(f"_{service}s._tcp.{domain}", "SRV"), key=_rank):
        words = record.split()
        if len(words) == 4 and words[3] != ".":
            root = f"https://{words[3].rstrip('.')}:{words[2]}"
            paths = [
                text.strip('"').removeprefix("path=")
                for text in lookup(f"_{service}s._tcp.{domain}", "TXT")
                if text.strip('"').startswith("path=")
            ]
            yield from (f"{root}{path}" for path in paths)
            yield f"{root}/.well-known/{service}"
    yield f"https://{domain}/.well-known/{service}"
    yield f"https://{domain}/"


def _rank(record: str) -> tuple[int, int]:
    priority, weight, *_rest = [*record.split(), "0", "0"]
    return (int(priority), -int(weight)) if (priority + weight).isdigit() else (0, 0)


def _at(client: Client, url: str, address: str, lookup: Lookup) -> Place:
    """What the server at *url* says of who we are."""
    wanted = [dav.CurrentUserPrincipal(), cdav.CalendarHomeSet(), dav.ResourceType()]
    answer = client.propfind(url, wanted)
    here = answer.items[0] if answer.items else None
    if here is None:
        raise Missing("empty")
    who = here.hrefs(dav.CurrentUserPrincipal.tag)
    if not who and here.has(dav.CurrentUserPrincipal.tag, "{DAV:}unauthenticated"):
        if client.sign("basic"):  # a server that tells strangers something asks for no password
            return _at(client, url, address, lookup)
        raise AccessLost("unauthenticated")
    if who:
        principal = same_server(answer.url, who[0])
        place = _of_principal(client, principal)
        if place is not None:
            return _with_books(client, place, address, lookup)
    homes = here.hrefs(cdav.CalendarHomeSet.tag)
    if homes:
        return Place(same_server(answer.url, homes[0]), "", (), client.scheme)
    if here.has(dav.ResourceType.tag, cdav.Calendar.tag):
        return Place(answer.url, "", (), client.scheme)
    raise Missing("no_home")


def _of_principal(client: Client, principal: str) -> Place | None:
    wanted = [cdav.CalendarHomeSet(), cdav.CalendarUserAddressSet(), AddressbookHomeSet()]
    answer = client.propfind(principal, wanted)
    me: Item | None = answer.items[0] if answer.items else None
    homes = me.hrefs(cdav.CalendarHomeSet.tag) if me else []
    if me is None or not homes:
        return None
    books = me.hrefs(AddressbookHomeSet.tag)
    addresses = {each.lower() for each in me.hrefs(cdav.CalendarUserAddressSet.tag)}
    return Place(
        calendars=same_server(answer.url, homes[0]),
        books=same_server(answer.url, books[0]) if books else "",
        addresses=tuple(
            sorted(each.removeprefix(MAILTO) for each in addresses if each.startswith(MAILTO))
        ),
        scheme=client.scheme,
    )


def _with_books(client: Client, place: Place, address: str, lookup: Lookup) -> Place:
    """Address books may be on another server; that there are none is no fault."""
    if place.books:
        return place
    for url in candidates(address, "carddav", lookup):
        try:
            answer = client.propfind(url, [dav.CurrentUserPrincipal()])
            who = answer.items[0].hrefs(dav.CurrentUserPrincipal.tag) if answer.items else []
            if who:
                principal = same_server(answer.url, who[0])
                found = client.propfind(principal, [AddressbookHomeSet()])
                books = found.items[0].hrefs(AddressbookHomeSet.tag) if found.items else []
                if books:
                    where = same_server(found.url, books[0])
                    return Place(place.calendars, where, place.addresses, place.scheme)
        except (BadAnswer, Unreachable, AccessLost):
            continue
    return place
