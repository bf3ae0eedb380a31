"""Debian's Chromium, as Playwright starts it."""

from __future__ import annotations

import os
import shutil

from playwright.async_api import Browser, Playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
MISSING = "The browser tests need Chromium: make test installs it, or apt-get install chromium."


async def launch(playwright: Playwright) -> Browser:
    """A browser with a fresh profile. Raises RuntimeError when this machine has none."""
    program = os.environ.get("VAXEL_CHROMIUM") or shutil.which("chromium")
    if program is None:
        raise RuntimeError(MISSING)
    return await playwright.chromium.launch(executable_path=program, args=FLAGS)
