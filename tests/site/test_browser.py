"""The public page in a real browser: widths, light and dark, keyboard, contrast, and nothing loaded from elsewhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import pytest
from PIL import Image

from chatbot.documents.qr_code import encode
from chatbot.screens.load import load_petition
from chatbot.settings import BUNDLED_LOCALES
from chatbot.site.files import Site, make_site
from chatbot.transport.incoming.http_server import HttpServer
from chatbot.transport.incoming.webhook import Receiver
from tests.attacks.raw_requests import SilentSender
from tests.site.test_page import CONTENT, WON
from tests.support.chromium import PATIENCE
from tests.support.fake_conversation import FakeConversation

if TYPE_CHECKING:  # this file must load without playwright
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

CONTRAST: Final = 4.5
"""WCAG 2.2 AA, for text of any size."""
LARGE_ENOUGH: Final = 44
"""The smallest height of a link or button, in pixels."""
FIND_FAINT: Final = """() => {
  const channel = (byte) => byte <= 10.3 ? byte / 3294.6 : ((byte / 255 + .055) / 1.055) ** 2.4;
  const luminance = (colour) => {
    const [red, green, blue] = colour.match(/[0-9.]+/g).slice(0, 3).map(Number).map(channel);
    return .2126 * red + .7152 * green + .0722 * blue;
  };
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const colour = getComputedStyle(element).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  while (walker.nextNode()) {
    const text = walker.currentNode, parent = text.parentElement;
    if (!text.data.trim() || !parent.getClientRects().length) continue;
    const [low, high] = [luminance(getComputedStyle(parent).color), luminance(behind(parent))].sort((a, b) => a - b);
    const ratio = (high + .05) / (low + .05);
    if (ratio < LIMIT) faint.push([text.data.slice(0, 40), ratio]);
  }
  return faint;
}"""


@pytest.fixture(scope="module")
def sites(made_up_locales) -> dict[str, Site]:
    """The page of an open petition and of one that was won."""
    campaign, translators = load_petition([made_up_locales, BUNDLED_LOCALES])
    code = encode(CONTENT.link)
    won = replace(CONTENT, status=WON)
    return {name: make_site(campaign, translators, each, code) for name, each in (("open", CONTENT), ("won", won))}


@asynccontextmanager
async def show(browser: "Browser", site: Site, path: str, **screen: Any) -> AsyncIterator["Page"]:
    """Serve a site and open one of its pages. Fails if the browser complains, or requests anything elsewhere."""

    async def nothing(_heard: object = None) -> None:
        return None

    receiver = Receiver(SilentSender(), "bot", "a-secret", FakeConversation(nothing))  # type: ignore[arg-type]
    server = HttpServer(
        "https://x.example/hook",
        receiver,
        is_ready=nothing,  # type: ignore[arg-type]
        measure=nothing,  # type: ignore[arg-type]
        find_file=site.find,
    )
    base = f"http://127.0.0.1:{await server.open(0, '127.0.0.1')}"
    context = await browser.new_context(**screen)
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: asked.append(request.url.removeprefix(base)))
    try:
        await page.goto(f"{base}{path}")
        yield page
        assert complaints == []
        assert all(url.startswith("/") and url.endswith((".html", "/")) for url in asked), asked
        assert await context.cookies() == []
    finally:
        await context.close()
        await server.close()


@pytest.mark.parametrize("state", ["open", "won"])
@pytest.mark.parametrize("language", ["ko", "en", "qps", "qar"])
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (390, "dark"), (1280, "light")])
async def test_page_fits_and_can_be_read(
    browser: "Browser", sites: dict[str, Site], state: str, language: str, width: int, scheme: Any
) -> None:
    screen = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    async with show(browser, sites[state], f"/{language}.html", **screen) as page:
        assert await page.evaluate("document.documentElement.scrollWidth") == width
        assert await page.evaluate(FIND_FAINT.replace("LIMIT", str(CONTRAST))) == []
        button = page.locator(".button")
        assert await button.evaluate("each => getComputedStyle(each).backgroundColor") == "rgb(178, 53, 23)"
        for each in (button, *await page.locator("nav a").all()):
            box = await each.bounding_box()
            assert box is not None
            assert box["height"] >= LARGE_ENOUGH
            assert 0 <= box["x"] <= box["x"] + box["width"] <= width


async def test_first_screen_of_a_phone_has_the_button(browser: "Browser", sites: dict[str, Site]) -> None:
    for language in ("ko", "en"):
        async with show(browser, sites["open"], f"/{language}.html", viewport={"width": 390, "height": 700}) as page:
            box = await page.locator(".button").bounding_box()
            assert box is not None
            assert box["y"] + box["height"] < 700


@pytest.mark.parametrize(("language", "near_end"), [("en", -9), ("qar", 9)])
async def test_bar_is_not_full_before_the_goal(
    browser: "Browser", sites: dict[str, Site], language: str, near_end: int
) -> None:
    """467 are missing of 180,000: less than a pixel of a narrow screen."""
    screen = {"viewport": {"width": 320, "height": 800}, "color_scheme": "light"}
    async with show(browser, sites["open"], f"/{language}.html", **screen) as page:
        bar = page.locator("progress")
        drawn = Image.open(BytesIO(await bar.screenshot())).convert("RGB")
        middle = drawn.height // 2
        end = near_end % drawn.width
        assert drawn.getpixel((end, middle)) == (255, 253, 248), "the paper"
        assert drawn.getpixel((drawn.width // 2, middle)) == (201, 64, 31)


async def test_page_works_by_keyboard(browser: "Browser", sites: dict[str, Site]) -> None:
    async with show(browser, sites["open"], "/en.html") as page:
        seen = []
        for _nth in range(7):
            await page.keyboard.press("Tab")
            focused = page.locator(":focus")
            assert await focused.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"
            seen.append(await focused.inner_text())
        assert seen[:2] == ["한국어", "English"]
        assert seen[5:] == ["Sign in Telegram", "t.me/SaveMyFriendBot?start=web"]
        await page.get_by_role("link", name="한국어").focus()
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/ko.html")
        assert await page.locator("html").get_attribute("lang") == "ko"


async def test_screen_reader_finds_headings_regions_and_the_bar(browser: "Browser", sites: dict[str, Site]) -> None:
    async with show(browser, sites["open"], "/", locale="en-US") as page:
        assert await page.get_by_role("heading", level=1).all_inner_texts() == [
            "Save North Korean Refugees #SaveMyFriend"
        ]
        assert await page.get_by_role("heading", level=2).all_inner_texts() == ["The appeal", "Updates"]
        assert await page.get_by_role("progressbar", name="467 more to reach 180,000").count() == 1
        assert await page.get_by_role("navigation", name="Language").count() == 1
        assert await page.get_by_role("main").count() == 1
        assert await page.get_by_role("region", name="The appeal").count() == 1
        assert await page.get_by_role("img").count() == 0, "the QR code says what the link beside it says"
    async with show(browser, sites["open"], "/", locale="ko-KR") as page:
        assert await page.get_by_role("link", name="텔레그램에서 서명하기").count() == 1


async def test_page_is_the_same_without_scripts(browser: "Browser", sites: dict[str, Site]) -> None:
    async with show(browser, sites["open"], "/en.html", java_script_enabled=False) as page:
        assert await page.get_by_role("link", name="Sign in Telegram").count() == 1


async def test_printed_page_has_the_code_and_the_bar(browser: "Browser", sites: dict[str, Site]) -> None:
    async with show(browser, sites["open"], "/en.html", color_scheme="dark") as page:
        await page.emulate_media(media="print")
        assert not await page.locator("nav").is_visible()
        assert not await page.locator(".button").is_visible()
        assert await page.locator("figure svg").is_visible()
        assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert await page.locator("progress").evaluate("each => getComputedStyle(each).printColorAdjust") == "exact"
