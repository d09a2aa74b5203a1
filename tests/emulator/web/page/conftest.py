"""A new page of the emulator for each test."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import pytest_asyncio

from chatbot.emulator import Emulator
from tests.support.chromium import PATIENCE

if TYPE_CHECKING:  # imported inside the fixtures: this file must load without playwright
    from playwright.async_api import Browser, Route

    from tests.emulator.web.page.rehearsal import Rehearsal

POLICY = "default-src 'self'; img-src 'self' data: blob:"


async def guard(route: "Route") -> None:
    """Serve the page with a strict content security policy; violations become complaints."""
    response = await route.fetch()
    await route.fulfill(response=response, headers=response.headers | {"content-security-policy": POLICY})


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
