"""What no test may let out, and what got out: gathered as the suite runs, compared at its end.

Secret are the credentials that people gave us, what providers gave for them, and the subjects of
their events. Open are logs, jobs, dead letters and metrics. See test_leaks.
"""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.domain.jobs import QUEUES
from server.logs import JsonFormatter
from server.vault import Unreadable, Vault

SHORTEST_SECRET = 12  # shorter ones are words: kinds of account, languages
SHORTEST_PASSWORD = 6
SHORTEST_SUBJECT = 6
NO_SECRETS = {"username", "address", "time_zone", "kind", "authority", "tenant", "scopes"}
# As the stand-ins shape theirs: tokens, refresh tokens and codes of Microsoft and of Google.
TOKENS = re.compile(
    r"\b(?:at|rt)\.[\w-]{40,}|ya29\.[\w-]{40,}|1//[\w-]{40,}|4/0[\w-]{40,}"
    r"|eyJ[\w-]{20,}\.[\w-]{20,}|BEGIN [A-Z ]*PRIVATE KEY"
)


@dataclass
class Witness:
    """Keeps what it saw; *log* is a file of its own for the logs of this process."""

    log: Path
    keys: str
    secrets: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    logs: list[Path] = field(default_factory=list)

    def listen(self) -> None:
        """Write down what this process logs from now on, with all its fields."""
        handler = logging.FileHandler(self.log, encoding="utf-8")
        handler.setFormatter(JsonFormatter())
        logging.getLogger().addHandler(handler)

    def look(self, database: Any) -> None:
        """What a test left in its database, before it is dropped."""
        vault = Vault(self.keys)
        for each in database["connections"].find({}, {"sealed": 1}):
            try:
                found = json.loads(vault.open(each["sealed"], each["_id"]))
            except (Unreadable, ValueError):
                continue
            self.secrets.update(_leaves(found))
        for subject in database["occurrences"].distinct("subject"):
            if len(subject) >= SHORTEST_SUBJECT:
                self.secrets.add(subject)
        self.told.update(str(each) for each in database["dead_letters"].find())

    def look_at_jobs(self, redis: Any) -> None:
        """What waits for a worker; nobody waits for it any more."""
        for queue in QUEUES:
            self.told.update(map(_job, redis.lrange(queue, 0, -1)))
            redis.delete(queue)

    def leaks(self, *more: str) -> Iterator[tuple[str, str]]:
        """(what got out, where) in all that was told, *more* included, and in logs beside ours."""
        texts = {"told": "\n".join([*self.told, *more])}
        for path in [*self.logs, *self.log.parent.rglob("*.log")]:
            texts[str(path)] = path.read_text("utf-8", errors="replace")
        for name, text in texts.items():
            found = {each.group() for each in TOKENS.finditer(text)}
            found |= {each for each in self.secrets if each.strip() and each in text}
            for leak in sorted(found):
                at = text.index(leak)
                yield leak, f"{name}: {text[max(0, at - 200) : at + len(leak) + 50]}"


def _leaves(found: Any, name: str = "") -> Iterator[str]:
    """Every secret word in credentials, those within JSON within JSON too."""
    if isinstance(found, dict):
        for key, each in found.items():
            yield from _leaves(each, key)
    elif isinstance(found, list):
        for each in found:
            yield from _leaves(each, name)
    elif isinstance(found, str) and found.startswith("{"):
        yield from _leaves(json.loads(found), name)
    elif isinstance(found, str) and _is_secret(name, found):
        yield found


def _is_secret(name: str, text: str) -> bool:
    if "password" in name:
        return len(text) >= SHORTEST_PASSWORD
    named = name == "url" or any(word in name for word in ("token", "secret", "key"))
    return named and name not in NO_SECRETS and len(text) >= SHORTEST_SECRET


def _job(message: bytes) -> str:
    """A waiting job, with its arguments as they were before they were wrapped."""
    body = base64.b64decode(json.loads(message)["body"]).decode()
    return f"{message.decode()} {body}"
