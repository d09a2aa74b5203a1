"""One headless Chromium for all tests of the page, and a new page for each."""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import pytest_asyncio

from chatbot.emulator import Emulator

if TYPE_CHECKING:  # imported inside the fixtures: this file must load without playwright
    from playwright.async_api import Browser, Route

    from tests.emulator.web.page.rehearsal import Rehearsal

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 20_000
"""Milliseconds that a test waits for the page: far more than a busy machine needs."""
POLICY = "default-src 'self'; img-src 'self' data: blob:"


def find_chromium() -> str | None:
    """Return the path of Chromium or Chrome: $CHROMIUM, or the first on the PATH; None if there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, names)]
    return next((path for path in found if path and Path(path).exists()), None)


async def guard(route: "Route") -> None:
    """Serve the page with a strict content security policy; violations become complaints."""
    response = await route.fetch()
    await route.fulfill(response=response, headers=response.headers | {"content-security-policy": POLICY})


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> "AsyncIterator[Browser]":
    from playwright.async_api import async_playwright, expect

    chromium = find_chromium()
    if not chromium:
        pytest.skip("no Chromium on the PATH; install one, or name it in CHROMIUM")
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as started:
        opened = await started.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def rehearsal(browser: "Browser", request: pytest.FixtureRequest) -> "AsyncIterator[Rehearsal]":
    """The page on a desktop screen, or on the screen of an indirect parametrization. Fails if the browser complains."""
    from tests.emulator.web.page.rehearsal import Rehearsal

    screen: dict[str, Any] = getattr(request, "param", {"viewport": {"width": 1280, "height": 800}})
    async with Emulator() as emulator, aiohttp.ClientSession() as http:
        hana = emulator.world.add_person("하나", language_code="ko", username="hana")
        sam = emulator.world.add_person("Sam", language_code="en")
        yuna = emulator.world.add_person("유나", language_code="ko")
        allowed = ["clipboard-read", "clipboard-write"]
        context = await browser.new_context(permissions=allowed, reduced_motion="reduce", **screen)
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        opened = Rehearsal(emulator, page, http, hana.id, sam.id, yuna.id)
        page.on(
            "console", lambda said: opened.complaints.append(said.text) if said.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        await page.route(f"{emulator.url}/", guard)
        await page.goto(emulator.url)
        yield opened
        await context.close()
    assert opened.complaints == []
