"""The whole way, with nothing run by hand: from a change at Microsoft to a colleague's screen."""

from __future__ import annotations

import signal
from dataclasses import replace
from datetime import timedelta

from server.boot import now
from server.domain.jobs import Job
from server.jobs import CeleryJobs
from standins import tls
from tests.cast import make_company, make_token
from tests.clients import connected
from tests.conftest import run_server
from tests.engine import open_engine
from tests.microsoft import BIRGER, consent, graph_with_people
from tests.syncer import Syncer, until


async def test_a_change_at_the_provider_is_seen_by_a_colleague_with_nobody_touching_anything(
    settings, tmp_path
):
    async with graph_with_people(tmp_path, now) as graph, tls.front(graph.authority) as front:
        more = {"public_url": front.url, **graph.settings()}
        settings = replace(settings, private_networks=True, **more)
        syncer, jobs = Syncer(settings, more), CeleryJobs(settings.redis_url or "")
        async with run_server(settings) as live, open_engine(settings, None, now) as engine:
            front.point_at(live.url)
            cast = await make_company(engine.app)
            granted = await consent(graph, BIRGER)
            mailbox = await engine.connect(
                cast["birger"],
                "microsoft",
                credentials=granted.credentials,
                account=granted.account,
            )
            await syncer.start()
            try:
                await jobs.enqueue(Job.CALENDAR_SYNC, queue="backfill", mailbox_id=mailbox.id)
                await until(lambda: _is_watched(graph))
                token = await make_token(live.app, cast["astrid"])
                async with connected(live.url, token) as (astrid,):
                    await astrid.do("session.open")
                    box = graph.mailbox(BIRGER)

                    def activity() -> str | None:
                        told = [each for some in astrid.all("presence.changed") for each in some]
                        his = [each for each in told if each["user_id"] == cast["birger"].id]
                        return his[-1]["activity"] if his else None

                    for minutes in (30, 40, 50):  # pushed again and again: none waits for a clock
                        meeting = box.add(
                            now() - timedelta(hours=1), now() + timedelta(minutes=minutes)
                        )
                        await astrid.until(lambda: activity() == "meeting", 30)
                        box.remove(meeting)
                        await astrid.until(lambda: activity() == "available", 30)
            finally:
                await syncer.end(signal.SIGTERM)
                jobs.close()
    assert "Traceback" not in syncer.log()


async def _is_watched(graph) -> bool:
    return bool(graph.subscriptions.kept)
