"""The words that occur in a company's contacts, at hand, so that slips of the pen can be found."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_left
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

Load = Callable[[str, str], Awaitable[list[str]]]

MOST_WORDS = 1_000_000  # at hand, of all companies together
OVERLAP_MS = 60_000  # two processes' clocks may differ, and a write may be late
FRESH_SECONDS = 30.0  # what a lost telling of new words could do
LONG = 8  # letters: there may be two slips in such a word
CHOICES = 16


@dataclass(slots=True)
class _Company:
    """Its words by length, and when those that are new were read last."""

    read_ms: int = 0
    fresh_until: float = 0.0
    words: set[str] = field(default_factory=set)
    by_length: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    in_order: list[str] = field(default_factory=list)

    def add(self, words: Iterable[str]) -> None:
        for word in words:
            if word not in self.words:
                self.words.add(word)
                self.by_length[len(word)].append(word)
        if len(self.in_order) != len(self.words):
            self.in_order = sorted(self.words)


class Vocabulary:
    """Words by company, read when they are wanted; after that only what is new."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._companies: OrderedDict[str, _Company] = OrderedDict()
        self._lock = asyncio.Lock()

    async def near(self, org_id: str, word: str) -> tuple[str, ...]:
        """Words that *word*, folded, may be a slip of; the nearest first.

        One letter wrong, missing, too many or two swapped; twice in a long word.
        """
        company = await self._company(org_id)
        slips = 2 if len(word) >= LONG else 1
        found: dict[str, int] = {}
        for length in range(max(1, len(word) - slips), len(word) + slips + 1):
            if length in company.by_length:
                _take(found, word, company.by_length[length], slips)
        found.pop(word, None)
        return tuple(sorted(found, key=lambda each: (found[each], each))[:CHOICES])

    async def begins(self, org_id: str, word: str) -> bool:
        """Whether any of the company's words is *word*, folded, or begins so."""
        words = (await self._company(org_id)).in_order
        at = bisect_left(words, word)
        return at < len(words) and words[at].startswith(word)

    def forget(self, org_id: str) -> None:
        """The company has new words: read them before the next answer."""
        if org_id in self._companies:
            self._companies[org_id].fresh_until = 0.0

    def clear(self) -> None:
        """Every company may have new words."""
        for org_id in self._companies:
            self.forget(org_id)

    async def _company(self, org_id: str) -> _Company:
        async with self._lock:
            company = self._companies.setdefault(org_id, _Company())
            self._companies.move_to_end(org_id)
            if company.fresh_until < time.monotonic():
                company.fresh_until = time.monotonic() + FRESH_SECONDS
                await self._read(org_id, company)
            total = sum(len(each.words) for each in self._companies.values())
            while total > MOST_WORDS and len(self._companies) > 1:
                _org_id, dropped = self._companies.popitem(last=False)
                total -= len(dropped.words)
        return company

    async def _read(self, org_id: str, company: _Company) -> None:
        now_ms = time.time_ns() // 1_000_000
        # Ids begin with milliseconds (see storage.ids), so they can be compared with a time.
        since = f"{max(0, company.read_ms - OVERLAP_MS):012x}" if company.read_ms else ""
        try:
            company.add(await self._load(org_id, since))
        except BaseException:
            company.fresh_until = 0.0
            raise
        company.read_ms = now_ms


def _take(found: dict[str, int], word: str, choices: list[str], slips: int) -> None:
    near = process.extract(word, choices, scorer=OSA.distance, score_cutoff=slips, limit=CHOICES)
    found.update({each: int(distance) for each, distance, _index in near})
