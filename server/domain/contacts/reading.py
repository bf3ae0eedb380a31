"""Reading a file of contacts: its rows checked, the good ones kept where nobody sees them yet."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any

from server.app import App
from server.domain.contacts import contacts, favourites, progress, rows, tables, vcards
from server.domain.contacts.rows import Checked, Fault, RawRow
from server.domain.contacts.tables import Unreadable
from storage.contacts import same_keys
from storage.imports import Import
from storage.telephony import Contact

TOGETHER = 1_000  # rows at a time
MOST_ROWS = {"global": 250_000, "personal": 100_000}


class _Lost(Exception):
    """It was abandoned, or another worker has taken it."""


@dataclass(slots=True)
class Reading:
    """One reading of a file, from its beginning. `seen` knows the rows by what makes two the same.

    Hashes stand for the keys in it: a hundred thousand rows have three hundred thousand.
    """

    app: App
    found: Import
    holder: str
    rows: int = 0
    bad: int = 0
    good: int = 0
    merged: int = 0
    skipped: int = 0
    faults: int = 0
    seen: dict[int, str] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)

    async def run(self) -> Import | None:
        """Read it all; the import as it then is, or None when it is no longer ours to read."""
        stores = self.app.stores
        await stores.contacts.remove_batch(self.found.id)
        await stores.imports.drop_faults(self.found.id)
        try:
            ignored = await self._read()
        except Unreadable as error:
            return await self._fail(str(error))
        except _Lost:
            return None
        await stores.contacts.keep_words(self.found.org_id, self.words)
        read = await stores.imports.change(
            self.found.id,
            ["reading"],
            self.app.now(),
            status="read",
            ignored=ignored,
            **self._sums(),
        )
        if read is not None:
            await stores.imports.drop_file(self.found.id)
        return read

    async def _read(self) -> list[str]:
        data = await self.app.stores.imports.file(self.found.id)
        raw, ignored = await asyncio.to_thread(_open, self.found.format, data)
        region = await favourites.region_of(self.app, self.found.org_id)
        most = MOST_ROWS["global" if self.found.owner_id is None else "personal"]
        checked = await asyncio.to_thread(_check, raw, region)
        while checked:
            if self.rows + len(checked) > most:
                raise Unreadable("rows")
            # The next are checked while these are being written.
            following = asyncio.create_task(asyncio.to_thread(_check, raw, region))
            try:
                await self._take(checked)
                await self._go_on()
            finally:
                checked = await following
        if not self.rows:
            raise Unreadable("no_rows")
        return ignored

    async def _take(self, checked: list[Checked]) -> None:
        self.rows += len(checked)
        faults = [fault for each in checked for fault in each.faults]
        await self._note(faults)
        self.bad += sum(bool(each.faults) for each in checked)
        good = [self._contact(each) for each in checked if not each.faults]
        new = await self._without_same(good)
        await self._still_ours()
        self.words |= await self.app.stores.contacts.add_hidden(new, self.found.id)
        self.good += len(new)

    async def _note(self, faults: list[Fault]) -> None:
        documents: list[dict[str, Any]] = [asdict(fault) for fault in faults]
        await self.app.stores.imports.add_faults(self.found, self.faults, documents)
        self.faults += len(faults)

    def _contact(self, checked: Checked) -> Contact:
        return Contact(
            id=self.app.new_id(),
            org_id=self.found.org_id,
            owner_id=self.found.owner_id,
            source=self.found.format,
            created_at=self.found.created_at,
            updated_at=self.found.created_at,
            **checked.fields,
        )

    async def _without_same(self, good: list[Contact]) -> list[Contact]:
        """Without those that are there already, and with what is there twice in the file joined."""
        store = self.app.stores.contacts
        keys = {each.id: same_keys(each) for each in good}
        wanted = {key for each in keys.values() for key in each}
        known = await store.same(self.found.org_id, self.found.owner_id, wanted)
        new: dict[str, Contact] = {}
        for contact in good:
            if known.intersection(keys[contact.id]):
                self.skipped += 1
                continue
            hashes = [hash(key) for key in keys[contact.id]]
            first = next((self.seen[each] for each in hashes if each in self.seen), None)
            self.seen.update(dict.fromkeys(hashes, first or contact.id))
            if first is None:
                new[contact.id] = contact
                continue
            self.merged += 1
            if first in new:
                new[first] = joined(new[first], contact)
            else:
                await store.change(replace(contact, id=first), partial(joined, more=contact))
        return list(new.values())

    async def _still_ours(self) -> None:
        """Before rows are kept: nobody has taken over what seemed to be left alone."""
        if not await self.app.stores.imports.claim(self.found.id, self.holder, self.app.now()):
            raise _Lost

    async def _go_on(self) -> None:
        stores = self.app.stores
        on = await stores.imports.change(self.found.id, ["reading"], self.app.now(), **self._sums())
        if on is None:  # it was abandoned
            await stores.contacts.remove_batch(self.found.id)
            raise _Lost
        progress.tell(self.app, on)

    async def _fail(self, reason: str) -> Import | None:
        stores = self.app.stores
        await stores.contacts.remove_batch(self.found.id)
        facts = {"limit": MOST_ROWS["global" if self.found.owner_id is None else "personal"]}
        return await stores.imports.change(
            self.found.id, ["reading"], self.app.now(), status="failed", reason=reason, facts=facts
        )

    def _sums(self) -> dict[str, int]:
        names = ("rows", "good", "bad", "merged", "skipped")
        return {name: getattr(self, name) for name in names}


def joined(first: Contact, more: Contact) -> Contact:
    """What the file says twice, as one: numbers and addresses of both, else what is said first."""
    phones = {each.e164 or each.number: each for each in (*more.phones, *first.phones)}
    ordered = {each.e164 or each.number: each for each in (*first.phones, *more.phones)}
    texts = {
        name: getattr(first, name) or getattr(more, name)
        for name in ("title", "department", "company", "note")
    }
    return replace(
        first,
        **texts,
        phones=tuple(phones[key] for key in ordered)[: contacts.MOST_PHONES],
        emails=tuple(dict.fromkeys((*first.emails, *more.emails)))[: contacts.MOST_EMAILS],
    )


def _open(form: str, data: bytes) -> tuple[Iterator[RawRow], list[str]]:
    text = tables.decode(data)
    if form == "vcard":
        return vcards.read(text), []
    table = tables.read(text)
    return table.rows, table.ignored


def _check(raw: Iterator[RawRow], region: str) -> list[Checked]:
    return [rows.check(each, region) for each in islice(raw, TOGETHER)]
