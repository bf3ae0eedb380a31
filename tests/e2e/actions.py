"""What people do in the client, said once. Texts are the Swedish ones, as people read them."""

from __future__ import annotations

import re

from playwright.async_api import Locator, Page, expect


def room_link(page: Page, name: str) -> Locator:
    """The room in the list, whatever its badges say."""
    rooms = page.get_by_role("complementary", name="Chattar")
    return rooms.get_by_role("link", name=re.compile(rf"^{re.escape(name)}(,|$)"))


async def open_room(page: Page, name: str) -> None:
    """Click the room in the list and wait for its composer."""
    await room_link(page, name).click()
    await expect(composer(page)).to_be_visible()


def composer(page: Page) -> Locator:
    return page.get_by_role("combobox", name=re.compile("^Meddelande till "))


def messages(page: Page) -> Locator:
    """Every message on screen, those on their way too."""
    return page.get_by_role("log").get_by_role("article")


def message(page: Page, text: str) -> Locator:
    return messages(page).filter(has_text=text)


async def write(page: Page, text: str) -> None:
    """Write and send with Enter."""
    await composer(page).fill(text)
    await composer(page).press("Enter")


async def choose(page: Page, text: str, what: str) -> None:
    """Something in the menu of the message with *text*."""
    await message(page, text).hover()
    bar = message(page, text).get_by_role("toolbar", name="Meddelandets meny")
    await bar.get_by_role("button", name="Mer").click()
    await page.get_by_role("menuitem", name=what, exact=True).click()


def banner(page: Page) -> Locator:
    return page.get_by_text("Ingen kontakt med servern.")
