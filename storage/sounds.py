"""Sounds of announcements: what is to be said, by the keyed hash that names it, and how it sounds.

All of it can be made again, so MongoDB sweeps what nobody has used for a month.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from storage.cache import Cache
from storage.documents import from_document, to_document
from storage.models import Language
from storage.telephony import Clip

RATES = (8000, 16000)
UNUSED_SECONDS = 30 * 24 * 3600
TOUCH_SECONDS = 24 * 3600.0  # between two notes that a script is used
LARGEST_KNOWN = 50_000
SALT_BYTES = 32

Clips = dict[str, Clip]  # by phrase key, or "language/key" for a company's


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of an announcement: *text* to be spoken, or the clip with that digest if it is set.

    A *sentence* begins here: the pause before it is longer.
    """

    text: str
    clip: str = ""
    sentence: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What is to be said, and with which voice. `id` is a keyed hash of all the rest."""

    id: str
    org_id: str
    language: Language
    voice: str
    parts: tuple[Part, ...]
    used_at: datetime = field(compare=False)


class SoundStore:
    """Scripts, their WAVs by rate, and the salt of each company's keys."""

    def __init__(self, database: Any) -> None:
        self._scripts = database["sound_scripts"]
        self._waves = database["sound_waves"]
        self._salts = database["sound_salts"]
        self._known: dict[str, float] = {}
        self.salts: Cache[bytes] = Cache(self._load_salts)

    async def prepare(self) -> None:
        """MongoDB itself sweeps what has not been used for a month."""
        for each in (self._scripts, self._waves):
            await each.create_index("used_at", expireAfterSeconds=UNUSED_SECONDS)

    async def salt(self, org_id: str) -> bytes:
        """The secret that makes the company's keys unguessable; made at the first asking."""
        found = await self.salts.get(org_id)
        if found is None:  # _load_salts makes what is missing
            raise LookupError(org_id)
        return found

    async def _load_salts(self, org_ids: list[str]) -> dict[str, bytes]:
        found = await self._read_salts(org_ids)
        missing = [org_id for org_id in org_ids if org_id not in found]
        for org_id in missing:
            fresh = {"_id": org_id, "salt": secrets.token_bytes(SALT_BYTES)}
            try:
                await self._salts.insert_one(fresh)
            except DuplicateKeyError:  # another process was first: its salt counts
                continue
        return found | (await self._read_salts(missing) if missing else {})

    async def _read_salts(self, org_ids: list[str]) -> dict[str, bytes]:
        found = self._salts.find({"_id": {"$in": org_ids}})
        return {each["_id"]: bytes(each["salt"]) async for each in found}

    def knows(self, key: str) -> bool:
        """Whether this process has kept the script within a day: nothing needs to be written."""
        return self._known.get(key, 0.0) > time.monotonic()

    async def keep(self, script: Script) -> None:
        """Keep the script, or note that it is still used. Twice is harmless."""
        document = to_document(script)
        key, used_at = document.pop("_id"), document.pop("used_at")
        change = {"$setOnInsert": document, "$set": {"used_at": used_at}}
        outcome = await self._scripts.update_one({"_id": key}, change, upsert=True)
        if outcome.upserted_id is None:
            waves = {"_id": {"$in": [f"{key}/{rate}" for rate in RATES]}}
            await self._waves.update_many(waves, {"$set": {"used_at": used_at}})
        if len(self._known) >= LARGEST_KNOWN:
            self._known.clear()
        self._known[key] = time.monotonic() + TOUCH_SECONDS

    async def script(self, key: str) -> Script | None:
        """What the key stands for."""
        document = await self._scripts.find_one({"_id": key})
        return from_document(document, Script) if document else None

    async def put_waves(
        self, script: Script, waves: dict[int, bytes], now: datetime
    ) -> dict[int, bytes]:
        """Keep how the script sounds, by rate; what another process kept before stays, and counts.

        A voice never says the same twice exactly alike, and an address has one sound for good.
        """
        kept = {}
        for rate, data in waves.items():
            fresh = {"org_id": script.org_id, "data": data, "used_at": now}
            try:
                await self._waves.insert_one({"_id": f"{script.id}/{rate}"} | fresh)
                kept[rate] = data
            except DuplicateKeyError:
                kept[rate] = await self.wave(script.id, rate) or data
        return kept

    async def wave(self, key: str, rate: int) -> bytes | None:
        """The WAV, if it has been made."""
        document = await self._waves.find_one({"_id": f"{key}/{rate}"}, {"data": 1})
        return bytes(document["data"]) if document else None


class ClipStore:
    """Recorded pieces of announcements, a company's and people's own names."""

    def __init__(self, database: Any) -> None:
        self._clips = database["clips"]
        self.cache: Cache[Clips] = Cache(self._load)

    async def prepare(self) -> None:
        """Create the indexes by owner and by content."""
        await self._clips.create_index([("owner", 1), ("language", 1), ("key", 1)], unique=True)
        await self._clips.create_index([("org_id", 1), ("digest", 1)])

    async def of(self, org_id: str, owner: str) -> Clips:
        """The owner's clips, without their sound, by "language/key"."""
        found = await self.cache.get(f"{org_id}/{owner}")
        return found or {}

    async def _load(self, keys: list[str]) -> dict[str, Clips]:
        loaded: dict[str, Clips] = {key: {} for key in keys}
        owners = [key.split("/", 1)[1] for key in keys]
        async for document in self._clips.find({"owner": {"$in": owners}}, {"data": 0}):
            clip = from_document(document, Clip)
            mine = loaded.get(f"{clip.org_id}/{clip.owner}")
            if mine is not None:
                mine[f"{clip.language}/{clip.key}"] = clip
        return loaded

    async def put(self, clip: Clip, data: bytes) -> None:
        """Keep the clip in place of the owner's former one of this language and key."""
        document = to_document(clip) | {"data": data}
        del document["_id"]
        place = _place(clip.org_id, clip.owner, clip.language, clip.key)
        change = {"$set": document, "$setOnInsert": {"_id": clip.id}}
        await self._clips.update_one(place, change, upsert=True)

    async def remove(self, org_id: str, owner: str, language: Language, key: str) -> bool:
        """Drop the clip; tell whether there was one."""
        gone = await self._clips.delete_one(_place(org_id, owner, language, key))
        return bool(gone.deleted_count)

    async def data(self, org_id: str, digests: Iterable[str]) -> dict[str, bytes]:
        """The sounds of the company with these digests, by digest; those gone are left out."""
        wanted = {"org_id": org_id, "digest": {"$in": sorted(set(digests))}}
        found = self._clips.find(wanted, {"digest": 1, "data": 1})
        return {each["digest"]: bytes(each["data"]) async for each in found}


def _place(org_id: str, owner: str, language: Language, key: str) -> dict[str, str]:
    return {"org_id": org_id, "owner": owner, "language": language, "key": key}
