"""The pictures of the README, of a demo of its own: `make screenshots`."""

from __future__ import annotations

import asyncio
import io
import re
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.e2e.actions import composer, message, open_room, room_link
from tests.e2e.browsers import launch
from tests.e2e.served import ROOT
from tests.installation import Installation

FOLDER = ROOT / "docs" / "screenshots"
PASSWORD = "vaxel-demo"
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
LARGEST = 250_000
COLOURS = 256
PATIENCE_MS = 60_000

expect.set_options(timeout=PATIENCE_MS)


async def main() -> None:
    """Start everything as a newcomer does, take the pictures, stop everything."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="vaxel-screenshots-") as folder:
        installation = Installation(Path(folder), demo=1)
        url = await asyncio.to_thread(installation.start)
        try:
            async with async_playwright() as playwright:
                browser = await launch(playwright)
                await take_all(browser, url)
                await browser.close()
        finally:
            installation.end()


async def take_all(browser: Browser, url: str) -> None:
    """Every picture, with colleagues who are really there."""
    await sign_in_page(browser, url)
    rebecka = await enter(browser, url, "rebecka", DESK)
    birger = await enter(browser, url, "birger", DESK)
    await open_room(birger, "Astrid Ek")
    for scheme in ("light", "dark"):
        astrid = await enter(browser, url, "astrid", DESK, color_scheme=scheme)
        await open_room(astrid, "Allmänt")
        await expect(message(astrid, "Bra vecka hittills")).to_be_in_viewport()
        await composer(rebecka).or_(room_link(rebecka, "Allmänt")).first.click()
        await composer(rebecka).press_sequentially("Hej allihop", delay=450)
        await expect(astrid.get_by_test_id("typing")).to_contain_text("Rebecka")
        await save(astrid, f"chat-{scheme}")
        await composer(rebecka).clear()
        await astrid.context.close()
    await phone(browser, url)
    await people(browser, url)
    await calendars(browser, url)
    await admin(browser, url)


async def sign_in_page(browser: Browser, url: str) -> None:
    page = await fresh_page(browser, url, DESK)
    await page.goto("/sign-in")
    await expect(page.get_by_text("Prova med ett demokonto")).to_be_visible()
    await save(page, "sign-in")
    await page.context.close()


async def phone(browser: Browser, url: str) -> None:
    page = await enter(
        browser, url, "birger", PHONE, is_mobile=True, has_touch=True, device_scale_factor=2
    )
    await expect(room_link(page, "Kundtjänst")).to_be_visible()
    await room_link(page, "Kundtjänst").tap()
    await expect(message(page, "Fantastiskt fint jobbat!")).to_be_in_viewport()
    await save(page, "chat-phone")


async def people(browser: Browser, url: str) -> None:
    page = await enter(browser, url, "astrid", DESK)
    await page.goto("/people")
    await page.get_by_text("Rebecka Alm").first.click()
    await expect(page.get_by_text("Vad uppringare hör nu")).to_be_visible()
    await expect(page.get_by_text("Den du söker är på lunch")).to_be_visible()
    await save(page, "people-card")
    await page.context.close()


async def calendars(browser: Browser, url: str) -> None:
    page = await enter(browser, url, "birger", DESK)
    await page.goto("/profile/calendars")
    why = page.get_by_role("region", name="Varför?")
    await expect(why.get_by_role("status")).to_contain_text("Möte från din CalDAV-kalender")
    await why.scroll_into_view_if_needed()
    await page.evaluate("scrollBy(0, 1000)")
    await save(page, "calendars")
    await page.context.close()


async def admin(browser: Browser, url: str) -> None:
    page = await enter(browser, url, "astrid", DESK)
    await page.goto("/admin")
    await expect(page.get_by_role("row").filter(has_text="Birger Ask")).to_be_visible()
    await save(page, "admin-people")


async def fresh_page(browser: Browser, url: str, size: Any, **options: Any) -> Page:
    context = await browser.new_context(
        base_url=url,
        viewport=size,
        locale="sv-SE",
        timezone_id="Europe/Stockholm",
        reduced_motion="reduce",
        **options,
    )
    context.set_default_timeout(PATIENCE_MS)
    return await context.new_page()


async def enter(browser: Browser, url: str, handle: str, size: Any, **options: Any) -> Page:
    """Sign in as one of the demo's people, and let go of what asks for attention."""
    page = await fresh_page(browser, url, size, **options)
    await page.goto("/sign-in")
    await page.get_by_label("E-post").fill(f"{handle}@example.com")
    await page.locator("input[type=password]").fill(PASSWORD)
    await page.get_by_role("button", name="Logga in").click()
    await expect(page.get_by_role("navigation", name="Huvudmeny")).to_be_visible()
    offer = page.get_by_role("button", name="Inte nu")
    await expect(
        offer.or_(page.get_by_role("link", name=re.compile("^Allmänt"))).first
    ).to_be_visible()
    if await offer.count():
        await offer.click()
    return page


async def save(page: Page, name: str) -> None:
    """Take the picture when fonts are there, and make it small."""
    await page.evaluate("document.fonts.ready.then(() => null)")
    await page.mouse.move(0, 0)
    await page.evaluate("() => new Promise((done) => setTimeout(done, 400))")
    shot = Image.open(io.BytesIO(await page.screenshot())).convert("RGB")
    path = FOLDER / f"{name}.png"
    shot.save(path, optimize=True)
    if path.stat().st_size > LARGEST:
        shot.quantize(COLOURS, dither=Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}  {size // 1000} kB")  # noqa: T201  # what the command says
    if size > LARGEST:
        raise SystemExit(f"{path.name} is larger than {LARGEST // 1000} kB.")


if __name__ == "__main__":
    asyncio.run(main())
