"""A room with several hundred messages: where it opens, and how one moves in it."""

from __future__ import annotations

from playwright.async_api import Page, expect

from tests.e2e.actions import composer, message, messages, open_room, room_link
from tests.e2e.office import Office


def line(number: int) -> str:
    return f"Rad {number:03}."


async def test_it_opens_at_the_first_unread_and_reading_on_clears_the_badge(office: Office):
    room = await office.group("Lager", "birger", "astrid")
    await office.say("birger", room, *map(line, range(100)))
    caller = await office.caller("astrid")
    read = await caller.get(f"/api/rooms/{room}/messages?limit=1")
    await caller.post(f"/api/rooms/{room}/read", {"seq": read.data["entries"][-1]["seq"]})
    await office.say("birger", room, *map(line, range(100, 300)))
    astrid = await office.sign_in("astrid")
    await expect(room_link(astrid, "Lager")).to_have_accessible_name("Lager, 200 olästa")

    await open_room(astrid, "Lager")
    await expect(astrid.get_by_text("Nya meddelanden")).to_be_in_viewport()
    await expect(message(astrid, line(100))).to_be_in_viewport()
    await expect(message(astrid, line(99))).to_be_in_viewport()

    await astrid.get_by_role("button", name="Till det senaste").click()
    await expect(message(astrid, line(299))).to_be_in_viewport()
    await expect(room_link(astrid, "Lager")).to_have_accessible_name("Lager")


async def test_paging_up_keeps_the_place_and_reaches_the_beginning(office: Office):
    room = await office.group("Lager", "astrid", "birger")
    await office.say("astrid", room, *map(line, range(300)))
    astrid = await office.sign_in("astrid", f"/room/{room}")
    await expect(message(astrid, line(299))).to_be_in_viewport()
    await message(astrid, line(299)).hover()

    seen = await numbers(astrid)
    for _ in range(300):
        await astrid.mouse.wheel(0, -200)
        await astrid.evaluate("() => new Promise((done) => requestAnimationFrame(() => done()))")
        shown = await numbers(astrid)
        # No jump: what is shown now touches what has been seen.
        assert not shown or max(shown) >= min(seen) - 1, (sorted(shown), min(seen))
        seen |= shown
        if 0 in seen:
            break
    assert seen == set(range(300))
    await expect(astrid.get_by_text("Astrid Lind skapade gruppen")).to_be_visible()


async def test_what_comes_in_while_one_reads_old_messages_does_not_move_the_page(office: Office):
    room = await office.group("Lager", "astrid", "birger")
    await office.say("astrid", room, *map(line, range(120)))
    astrid = await office.sign_in("astrid", f"/room/{room}")
    await message(astrid, line(119)).hover()
    await astrid.mouse.wheel(0, -1500)
    await expect(message(astrid, line(119))).not_to_be_in_viewport()
    before = await numbers(astrid)

    await office.say("birger", room, "Något nytt")
    await expect(room_link(astrid, "Lager")).to_have_accessible_name("Lager, 1 oläst")
    assert await numbers(astrid) == before

    await astrid.get_by_role("button", name="Till det senaste").click()
    await expect(message(astrid, "Något nytt")).to_be_in_viewport()
    await expect(room_link(astrid, "Lager")).to_have_accessible_name("Lager")
    await expect(composer(astrid)).to_be_visible()
    await expect(messages(astrid).last).to_contain_text("Något nytt")


async def numbers(page: Page) -> set[int]:
    """The lines of which something is on screen."""
    found = await page.evaluate(
        """() => {
            const list = document.querySelector('[role=log]');
            const { top, bottom } = list.getBoundingClientRect();
            return [...list.querySelectorAll('article')].filter((row) => {
                const box = row.getBoundingClientRect();
                return box.bottom > top && box.top < bottom;
            }).map((row) => Number(/Rad (\\d+)\\./.exec(row.textContent)?.[1] ?? -1));
        }"""
    )
    return {number for number in found if number >= 0}
