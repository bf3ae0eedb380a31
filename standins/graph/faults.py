"""What goes wrong on demand: throttling, errors, slowness, answers that nobody should follow."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from standins.graph.asked import Answer, Asked, error_body

ALWAYS = -1


@dataclass(slots=True, kw_only=True)
class Fault:
    """So many requests whose path has `part` in it are answered like this."""

    part: str = ""
    times: int = 1
    status: int = 0  # 0: only slow
    code: str = ""
    message: str = ""
    retry_after: str | None = None
    delay: float = 0.0
    skip: int = 0  # requests that go well first

    def answer(self) -> Answer:
        """As Graph would write it."""
        headers = {"Retry-After": self.retry_after} if self.retry_after is not None else {}
        return self.status, headers, error_body(self.code, self.message)


@dataclass(slots=True)
class Faults:
    """All that is to go wrong, and what was asked so far, by method and kind."""

    waiting: list[Fault] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    foreign_host: str | None = None  # in links to the next page
    spoil: dict[str, dict[str, Any]] = field(default_factory=dict)  # of items, by id

    def add(self, **fault: Any) -> None:
        """See Fault."""
        self.waiting.append(Fault(**fault))

    def throttle(self, part: str = "", *, times: int = 1, retry_after: str = "1") -> None:
        """429, as a mailbox that is asked too much answers."""
        self.add(
            part=part,
            times=times,
            status=429,
            code="ApplicationThrottled",
            message="Application is over its MailboxConcurrency limit.",
            retry_after=retry_after,
        )

    def clear(self) -> None:
        """All goes well from now on."""
        self.waiting.clear()
        self.foreign_host = None

    def take(self, asked: Asked) -> Fault | None:
        """What this request meets."""
        path = "/".join(asked.path)
        self.asked[f"{asked.method} {asked.path[-1] if asked.path else ''}"] += 1
        for each in self.waiting:
            if each.part not in path or each.times == 0:
                continue
            if each.skip > 0:
                each.skip -= 1
                continue
            if each.times != ALWAYS:
                each.times -= 1
            return replace(each)
        return None

    def links(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body, with links to a host that is not ours and spoiled items if that is wanted."""
        found = dict(body)
        if isinstance(rows := found.get("value"), list) and self.spoil:
            found["value"] = [{**each, **self.spoil.get(each["id"], {})} for each in rows]
        if self.foreign_host is None:
            return found
        for name in ("@odata.nextLink", "@odata.deltaLink"):
            if name in found:
                url = urlsplit(found[name])
                found[name] = url._replace(netloc=self.foreign_host).geturl()
        return found
