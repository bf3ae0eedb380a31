"""The cache of nouns: one query for what many ask for, and nobody waits for what others ask for."""

from __future__ import annotations

import asyncio

from storage.cache import LARGEST_QUERY, QUERIES, Cache


class Source:
    """A database that answers when it is let go on."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.slow: dict[str, asyncio.Event] = {}

    async def load(self, keys: list[str]) -> dict[str, str]:
        self.asked.append(keys)
        if keys[0] in self.slow:
            await self.slow[keys[0]].wait()
        return {key: key.upper() for key in keys if key != "nobody"}


async def test_what_many_ask_for_at_once_is_loaded_in_one_query():
    source = Source()
    cache = Cache(source.load)
    found = await asyncio.gather(*(cache.get(each) for each in ("a", "b", "a", "nobody")))
    assert found == ["A", "B", "A", None]
    assert source.asked == [["a", "b", "nobody"]]
    assert await cache.get("a") == "A"
    assert len(source.asked) == 1


async def test_who_asks_for_one_does_not_wait_for_thousands():
    source = Source()
    source.slow["p0"] = asyncio.Event()
    cache = Cache(source.load)
    crowd = asyncio.create_task(cache.get_many([f"p{each}" for each in range(LARGEST_QUERY * 3)]))
    await asyncio.sleep(0.01)
    assert await asyncio.wait_for(cache.get("one"), 5) == "ONE"
    assert not crowd.done()
    source.slow["p0"].set()
    assert len(await crowd) == LARGEST_QUERY * 3


async def test_beyond_so_many_queries_what_is_asked_for_waits_and_is_loaded_together():
    source = Source()
    cache = Cache(source.load)
    waiting = []
    for each in range(QUERIES):
        source.slow[f"slow{each}"] = asyncio.Event()
        waiting.append(asyncio.create_task(cache.get(f"slow{each}")))
        await asyncio.sleep(0.01)
    later = []
    for each in range(20):
        later.append(asyncio.create_task(cache.get(f"later{each}")))
        await asyncio.sleep(0)
    assert len(source.asked) == QUERIES
    source.slow["slow2"].set()
    assert await asyncio.gather(*later) == [f"LATER{each}" for each in range(20)]
    assert source.asked[QUERIES:] == [[f"later{each}" for each in range(20)]]
    for event in source.slow.values():
        event.set()
    await asyncio.gather(*waiting)


async def test_a_database_that_fails_is_told_to_those_who_asked_and_asked_again():
    calls = 0

    async def load(keys: list[str]) -> dict[str, str]:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise ConnectionError
        return dict.fromkeys(keys, "there")

    cache = Cache(load)
    results = await asyncio.gather(cache.get("a"), cache.get("b"), return_exceptions=True)
    assert [type(each) for each in results] == [ConnectionError] * 2
    assert await cache.get("a") == "there"


async def test_what_is_forgotten_while_it_is_loaded_is_answered_and_not_kept():
    source = Source()
    source.slow["a"] = asyncio.Event()
    cache = Cache(source.load)
    asking = asyncio.create_task(cache.get("a"))
    await asyncio.sleep(0.01)
    cache.forget("a")
    source.slow["a"].set()
    assert await asking == "A"
    assert cache.peek("a") is None
