"""The page in windows of many sizes: roles, names, the button for a new person, and room for the chat."""

from typing import Any

import pytest

from chatbot.emulator.world.samples import MOVIE, picture
from tests.emulator.web.page.rehearsal import Rehearsal, expect, keyboard, measure

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

SMALL: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
SIDE: dict[str, Any] = SMALL | {"viewport": {"width": 844, "height": 390}}
ZOOMED = {"viewport": {"width": 320, "height": 256}}
"""A window of 1280 by 1024 at 400 %, as WCAG 2.2 asks (1.4.10)."""
WIDE = {"viewport": {"width": 1280, "height": 800}}
ARABIC = "محمد"


@pytest.mark.parametrize("rehearsal", [WIDE, SMALL], indirect=True)
async def test_people_have_roles_and_the_page_says_what_it_is(rehearsal: Rehearsal) -> None:
    world, page = rehearsal.emulator.world, rehearsal.page
    world.person(rehearsal.hana).role, world.person(rehearsal.yuna).role = "supporter", "organizer"
    await page.reload()
    await rehearsal.become(rehearsal.hana)
    for person, role in ((rehearsal.hana, "지지자"), (rehearsal.yuna, "운영자")):
        await expect(page.locator(f"nav [data-person='{person}'] .person-role")).to_have_text(role)
        await expect(page.locator(f"nav [data-person='{person}'] .person-role")).to_be_in_viewport(ratio=1)
    await expect(page.locator(f"nav [data-person='{rehearsal.sam}'] .person-role")).to_be_hidden()
    hint = page.locator(".rehearsal-hint")
    await expect(hint).to_have_text("연습용 텔레그램입니다. 이 컴퓨터 밖으로 아무것도 나가지 않습니다.")
    await expect(hint).to_be_in_viewport(ratio=1)
    assert (await measure(hint))["width"] > 200


async def test_name_of_a_persons_button_is_short(rehearsal: Rehearsal) -> None:
    rehearsal.emulator.world.person(rehearsal.hana).role = "supporter"
    await rehearsal.page.reload()
    await rehearsal.begin(rehearsal.hana)
    await rehearsal.sends(rehearsal.hana, "탈북 난민을 구해 주세요\n▮▮▮▮▮▮▮▮▮▯ 38명 남았습니다")
    button = rehearsal.page.locator(f"nav [data-person='{rehearsal.hana}']")
    await expect(button).to_have_accessible_name("하나 · 지지자, 탈북 난민을 구해 주세요")
    await rehearsal.become(rehearsal.yuna)
    await rehearsal.sends(rehearsal.hana, "가" * 200)
    await expect(button).to_have_accessible_name(f"하나 · 지지자, {'가' * 60}…, 읽지 않은 메시지 1개")


@pytest.mark.parametrize("rehearsal", [WIDE, SMALL], indirect=True)
async def test_button_for_a_new_person_stays_in_view_with_many_people(rehearsal: Rehearsal) -> None:
    page, world = rehearsal.page, rehearsal.emulator.world
    people = [world.add_person(ARABIC, language_code="ar"), *(world.add_person("Mallory") for _ in range(8))]
    await page.reload()
    add = page.locator(".person.add")
    await expect(add).to_be_in_viewport(ratio=1)
    await rehearsal.become(people[-1].id)
    await expect(page.locator(f"nav [data-person='{people[-1].id}']")).to_be_in_viewport(ratio=0.9)
    await expect(add).to_be_in_viewport(ratio=1)
    await add.click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def test_name_from_right_to_left_stays_left(rehearsal: Rehearsal) -> None:
    page, world = rehearsal.page, rehearsal.emulator.world
    arab = world.add_person(ARABIC, language_code="ar")
    world.starts(arab)
    world.put(arab, {"text": "شكرا"})
    await page.reload()
    measured = """(thing) => {
        const words = new Range();
        words.selectNodeContents(thing);
        return words.getBoundingClientRect().left;
    }"""
    hana, mine = (page.locator(f"nav [data-person='{person}']") for person in (rehearsal.hana, arab.id))
    wanted = await hana.locator(".person-name").evaluate(measured)
    for part in (".person-name", ".person-last"):
        assert abs(await mine.locator(part).evaluate(measured) - wanted) < 2


@pytest.mark.parametrize(("rehearsal", "room"), [(SIDE, 270), (ZOOMED, 150)], indirect=["rehearsal"])
async def test_chat_gets_the_room_of_a_flat_window(rehearsal: Rehearsal, room: int) -> None:
    page, world = rehearsal.page, rehearsal.emulator.world
    world.starts(rehearsal.sam)
    world.starts(rehearsal.hana)
    world.person(rehearsal.yuna).role = "organizer"
    await page.reload()
    await rehearsal.sends(rehearsal.hana, "안녕하세요", ["서명하기", "호소문 읽기"])
    phone = rehearsal.phone(rehearsal.hana)
    await expect(phone.locator(".key")).to_have_count(2)
    assert (await measure(phone.get_by_role("log")))["height"] >= room
    box = await measure(phone)
    size = page.viewport_size
    assert size
    assert (box["x"], box["width"], box["y"] + box["height"]) == (0, size["width"], size["height"])
    assert await page.evaluate("document.documentElement.scrollWidth") == size["width"]
    await expect(phone.locator(".subtitle")).to_have_attribute("data-name", "하나")
    await expect(page.locator(".people-list")).to_be_hidden()
    await expect(page.get_by_role("heading", level=1)).to_have_text("리허설")
    more = phone.get_by_role("button", name="더 보기")
    await more.click()
    menu = await measure(phone.get_by_role("menu"))
    assert menu["y"] >= 0
    assert menu["y"] + menu["height"] <= size["height"]
    await expect(phone.locator(".menu [tabindex='0']")).to_have_count(1)  # Tab reaches what scrolls
    await expect(phone.get_by_role("menuitem", name="유나 · 운영자")).to_have_count(1)
    await phone.get_by_role("menuitem", name="Sam").click()
    await expect(rehearsal.phone(rehearsal.sam)).to_be_visible()
    await rehearsal.phone(rehearsal.sam).get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="New person").click()
    await expect(page.get_by_role("dialog", name="New person")).to_be_visible()


@pytest.mark.parametrize("rehearsal", [WIDE, SMALL], indirect=True)
async def test_long_label_is_cut_in_one_line(rehearsal: Rehearsal) -> None:
    phone = await rehearsal.begin(rehearsal.sam)
    name = "Sign as Maximiliana Alexandra von Hohenzollern-Sigmaringen of the House of Hohenzollern"
    await rehearsal.sends(rehearsal.sam, "Your name?", [{"text": name, "callback_data": "name"}], ["Sign"])
    long, short = phone.locator(".key").first, phone.locator(".key").last
    await expect(short).to_be_visible()
    assert (await measure(long))["height"] == (await measure(short))["height"]
    label = long.locator(".label")
    assert (
        await label.evaluate("(label) => label.scrollWidth > label.clientWidth && getComputedStyle(label).textOverflow")
        == "ellipsis"
    )
    await expect(long).to_have_accessible_name(name)
    if rehearsal.page.viewport_size == WIDE["viewport"]:
        await long.hover()
        await expect(label).to_have_attribute("title", name)
        await short.hover()
        await expect(short.locator(".label")).not_to_have_attribute("title", "Sign")


async def test_page_opens_at_the_newest_message_below_pictures(rehearsal: Rehearsal) -> None:
    world, page = rehearsal.emulator.world, rehearsal.page
    world.starts(rehearsal.hana)
    for taller in range(6):
        world.sends_photo(rehearsal.hana, picture(1280, 900 + taller))
        world.sends_photo(rehearsal.hana, picture(800, 1200 + taller), "보세요")
    for _ in range(2):
        world.sends_file(rehearsal.hana, "video", MOVIE, "wave.webm", "video/webm")
        world.sends_file(rehearsal.hana, "animation", MOVIE, "wave.webm", "video/webm")
    await rehearsal.sends(rehearsal.hana, "가장 새로운 소식", ["서명하기"])
    await page.reload()
    phone = rehearsal.phone(rehearsal.hana)
    key = phone.get_by_role("button", name="서명하기")
    await expect(key).to_be_visible()
    loaded = """async (phone) => {
        const frame = () => new Promise(requestAnimationFrame);
        for (const film of phone.querySelectorAll("video")) while (film.readyState < 1) await frame();
        await Promise.all([...phone.querySelectorAll("img")].map((image) => image.decode()));
        for (let frames = 0; frames < 5; frames++) await frame();
    }"""
    await phone.evaluate(loaded)
    await expect(key).to_be_in_viewport(ratio=1)
    await expect(phone.locator(".jump")).to_be_hidden()


async def test_held_or_repeated_enter_presses_one_button(rehearsal: Rehearsal) -> None:
    page, phone = rehearsal.page, await rehearsal.begin(rehearsal.sam)
    shown = await rehearsal.sends(rehearsal.sam, "Welcome", ["Sign", "Privacy"])
    keys = await page.context.new_cdp_session(page)
    enter = {"type": "rawKeyDown", "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
    await phone.get_by_role("button", name="Sign").focus()
    for held in range(5):
        await keys.send("Input.dispatchKeyEvent", enter | {"autoRepeat": held > 0})
        await keys.send("Input.dispatchKeyEvent", {"type": "char", "text": "\r", "autoRepeat": held > 0})
    query = await rehearsal.hears("callback_query")
    await rehearsal.bot("answerCallbackQuery", callback_query_id=query["id"])
    where = {"chat_id": rehearsal.sam, "message_id": shown}
    await rehearsal.bot("editMessageText", **where, text="Your name?", reply_markup=keyboard(["Sam", "Back"]))
    await expect(phone.locator(".message.in")).to_be_focused()
    await keys.send("Input.dispatchKeyEvent", enter | {"autoRepeat": True})
    await keys.send("Input.dispatchKeyEvent", enter | {"type": "keyUp"})
    for _ in range(5):
        await page.keyboard.press("Enter")
    await rehearsal.bot("editMessageText", **where, text="Your name, please?", reply_markup=keyboard(["Sam", "Back"]))
    await expect(phone.locator(".message.in")).to_contain_text("please")
    await expect(phone.locator(".message.in")).to_be_focused()
    assert await rehearsal.bot("getUpdates", offset=rehearsal.offset) == []
    await page.keyboard.press("Tab")
    await expect(phone.get_by_role("button", name="Sam", exact=True)).to_be_focused()
    await page.keyboard.press("Enter")
    assert (await rehearsal.hears("callback_query"))["data"] == "Sam"
    await rehearsal.bot("deleteMessage", **where)
    await expect(phone.get_by_role("log")).to_be_focused()


async def test_keyboard_opens_the_menu_of_a_message(rehearsal: Rehearsal) -> None:
    page, phone = rehearsal.page, await rehearsal.begin(rehearsal.sam)
    await rehearsal.sends(rehearsal.sam, "First")
    await rehearsal.sends(rehearsal.sam, "Second")
    await expect(phone.locator(".message")).to_have_count(3)
    handle = phone.get_by_role("button", name="What to do with this message")
    await handle.focus()
    for words in ("Second", "First", "/start"):
        await expect(phone.locator(".message:has(.handle)")).to_contain_text(words)
        await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowDown")
    await expect(handle).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="Reply")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(handle).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(phone.locator(".strip")).to_contain_text("First")
    await expect(phone.locator(".foot .line")).to_be_focused()


@pytest.mark.parametrize("rehearsal", [SMALL], indirect=True)
async def test_tap_on_a_message_opens_its_menu(rehearsal: Rehearsal) -> None:
    phone = await rehearsal.begin(rehearsal.sam)
    await rehearsal.sends(rehearsal.sam, "Welcome", ["Sign"])
    await phone.locator(".message.in .text").tap()
    menu = phone.get_by_role("menu")
    box = await measure(menu)
    assert 0 <= box["x"] <= box["x"] + box["width"] <= 390
    await rehearsal.page.get_by_role("menuitem", name="Copy text").click()
    await expect(phone.get_by_role("status").get_by_text("Copied to clipboard")).to_be_visible()
    await phone.get_by_role("button", name="Sign").tap()
    await expect(menu).to_have_count(0)
    assert (await rehearsal.hears("callback_query"))["data"] == "Sign"
