"""What no test may let out, and what got out: gathered as the suite runs, compared at its end.

Secret are the credentials that people gave us, what providers gave for them, and the subjects of
their events. Open are logs, jobs, dead letters and metrics. See test_leaks.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import subprocess
from collections.abc import Iterator, Sequence
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
TOKENS = (
    r"(^|[^[:alnum:]])(at|rt)\.[[:alnum:]_-]{40,}|ya29\.[[:alnum:]_-]{40,}"
    r"|(1//|4/0)[[:alnum:]_-]{40,}|eyJ[[:alnum:]_-]{20,}\.[[:alnum:]_-]{20,}"
    r"|BEGIN [A-Z ]*PRIVATE KEY"
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
        told = self.log.with_name("told")
        told.write_text("\n".join([*self.told, *more]), "utf-8")
        paths = [told, *self.logs, *self.log.parent.rglob("*.log")]
        yield from _grep(["-E", "-e", TOKENS], paths)
        lines = {line for each in self.secrets for line in each.splitlines()}
        words = self.log.with_name("words")
        words.write_text(
            "\n".join(sorted(x for x in lines if len(x.strip()) >= SHORTEST_SUBJECT)), "utf-8"
        )
        yield from _grep(["-F", "-f", str(words)], paths)


def _grep(what: list[str], paths: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """(what was found, where), by a program that looks for ten thousand words at once."""
    names = list(map(str, dict.fromkeys(paths)))
    command = ["grep", "--text", "--only-matching", "--byte-offset", "--with-filename", *what]
    done = subprocess.run(
        [*command, "--", *names],
        capture_output=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
    if done.returncode > 1:
        raise RuntimeError(done.stderr.decode())
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        name, at, found = line.split(":", 2)
        around = Path(name).read_bytes()[max(0, int(at) - 200) : int(at) + len(found) + 50]
        yield found, f"{name}: {around.decode('utf-8', 'replace')}"


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
