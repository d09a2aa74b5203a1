"""The real bot, the simulated Telegram, and its page in one headless Chromium."""

import logging
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import pytest_asyncio

from chatbot.emulator import Emulator
from chatbot.settings import BUNDLED_LOCALES
from tests.emulator.web.page.conftest import guard
from tests.support.chromium import PATIENCE
from tests.support.recorded_calls import Wire
from tests.support.stage import Stage

if TYPE_CHECKING:  # this file must load without playwright
    from playwright.async_api import Browser, Locator, Page


WINDOW: Final = {"width": 1500, "height": 850}
"""Room for three phones beside each other."""
MOMENTS: Final = """() => {
    window.moments = {};
    const note = () => {
        for (const text of document.querySelectorAll(".phone .message.in .text")) {
            const card = `${text.closest(".phone").dataset.person}/${text.closest(".message").dataset.id}`;
            const seen = window.moments[card] ??= [];
            if (seen.at(-1)?.[1] !== text.innerText) seen.push([performance.now() / 1000, text.innerText]);
        }
    };
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });
    note();
}"""
"""Notes what each message of the bot says, and when it changes. A reload would forget it."""


@dataclass
class Theatre:
    """A stage whose chats are seen in a browser. The stage's bot is not running yet."""

    stage: Stage
    page: "Page"
    complaints: list[str] = field(default_factory=list)

    async def opens(self, *people: int) -> None:
        """Start the bot and open the page with the phones of up to three people or places side by side."""
        await self.stage.opens()
        await self.shows(*people)

    async def shows(self, *people: int) -> None:
        """Load the page with these phones."""
        await self.page.goto(self.stage.emulator.url)
        await self.page.locator(f".spread [data-count='{len(people)}']").click()
        for person in people:
            await self.page.locator(f"nav [data-person='{person}']").click()
        await self.page.evaluate(MOMENTS)

    def phone(self, person: int) -> "Locator":
        """Return the phone of a person, or the chat of a group or channel."""
        return self.page.locator(f"section.phone[data-person='{person}']")

    async def taps(self, person: int, label: str) -> None:
        """Tap the newest button with this label."""
        await self.phone(person).get_by_role("button", name=label).last.click()

    async def writes(self, person: int, text: str) -> None:
        """Type a text into the message field, and send it."""
        await self.phone(person).locator("[contenteditable]").first.click()
        await self.page.keyboard.type(text)
        await self.page.keyboard.press("Enter")

    async def chooses(self, place: int, label: str, what: str) -> None:
        """Choose from the menu of a place, and then from the list that it opens."""
        await self.phone(place).get_by_role("button", name="더 보기").click()
        await self.page.get_by_role("menuitem", name=label).click()
        await self.phone(place).locator("dialog .item").filter(has_text=what).click()

    async def seen_in(self, message: str) -> list[tuple[float, str]]:
        """Return the moments at which a message (`person/id`) was seen to change, and what it said from then on."""
        moments = await self.page.evaluate("window.moments")
        return [(second, text) for second, text in moments[message]]


@pytest.fixture
def small_petition(tmp_path: Path) -> Path:
    """A petition without supporters from elsewhere: one signature more is another number on the card."""
    folder = tmp_path / "small"
    shutil.copytree(BUNDLED_LOCALES, folder)
    facts = folder / "campaign.toml"
    text = facts.read_text("utf-8")
    for old, new in (
        ("carried_over = 178_921\n", "carried_over = 0\n"),
        ('carried_over_from = "Change.org"\n', ""),
        ("milestones = [180_000,", "milestones = [20, 180_000,"),
    ):
        assert old in text
        text = text.replace(old, new)
    facts.write_text(text, "utf-8")
    return folder


@pytest_asyncio.fixture(loop_scope="session")
async def theatre(browser: "Browser", tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Theatre]:
    """The page of an emulator with inline mode and guest mode. Fails on any complaint of the page or of the bot."""
    wire = Wire()
    async with Emulator(on_request=wire.on_request, on_answer=wire.on_answer) as emulator:
        emulator.world.bot.has_inline = emulator.world.bot.is_guest = True
        stage = Stage(emulator, wire, tmp_path)
        context = await browser.new_context(viewport=WINDOW, reduced_motion="reduce", locale="ko-KR")  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        opened = Theatre(stage, page)
        page.on("console", lambda said: opened.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        await page.route(f"{emulator.url}/", guard)
        yield opened
        await context.close()
        await stage.closes()
    assert opened.complaints == []
    records = caplog.get_records("setup") + caplog.get_records("call")
    assert [record.getMessage() for record in records if record.levelno >= logging.ERROR] == []
