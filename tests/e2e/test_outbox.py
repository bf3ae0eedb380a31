"""What somebody has sent arrives: once, in order, whatever happens in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, expect

from tests.e2e.actions import banner, composer, message, open_room, room_link, write
from tests.e2e.office import Office
from tests.e2e.served import Served

FIVE = [f"Rad {n}" for n in range(5)]


@pytest.fixture
async def mended(office: Office, served: Served) -> AsyncIterator[Office]:
    """An office whose server may die in the test; afterwards it runs again."""
    office.server_may_be_away = True
    yield office
    await served.ensure()


async def arrived(office: Office, room: str, bodies: list[str]) -> None:
    """Wait until the log has at least as many, then compare."""
    async with asyncio.timeout(40):
        # Another process has no event for us to wait for.
        while len(said := await office.said(room)) < len(bodies):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
    assert said == bodies


async def nothing_waits(page: Page) -> None:
    await expect(page.get_by_label("väntar på att skickas")).to_have_count(0)


async def shell_is_kept(page: Page) -> None:
    """From now on the page can be loaded without a network."""
    await page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    await page.wait_for_function("navigator.serviceWorker.controller !== null")


async def test_what_is_written_offline_survives_a_reload_and_arrives_once_in_order(
    mended: Office,
):
    room = await mended.group("Lager", "astrid", "birger")
    astrid = await mended.sign_in("astrid", f"/room/{room}", service_workers="allow")
    await expect(composer(astrid)).to_be_visible()
    await shell_is_kept(astrid)
    await astrid.context.set_offline(True)
    await expect(banner(astrid)).to_be_visible()

    for body in FIVE:
        await write(astrid, body)
    await expect(astrid.get_by_label("väntar på att skickas")).not_to_have_count(0)
    await astrid.reload()
    await expect(banner(astrid)).to_be_visible()
    assert await mended.said(room) == []

    await astrid.context.set_offline(False)
    await arrived(mended, room, FIVE)
    await expect(message(astrid, "Rad 4")).to_be_visible()
    await nothing_waits(astrid)


async def test_a_killed_server_costs_no_message_and_says_so_quietly(mended: Office, served: Served):
    room = await mended.group("Lager", "astrid", "birger")
    astrid = await mended.sign_in("astrid", f"/room/{room}")
    birger = await mended.sign_in("birger", f"/room/{room}")
    await write(astrid, "Före")
    await expect(message(birger, "Före")).to_be_visible()

    served.kill()
    await expect(banner(astrid)).to_be_visible()
    for body in FIVE:
        await write(astrid, body)
    await served.start()

    await expect(banner(astrid)).to_have_count(0)
    await expect(message(birger, "Rad 4")).to_be_visible()
    await arrived(mended, room, ["Före", *FIVE])
    await nothing_waits(astrid)
    await write(birger, "Efter")
    await expect(message(astrid, "Efter")).to_be_visible()


async def test_two_tabs_that_send_at_once_send_each_message_once_and_in_order(office: Office):
    rooms = [await office.group(name, "astrid", "birger") for name in ("Alfa", "Beta")]
    first = await office.sign_in("astrid", f"/room/{rooms[0]}")
    second = await first.context.new_page()
    await second.goto(f"/room/{rooms[1]}")
    tabs = dict(zip(rooms, (first, second), strict=True))

    async def talk(page: Page) -> None:
        for body in FIVE:
            await write(page, body)

    await asyncio.gather(*map(talk, tabs.values()))
    for room, page in tabs.items():
        await arrived(office, room, FIVE)
        await nothing_waits(page)

    await open_room(second, "Alfa")
    await expect(message(second, FIVE[-1])).to_be_visible()
    await write(second, "Från den andra")
    await expect(message(first, "Från den andra")).to_be_visible()
    await write(first, "Från den första")
    await expect(message(second, "Från den första")).to_be_visible()
    await arrived(office, rooms[0], [*FIVE, "Från den andra", "Från den första"])


@pytest.mark.parametrize("how", ["closed", "crashed"])
async def test_a_tab_that_is_gone_right_after_enter_has_not_lost_the_message(
    mended: Office, served: Served, how: str
):
    room = await mended.group("Lager", "astrid", "birger")
    astrid = await mended.sign_in("astrid", f"/room/{room}")
    await expect(composer(astrid)).to_be_visible()
    served.kill()
    await expect(banner(astrid)).to_be_visible()
    other = await astrid.context.new_page()

    await write(astrid, "Hann jag?")
    if how == "crashed":
        session = await astrid.context.new_cdp_session(astrid)
        async with astrid.expect_event("crash"):
            # The one who is to answer has crashed, so nobody waits for the answer.
            asking = asyncio.ensure_future(session.send("Page.crash"))
        asking.cancel()
    else:
        await astrid.close()

    await served.start()
    await other.goto("/")
    await arrived(mended, room, ["Hann jag?"])
    await open_room(other, "Lager")
    await expect(message(other, "Hann jag?")).to_have_count(1)
    await expect(composer(other)).to_be_empty()


async def test_drafts_survive_a_reload_and_are_kept_per_room(office: Office):
    await office.group("Alfa", "astrid", "birger")
    await office.group("Beta", "astrid", "birger")
    astrid = await office.sign_in("astrid")
    await open_room(astrid, "Alfa")
    await composer(astrid).fill("Halvfärdigt i Alfa")
    await open_room(astrid, "Beta")
    await expect(composer(astrid)).to_be_empty()
    await composer(astrid).fill("Annat i Beta")
    await expect(room_link(astrid, "Alfa")).to_contain_text("Utkast: Halvfärdigt i Alfa")

    await astrid.reload()
    await expect(composer(astrid)).to_have_value("Annat i Beta")
    await open_room(astrid, "Alfa")
    await expect(composer(astrid)).to_have_value("Halvfärdigt i Alfa")
