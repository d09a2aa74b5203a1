"""Takes the pictures of the install guides from a real set-up; see docs/testing.md."""

import asyncio
import html
import re
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Browser, async_playwright, expect

from chatbot.emulator import Emulator
from tests.support.actor import Actor
from tests.support.bot_process import BotProcess
from tests.support.chromium import ARGUMENTS, find_chromium
from tests.support.crowd import Supporter
from tests.support.recorded_calls import Wire
from tests.support.typed_terminal import TypedTerminal

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
LOCALES = {"": "en_US.UTF-8", ".ko": "ko_KR.UTF-8"}
"""The system's language, by what stands before the ending of a picture's name."""
OWNER = {"": ("유나", None, "en"), ".ko": ("유나", None, "ko")}
FIRST = {"": ("Sam", None, "en"), ".ko": ("하나", None, "ko")}
COUNTRY = {"": "CA", ".ko": "KR"}
EXAMPLE = {"": "An example: scan the code in your terminal", ".ko": "예시입니다. 터미널에 나온 코드를 찍어 주세요"}
"""Over the code, so that nobody scans the picture."""
QUESTIONS = 6
"""Language, token, petition, database, listening, writing."""
SCALE = 2
STYLE = """
    body { margin: 0; background: #1d1f21; }
    pre { display: inline-block; margin: 0; padding: 16px 20px; color: #e6e6e6; background: #1d1f21;
          max-width: 96ch; white-space: pre-wrap;
          font: 14px/1.25 "DejaVu Sans Mono", "Noto Sans Mono CJK KR", monospace; }
    pre b { color: #8abeb7; font-weight: normal; }
    .code { position: relative; display: inline-block; }
    .code::after { content: attr(data-label); position: absolute; inset: 34% 14%; display: grid; place-content: center;
                   padding: 4px; border: 3px solid #000; color: #000; background: #fff; text-align: center;
                   white-space: normal; }
    pre i { color: #000; background: #fff; font-style: normal; line-height: 1; }
"""


async def set_up(folder: Path, emulator: Emulator, locale: str) -> str:
    """Answer the set-up, all but the token with Enter; return what the terminal shows."""
    settings = {"TELEGRAM_API_URL": emulator.url, "LANG": locale, "TZ": "Asia/Seoul"}
    async with TypedTerminal(folder, "setup", **settings) as terminal:
        for question in range(QUESTIONS):
            await terminal.expects("> ")
            terminal.types(emulator.token if question == 1 else "")
        assert await terminal.ended() == 0, terminal.screen
        return terminal.screen


def draw_terminal(screen: str, example: str) -> str:
    """Return the page that shows a terminal, with a label over the code."""
    lines = html.escape("$ python -m chatbot setup\n" + screen.strip("\n"))
    coloured = re.sub(r"\x1b\[38;5;16;48;5;231m(.*?)\x1b\[0m", r"<i>\1</i>", lines)
    typed = re.sub(r"^(\$ .*|.*&gt; )$", r"<b>\1</b>", coloured, flags=re.MULTILINE)
    code = rf'<span class="code" data-label="{html.escape(example)}">\1</span>'
    typed = re.sub(r"(<i>.*</i>)", code, typed, flags=re.DOTALL)
    return f"<meta charset=utf-8><style>{STYLE}</style><pre>{typed}</pre>"


async def take_terminal(browser: Browser, shown: str, picture: Path) -> None:
    """Save the picture of a terminal that shows this page."""
    page = await browser.new_page(viewport={"width": 1000, "height": 800}, device_scale_factor=SCALE)
    await page.set_content(shown)
    await page.locator("pre").screenshot(path=picture)
    await page.close()


async def take_phone(browser: Browser, emulator: Emulator, person: int, picture: Path) -> None:
    """Save the picture of this person's phone, as the simulated Telegram shows it."""
    page = await browser.new_page(
        viewport={"width": 1280, "height": 700},
        device_scale_factor=SCALE,
        reduced_motion="reduce",
        timezone_id="Asia/Seoul",
    )
    await page.goto(emulator.url)
    await page.locator(f"nav [data-person='{person}']").click()
    phone = page.locator(f"section.phone[data-person='{person}']")
    await expect(phone.locator(".message.in").first).to_be_visible()
    await page.mouse.move(0, 0)
    await phone.screenshot(path=picture)
    await page.close()


async def take_all(browser: Browser, suffix: str) -> None:
    """Set a petition up, own it and sign it; save three pictures."""
    wire = Wire(checked=False)
    with TemporaryDirectory() as name:
        folder = Path(name)
        async with Emulator(on_request=wire.on_request, on_answer=wire.on_answer) as emulator:
            world = emulator.world
            screen = await set_up(folder, emulator, LOCALES[suffix])
            await take_terminal(browser, draw_terminal(screen, EXAMPLE[suffix]), FOLDER / f"setup{suffix}.png")
            [payload] = re.findall(r"^ {4}https://t\.me/\w+\?start=(\S+)$", screen, re.MULTILINE)
            async with BotProcess(emulator, folder, TELEGRAM_TOKEN="", DATABASE_URL="") as bot:
                await bot.says("listening as")
                owner = Actor(world, wire, world.add_person(*OWNER[suffix]))
                await owner.says(f"/start {payload}")
                await take_phone(browser, emulator, owner.id, FOLDER / f"owner{suffix}.png")
                first = Supporter(world, world.add_person(*FIRST[suffix]), COUNTRY[suffix])
                await first.signs()
                await take_phone(browser, emulator, first.person.id, FOLDER / f"signature{suffix}.png")


async def main() -> None:
    """Take the pictures of each guide."""
    FOLDER.mkdir(exist_ok=True)
    async with async_playwright() as started:
        browser = await started.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        for suffix in LOCALES:
            await take_all(browser, suffix)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
