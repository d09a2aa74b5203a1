"""One user plays several people: in turn, side by side, on a phone, by links, with the keyboard."""

from itertools import pairwise

import pytest

from chatbot.emulator.web.control import LANGUAGES
from tests.emulator.web.page.rehearsal import Button, Rehearsal, expect, measure

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

PHONE = {"width": 390, "height": 844}


async def test_user_switches_people_and_shows_them_side_by_side(rehearsal: Rehearsal) -> None:
    page = rehearsal.page
    await rehearsal.begin(rehearsal.sam)
    await rehearsal.become(rehearsal.hana)
    await expect(page.locator(".phone")).to_have_count(1)
    await expect(page.locator("html")).to_have_attribute("lang", "ko")
    await rehearsal.sends(rehearsal.sam, "An update for Sam")
    row = page.locator(f"nav [data-person='{rehearsal.sam}']")
    await expect(row.locator(".badge")).to_contain_text("1")
    await expect(row).to_contain_text("An update for Sam")
    await page.locator(".spread [data-count='3']").click()
    await expect(page.locator(".phone")).to_have_count(3)
    await expect(row.locator(".badge")).to_be_hidden()
    boxes = [await measure(phone) for phone in await page.locator(".phone").all()]
    assert all(left["x"] + left["width"] <= right["x"] for left, right in pairwise(boxes))
    await rehearsal.sends(rehearsal.sam, "Another")
    await expect(rehearsal.phone(rehearsal.sam).locator(".message.in").last).to_contain_text("Another")
    await page.reload()
    await expect(page.locator(".phone")).to_have_count(3)


async def test_shared_link_adds_a_person(rehearsal: Rehearsal) -> None:
    username = (await rehearsal.bot("getMe"))["username"]
    await rehearsal.bot("setMyShortDescription", short_description="Sign here.")
    phone = await rehearsal.begin(rehearsal.sam)
    share = f"https://t.me/share/url?url=https%3A%2F%2Ft.me%2F{username}%3Fstart%3Dfriend&text=Please%20sign"
    again = f"https://t.me/{username}?start=again"
    links: list[Button] = [{"text": "Share", "url": share}, {"text": "Once more", "url": again}]
    await rehearsal.sends(rehearsal.sam, "Thank you", links)
    await phone.get_by_role("button", name="Once more").click()
    assert (await rehearsal.hears())["text"] == "/start again"
    await phone.get_by_role("button", name="Share").click()
    sheet = rehearsal.page.get_by_role("dialog", name="Share")
    link = f"https://t.me/{username}?start=friend"
    assert await sheet.locator(".shared > p").all_inner_texts() == [link, "Please sign"]
    await expect(sheet.locator(".preview-words")).to_have_text("TelegramPetitionSign here.")
    await sheet.get_by_role("button", name="Copy the message").click()
    await expect(phone.get_by_role("status").get_by_text("Copied to clipboard")).to_be_visible()
    assert await rehearsal.page.evaluate("navigator.clipboard.readText()") == f"{link}\nPlease sign"
    await phone.get_by_role("button", name="Share").click()
    await sheet.get_by_role("button", name="Open this link as a new person").click()
    form = rehearsal.page.get_by_role("dialog", name="New person")
    await form.get_by_label("Name").fill("Mallory")
    language = form.get_by_label("Language")
    assert await language.locator("option").all_inner_texts() == [*LANGUAGES.values(), "—"]
    await expect(language).to_have_value("en")
    await language.select_option("ko")
    await form.get_by_role("button", name="Open Telegram").click()
    message = await rehearsal.hears()
    assert message["text"] == "/start friend"
    assert message["from"]["first_name"] == "Mallory"
    assert message["from"]["language_code"] == "ko"
    await expect(rehearsal.phone(message["from"]["id"]).locator(".message.out .link")).to_have_text("/start")
    await expect(rehearsal.phone(message["from"]["id"]).locator(".message.out")).not_to_contain_text("friend")


@pytest.mark.parametrize("rehearsal", [{"viewport": PHONE, "has_touch": True, "is_mobile": True}], indirect=True)
async def test_page_fits_a_phone(rehearsal: Rehearsal) -> None:
    page = rehearsal.page
    phone = await rehearsal.begin(rehearsal.sam)
    await rehearsal.sends(
        rehearsal.sam, "unbroken" * 40, ["A button with a lot to say about itself", "Zweihundert" * 3]
    )
    await expect(phone.locator(".key")).to_have_count(2)
    await expect(page.locator(".phone")).to_have_count(1)
    box = await measure(phone)
    assert (box["x"], box["width"]) == (0, PHONE["width"])
    assert box["y"] + box["height"] == PHONE["height"]
    assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert await phone.get_by_role("log").evaluate("(log) => log.scrollWidth - log.clientWidth") == 0
    other = page.locator(f"nav [data-person='{rehearsal.yuna}']")
    box = await measure(other)
    assert box["height"] >= 44
    assert box["y"] < 80
    await other.tap()
    await expect(rehearsal.phone(rehearsal.yuna)).to_be_visible()


NARROW = {"viewport": {"width": 320, "height": 568}, "has_touch": True, "is_mobile": True}
OUTSIDE = """() => [...document.querySelectorAll("button, a, input, select, textarea, dialog, .menu, .bubble, .title")]
    .filter((thing) => thing.checkVisibility() && !thing.closest(".people-head, .people-list"))
    .filter((thing) => {
        const { left, right, width } = thing.getBoundingClientRect();
        return width && (left < 0 || right > innerWidth + 0.5);
    }).map((thing) => thing.outerHTML.slice(0, 100))"""


@pytest.mark.parametrize("rehearsal", [NARROW], indirect=True)
async def test_page_fits_the_smallest_phone(rehearsal: Rehearsal) -> None:
    page, phone = rehearsal.page, await rehearsal.begin(rehearsal.sam)
    commands = [
        {"command": name, "description": "What this command does, at length"} for name in ("sign", "unsubscribe")
    ]
    await rehearsal.bot("setMyCommands", commands=commands)
    share: Button = {"text": "Share", "url": "https://t.me/share/url?url=https%3A%2F%2Fexample.org&text=" + "x" * 200}
    rows = [["Read the appeal", "Updates"], ["✏️ Name", "✏️ Country", "✏️ Reason"], [share]]
    await rehearsal.sends(rehearsal.sam, "word " * 60 + "x" * 90, *rows)
    await expect(phone.locator(".key")).to_have_count(6)
    boxes = [await measure(key) for key in await phone.locator(".key").all()]
    assert min(box["height"] for box in boxes) >= 40
    assert await page.evaluate(OUTSIDE) == []
    for opener in ("Menu", "Attach", "More"):
        await phone.get_by_role("button", name=opener).tap()
        menu = await measure(phone.get_by_role("menu"))
        assert menu["y"] >= 0
        assert menu["y"] + menu["height"] <= 568
        assert await page.evaluate(OUTSIDE) == []
        await page.keyboard.press("Escape")
    letter = {"name": "a-very-long-name-of-a-letter-" * 4 + ".pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    sheets = {
        "Share": lambda: phone.get_by_role("button", name="Share").tap(),
        "New person": lambda: page.get_by_role("button", name="New person").tap(),
        "File": lambda: phone.locator(".chooser").set_input_files(letter),
    }
    for name, opens in sheets.items():
        await opens()
        sheet = page.get_by_role("dialog", name=name)
        box = await measure(sheet)
        assert (box["x"], box["width"]) == (0, 320)
        assert box["y"] >= 0
        assert await sheet.evaluate("(sheet) => sheet.scrollWidth - sheet.clientWidth") == 0
        assert await page.evaluate(OUTSIDE) == []
        await page.keyboard.press("Escape")
        await expect(sheet).to_have_count(0)
    assert await page.evaluate("document.documentElement.scrollWidth") == 320


async def test_closed_dialog_returns_the_focus(rehearsal: Rehearsal) -> None:
    page, phone = rehearsal.page, await rehearsal.begin(rehearsal.hana)
    await rehearsal.sends(
        rehearsal.hana, "알려 주십시오", [{"text": "공유", "url": "https://t.me/share/url?url=a&text=b"}]
    )
    for opener, sheet in (
        (phone.get_by_role("button", name="공유"), "공유하기"),
        (page.locator(".person.add"), "새 사람"),
    ):
        await opener.focus()
        await page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name=sheet)
        await expect(dialog).to_be_visible()
        inside = "(dialog) => dialog.contains(document.activeElement)"
        for _ in range(6):
            assert await dialog.evaluate(inside) or await page.evaluate("document.activeElement === document.body")
            await page.keyboard.press("Tab")
        await page.keyboard.press("Escape")
        await expect(dialog).to_have_count(0)
        await expect(opener).to_be_focused()


async def test_keyboard_alone_operates_the_page(rehearsal: Rehearsal) -> None:
    commands = [{"command": "sign", "description": "Sign"}, {"command": "share", "description": "Share"}]
    await rehearsal.bot("setMyCommands", commands=commands)
    page, keys = rehearsal.page, rehearsal.page.keyboard
    phone = rehearsal.phone(rehearsal.sam)
    for wanted in (page.get_by_role("button", name="Sam"), phone.get_by_role("button", name="Start")):
        await expect(wanted).to_be_visible()
        for _ in range(12):
            if await wanted.evaluate("(thing) => thing === document.activeElement"):
                break
            await keys.press("Tab")
        await expect(wanted).to_be_focused()
        await keys.press("Enter")
    assert (await rehearsal.hears())["text"] == "/start"
    line = phone.get_by_role("textbox", name="Message")
    await expect(line).to_be_focused()
    await keys.type("/s")
    await expect(phone.get_by_role("option")).to_have_count(2)
    await keys.press("ArrowDown")
    await keys.press("ArrowDown")
    await expect(line).to_have_attribute("aria-activedescendant", f"commands-{rehearsal.sam}-1")
    await keys.press("Enter")
    assert (await rehearsal.hears())["text"] == "/share"
    await keys.press("Shift+Tab")
    await expect(phone.get_by_role("button", name="Menu")).to_be_focused()
    await keys.press("Enter")
    await expect(phone.get_by_role("menuitem").first).to_be_focused()
    await keys.press("Escape")
    await expect(phone.get_by_role("button", name="Menu")).to_be_focused()
    await keys.press("Enter")
    await keys.press("Enter")
    assert (await rehearsal.hears())["text"] == "/sign"
