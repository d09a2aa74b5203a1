"""Takes the README's picture from the demo; see docs/testing.md."""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Page, async_playwright, expect

from chatbot.demo import CAST
from tests.support.chromium import ARGUMENTS, find_chromium

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / ".github" / "demo.png"
HANA, SAM = CAST[0]["person_id"], CAST[1]["person_id"]
MOST_TAPS = 4
"""Sam taps the first button this often at most: Sign, the first country if it is asked for, Sign."""


async def pose(page: Page) -> None:
    """Open the petition as 하나, and sign it as Sam beside her."""
    await page.locator(".spread [data-count='2']").click()
    for person in (HANA, SAM):
        await page.locator(f"nav [data-person='{person}']").click()
    for person in (HANA, SAM):
        phone = page.locator(f"section.phone[data-person='{person}']")
        await phone.locator(".big").click()
        answer = phone.locator(".message.in")
        await expect(answer).to_have_count(1)
        for _ in range(MOST_TAPS if person == SAM else 0):
            if await answer.count() > 1:  # the thanks, and a question below
                break
            before = await answer.inner_text()
            await answer.locator(".key").first.click()
            await expect(answer.first).not_to_have_text(before, use_inner_text=True)


async def take(url: str) -> None:
    """Open the demo at `url` and save the picture."""
    async with async_playwright() as started:
        browser = await started.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        page = await browser.new_page(
            viewport={"width": 1180, "height": 740},
            device_scale_factor=2,
            reduced_motion="reduce",
            timezone_id="Asia/Seoul",
        )
        await page.goto(url)
        await pose(page)
        await page.mouse.move(0, 0)
        await page.screenshot(path=PICTURE)
        await browser.close()


async def main() -> None:
    """Start a new demo, take the picture, end the demo."""
    with TemporaryDirectory() as folder:
        demo = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "chatbot", "demo", "--port", "0"),
            stdout=asyncio.subprocess.PIPE,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        try:
            assert demo.stdout
            url = re.search(rb"http://\S+", await demo.stdout.readline())
            assert url, "the demo did not start"
            await take(url[0].decode())
        finally:
            demo.send_signal(signal.SIGINT)
            await demo.wait()


if __name__ == "__main__":
    asyncio.run(main())
