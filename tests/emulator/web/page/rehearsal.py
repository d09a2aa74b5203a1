"""The demo page in a browser, and a bot played by plain Bot API calls."""

from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from chatbot.emulator import Emulator

pytest.importorskip("playwright", reason="playwright is not installed: pip install playwright")

from playwright.async_api import FloatRect, Locator, Page, expect

__all__ = [
    "CONTRAST",
    "NAMELESS",
    "Button",
    "Locator",
    "Rehearsal",
    "expect",
    "keyboard",
    "measure",
    "select",
    "shorten",
]

Button = str | dict[str, Any]
"""A label for a callback button with the label as data, or an InlineKeyboardButton."""


@dataclass
class Rehearsal:
    """An emulator with 하나, Sam and 유나 (their ids), its page, and the page's complaints."""

    emulator: Emulator
    page: Page
    http: aiohttp.ClientSession
    hana: int
    sam: int
    yuna: int
    complaints: list[str] = field(default_factory=list)
    offset: int = 0

    async def bot(self, method: str, **parameters: Any) -> Any:
        """Call a Bot API method as the bot and return the result."""
        address = f"{self.emulator.url}/bot{self.emulator.token}/{method}"
        async with self.http.post(address, json=parameters) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def sends(self, person: int, text: str, *rows: list[Button], **more: Any) -> int:
        """Send a text with rows of buttons as the bot; return the message id."""
        message = await self.bot("sendMessage", chat_id=person, text=text, reply_markup=keyboard(*rows), **more)
        return int(message["message_id"])

    async def hears(self, kind: str = "message") -> Any:
        """Return the content of the bot's next update, which must be of this kind."""
        [update] = await self.bot("getUpdates", offset=self.offset, limit=1, timeout=50)
        self.offset = update["update_id"] + 1
        return update[kind]

    def phone(self, person: int) -> Locator:
        """Return a person's phone on the page."""
        return self.page.locator(f"section.phone[data-person='{person}']")

    async def become(self, person: int) -> Locator:
        """Select a person in the list and return their phone."""
        await self.page.locator(f"nav [data-person='{person}']").click()
        return self.phone(person)

    async def begin(self, person: int) -> Locator:
        """Press Start as a person, wait for the update, and return their phone."""
        phone = await self.become(person)
        await phone.locator(".big").click()
        assert (await self.hears())["text"] == "/start"
        return phone


def keyboard(*rows: list[Button]) -> dict[str, Any]:
    """Make an InlineKeyboardMarkup."""
    full = [[{"text": key, "callback_data": key} if isinstance(key, str) else key for key in row] for row in rows]
    return {"inline_keyboard": full}


def shorten(message: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the formatting of a message as (type, words)."""
    text = message.get("text", message.get("caption", "")).encode("utf-16-le")
    found = message.get("entities", message.get("caption_entities", []))
    return [
        (one["type"], text[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le"))
        for one in found
    ]


async def select(line: Locator, words: str) -> None:
    """Select words in the input line."""
    await line.evaluate(
        """(line, words) => {
            const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const at = walker.currentNode.data.indexOf(words);
                if (at < 0) continue;
                line.focus();
                getSelection().setBaseAndExtent(walker.currentNode, at, walker.currentNode, at + words.length);
            }
        }""",
        words,
    )


STILL = """() => Promise.all(document.getAnimations()
    .filter((each) => each.effect.getComputedTiming().iterations !== Infinity).map((each) => each.finished))"""


async def measure(thing: Locator) -> FloatRect:
    """Return the position of a visible element in pixels, once nothing on the page moves."""
    await thing.evaluate(STILL)
    box = await thing.bounding_box()
    assert box, f"{thing} is not shown"
    return box


NAMELESS = """() =>
    [...document.querySelectorAll("button, a[href], [role=button], input, select, textarea, img, dialog")]
    .filter((thing) => thing.checkVisibility())
    .filter((thing) => !(thing.getAttribute("aria-label") || thing.alt || thing.innerText?.trim()
        || thing.labels?.[0]?.innerText.trim()))
    .map((thing) => thing.outerHTML.slice(0, 120))"""
"""Finds visible controls and pictures without a name for screen readers."""

CONTRAST = """(thing) => {
    const brush = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const rgba = (css) => {
        brush.clearRect(0, 0, 1, 1);
        brush.fillStyle = css;
        brush.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = brush.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const over = (top, below) => top.map((value, at) => (at < 3 ? value * top[3] + below[at] * (1 - top[3]) : 1));
    const layers = [];
    for (let at = thing; at; at = at.parentElement) {
        layers.push(rgba(getComputedStyle(at).backgroundColor));
        if (layers.at(-1)[3] === 1) break;
    }
    const ground = layers.reverse().reduce((below, layer) => over(layer, below));
    const light = (colour) => colour.slice(0, 3).map((value) => value / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
        .reduce((sum, value, at) => sum + value * [0.2126, 0.7152, 0.0722][at], 0);
    const pair = [light(over(rgba(getComputedStyle(thing).color), ground)), light(ground)].sort((a, b) => b - a);
    return (pair[0] + 0.05) / (pair[1] + 0.05);
}"""
"""Computes the contrast of a text by WCAG 2.2; level AA requires 4.5."""
