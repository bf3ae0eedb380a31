"""Ways to change a mailbox by hand, with curl: /control/{address}/…; nobody has to sign in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from standins.graph.delta import moment_of
from standins.graph.item import Item
from standins.graph.mailbox import MailboxKept

if TYPE_CHECKING:
    from standins.graph.server import Graph


class Control:
    """The doors for hands."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def routes(self) -> list[web.RouteDef]:
        """Where they are."""
        return [
            web.get("/control", self.everything),
            web.post("/control/{address}/events", self.add),
            web.patch("/control/{address}/events/{id}", self.change),
            web.delete("/control/{address}/events/{id}", self.remove),
            web.post("/control/{address}/{what:revoke|forget-tokens|throttle}", self.harm),
            web.post("/control/{address}/lifecycle/{event}", self.lifecycle),
        ]

    async def everything(self, _request: web.Request) -> web.Response:
        """Who there is, with the events of their default calendar."""
        return web.json_response(
            {
                each.address: [_told(item) for item in each.mailbox.calendar.items.values()]
                for each in self._graph.directory.accounts.values()
                if each.mailbox
            }
        )

    async def add(self, request: web.Request) -> web.Response:
        """An event: `{subject, start, end, show_as, sensitivity}`; it begins now unless told."""
        fields = await request.json() if request.can_read_body else {}
        now = datetime.now(UTC)
        start = moment_of(fields.pop("start", now.isoformat()))
        end = moment_of(fields.pop("end", (start + timedelta(hours=1)).isoformat()))
        item = self._mailbox(request).add(start, end, fields.pop("subject", "Möte"), **fields)
        return web.json_response(_told(item), status=201)

    async def change(self, request: web.Request) -> web.Response:
        """Any of the same fields."""
        fields = await request.json()
        for name in {"start", "end"} & set(fields):
            fields[name] = moment_of(fields[name])
        return web.json_response(
            _told(self._mailbox(request).change(self._item(request), **fields))
        )

    async def remove(self, request: web.Request) -> web.Response:
        """The event is gone."""
        self._mailbox(request).remove(self._item(request))
        return web.Response(status=204)

    async def harm(self, request: web.Request) -> web.Response:
        """What can go wrong: a revoked consent, forgotten deltas, throttling."""
        account = self._graph.directory.accounts[request.match_info["address"].lower()]
        match request.match_info["what"]:
            case "revoke":
                self._graph.directory.revoke(account)
            case "forget-tokens":
                self._mailbox(request).forget_tokens()
            case _:
                self._graph.faults.throttle(times=int(request.query.get("times", "1")))
        return web.Response(status=204)

    async def lifecycle(self, request: web.Request) -> web.Response:
        """Tell of reauthorizationRequired, subscriptionRemoved or missed."""
        event = request.match_info["event"]
        self._graph.subscriptions.lifecycle(self._mailbox(request), event)
        return web.Response(status=204)

    def _mailbox(self, request: web.Request) -> MailboxKept:
        try:
            return self._graph.mailbox(request.match_info["address"])
        except KeyError:
            raise web.HTTPNotFound from None

    def _item(self, request: web.Request) -> Item:
        found = self._mailbox(request).find(request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound
        return found[1]


def _told(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "subject": item.subject,
        "start": item.start.isoformat(),
        "end": item.end.isoformat(),
        "show_as": item.show_as,
        "type": item.type,
    }
