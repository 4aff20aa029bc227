"""A headless Chromium of the system for the tests of the page.

Where there is none the tests are left out and the summary says so (tests/conftest.py); in CI that is a failure.
"""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="NO CHROMIUM: the page is untested"
)
WAIT_MS = 20_000


@asynccontextmanager
async def open_page(address: str, *, width: int = 1280, height: int = 860) -> AsyncIterator[Page]:
    """The page in a window of that size; a script error or a refused resource fails the test at the end."""
    assert CHROMIUM is not None, "in CI the page's tests need Chromium: .ci/run installs it"
    troubles: list[str] = []
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = await browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN")
        page.set_default_timeout(WAIT_MS)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda line: troubles.append(line.text) if line.type == "error" else None)
        await page.goto(address)
        yield page
        await browser.close()
    assert not troubles, troubles
