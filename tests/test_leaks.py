"""No token, subject or guest in logs, jobs, metrics or dead letters: asked when all is done."""

from __future__ import annotations

from aiohttp import web
from prometheus_client import generate_latest

from server import metrics
from server.domain.jobs import Job
from server.jobs import CeleryJobs
from tests.cast import make_company
from tests.conftest import make_settings
from tests.engine import Clock, open_engine
from tests.feeds import calendar, event, feed

SUBJECT = "Uppsägning av Basse"
GUEST = "facket@example.org"
TOKEN = "private-4711c0ffee4711c0ffee"

MEETING = event(
    "a1",
    "20261123T093000",
    "20261123T113000",
    f"SUMMARY;LANGUAGE=sv:{SUBJECT}",
    f"ATTENDEE;CN=Facket:mailto:{GUEST}",
).replace("SUMMARY:a1\n", "")
BROKEN = f"UID:b1\nDTSTART:never\nSUMMARY:{SUBJECT}\nATTENDEE:mailto:{GUEST}"


async def refuse(_request) -> web.Response:
    return web.Response(status=403, text=f"{SUBJECT} {GUEST} {TOKEN}")


async def test_nothing_private_is_in_logs_jobs_metrics_or_dead_letters(
    databases, janitor, tmp_path, witness
):
    settings = make_settings(databases, tmp_path, private_networks=True)
    async with feed() as found, open_engine(settings, clock=Clock()) as engine:
        url = f"{found.url}?token={TOKEN}"
        birger = (await make_company(engine.app))["birger"]
        mailbox = await engine.connect(birger, "ics", credentials={"url": url})
        found.text = calendar(MEETING, BROKEN)
        await engine.sync_now(mailbox)
        assert await engine.activity_of(birger) == "meeting"
        assert await engine.app.stores.dead_letters.of_org(birger.org_id)
        found.text = f"<html>{SUBJECT} {GUEST}"
        await engine.sync_now(mailbox)
        found.answer = refuse
        await engine.sync_now(mailbox)
        await CeleryJobs(settings.redis_url or "").enqueue(Job.CALENDAR_SYNC, mailbox_id=mailbox.id)
        witness.told.update(map(str, engine.handed.jobs))
    janitor.drop_database(settings.mongo_db)

    assert {SUBJECT, url} <= witness.secrets, "what must not get out is known"
    assert any(mailbox.id in each for each in witness.told), "and what was told"
    witness.secrets |= {GUEST, TOKEN}
    numbers = generate_latest(metrics.REGISTRY).decode()
    assert "sync" in witness.log.read_text("utf-8"), "there were logs to look through"
    leaks = list(witness.leaks(numbers))
    assert not {each for each, _ in leaks}, "\n".join(where for _, where in leaks[:10])
