"""Conversations between people and the bot in a real browser."""

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.emulator.web.page.rehearsal import Rehearsal, expect, keyboard, measure
from tests.support.limits import GIVE_UP

if TYPE_CHECKING:
    from playwright.async_api import Route

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def test_hana_meets_the_bot_in_korean(rehearsal: Rehearsal) -> None:
    await rehearsal.bot("setMyDescription", description="청원입니다.", language_code="ko")
    phone = rehearsal.phone(rehearsal.hana)
    await expect(phone.locator(".card")).to_contain_text("이 봇은 무엇을 할 수 있나요?")
    await expect(phone.locator(".card")).to_contain_text("청원입니다.")
    await expect(phone).to_have_attribute("lang", "ko")
    await phone.get_by_role("button", name="시작").click()
    assert (await rehearsal.hears())["text"] == "/start"
    await rehearsal.bot("sendChatAction", chat_id=rehearsal.hana, action="typing")
    await expect(phone.locator(".subtitle")).to_contain_text("입력 중")
    await rehearsal.sends(rehearsal.hana, "반갑습니다")
    await expect(phone.locator(".message.in")).to_contain_text("반갑습니다")
    await expect(phone.locator(".subtitle")).to_have_text("봇")
    await expect(phone.locator(".message.out .ticks")).to_have_attribute("aria-label", "읽음")
    await expect(phone.locator(".card")).to_have_count(0)
    await expect(phone.locator(".foot .line")).to_be_focused()


async def test_enter_sends_except_inside_a_syllable(rehearsal: Rehearsal) -> None:
    phone = await rehearsal.begin(rehearsal.hana)
    line = phone.locator(".foot .line")
    keys = await rehearsal.page.context.new_cdp_session(rehearsal.page)
    await line.press("Shift+Enter")
    await keys.send("Input.imeSetComposition", {"text": "하", "selectionStart": 1, "selectionEnd": 1})
    await line.press("Enter")
    await expect(phone.locator(".message.out")).to_have_count(1)  # only /start so far
    await keys.send("Input.imeSetComposition", {"text": "하나", "selectionStart": 2, "selectionEnd": 2})
    await keys.send("Input.insertText", {"text": "하나"})
    await line.press("Shift+Enter")
    await rehearsal.page.keyboard.type("Kim")
    await line.press("Enter")
    assert (await rehearsal.hears())["text"].strip() == "하나\nKim"
    await expect(phone.locator(".message.out")).to_have_count(2)
    await expect(line).to_have_text("")


async def test_button_spins_until_the_bot_answers(rehearsal: Rehearsal) -> None:
    phone = await rehearsal.begin(rehearsal.sam)
    await rehearsal.sends(
        rehearsal.sam, "Welcome", [{"text": "Sign", "callback_data": "sign", "style": "success"}, "Privacy"]
    )
    sign = phone.get_by_role("button", name="Sign")
    await expect(sign).to_have_class("key success")
    await sign.click()
    query = await rehearsal.hears("callback_query")
    assert query["data"] == "sign"
    await expect(sign).to_have_attribute("aria-busy", "true")
    await rehearsal.bot("answerCallbackQuery", callback_query_id=query["id"], text="Thank you, Sam")
    await expect(phone.get_by_role("status").get_by_text("Thank you, Sam")).to_be_visible()
    await expect(sign).not_to_have_attribute("aria-busy", "true")

    await phone.get_by_role("button", name="Privacy").click()
    query = await rehearsal.hears("callback_query")
    await rehearsal.bot("answerCallbackQuery", callback_query_id=query["id"], text="Very little.", show_alert=True)
    alert = rehearsal.page.get_by_role("alertdialog")
    await expect(alert).to_contain_text("Very little.")
    await expect(alert.get_by_role("button", name="OK")).to_be_focused()
    await rehearsal.page.keyboard.press("Escape")
    await expect(alert).to_have_count(0)
    await expect(phone.locator(".foot .line")).to_be_focused()


async def test_edit_replaces_the_message_in_place(rehearsal: Rehearsal) -> None:
    phone = await rehearsal.begin(rehearsal.sam)
    first = await rehearsal.sends(rehearsal.sam, "Page one", ["Back", "Next"])
    for number in range(20):
        await rehearsal.sends(rehearsal.sam, f"Line {number}\nand its second half")
    log = phone.get_by_role("log")
    await expect(log).to_contain_text("Line 19")
    middle = phone.locator(".message", has_text="Line 4")
    await middle.evaluate("(message) => message.scrollIntoView({ block: 'start' })")
    await expect(phone.locator(".jump")).to_be_visible()
    before = await measure(middle)
    where = {"chat_id": rehearsal.sam, "message_id": first}
    await rehearsal.bot("editMessageText", **where, text="Page two\n" * 30, reply_markup=keyboard(["Back", "Next"]))
    page_two = phone.locator(f"[data-id='{first}']")
    await expect(page_two).to_contain_text("Page two")
    after = await measure(middle)
    assert abs(after["y"] - before["y"]) < 1, "the message that somebody reads does not move"
    assert "flash" in (await page_two.get_attribute("class") or "")

    await rehearsal.sends(rehearsal.sam, "News")
    await expect(phone.locator(".jump")).to_have_accessible_name("Go to the newest message, 1 unread")
    await phone.locator(".jump").click()
    await expect(phone.locator(".message", has_text="News")).to_be_in_viewport()
    await expect(phone.locator(".jump")).to_be_hidden()

    await phone.get_by_role("button", name="Next").focus()
    await rehearsal.bot("editMessageReplyMarkup", **where, reply_markup=keyboard(["Next", "Last"]))
    await expect(phone.get_by_role("button", name="Next")).to_be_focused()
    await rehearsal.bot("editMessageReplyMarkup", **where, reply_markup=keyboard(["Back", "Last"]))
    await expect(page_two).to_be_focused()
    assert "flash" not in (await page_two.get_attribute("class") or ""), "the words are the same"
    await rehearsal.bot("deleteMessage", **where)
    await expect(page_two).to_have_count(0)


async def test_tap_is_not_lost_if_its_message_is_edited_meanwhile(rehearsal: Rehearsal) -> None:
    """The number on a live card moves every few seconds, also while a finger is on its button."""
    phone = await rehearsal.begin(rehearsal.sam)
    card = await rehearsal.sends(rehearsal.sam, "1 person", ["Sign"])
    where = {"chat_id": rehearsal.sam, "message_id": card}
    await phone.get_by_role("button", name="Sign").hover()
    await rehearsal.page.mouse.down()
    for count in (2, 3):
        await rehearsal.bot("editMessageText", **where, text=f"{count} people", reply_markup=keyboard(["Sign"]))
    await rehearsal.bot("sendChatAction", chat_id=rehearsal.sam, action="typing")
    await expect(phone.locator(".subtitle")).to_contain_text("typing")  # so the edits have arrived as well
    await rehearsal.page.mouse.up()
    assert (await rehearsal.hears("callback_query"))["data"] == "Sign"
    await expect(phone.locator(f"[data-id='{card}']")).to_contain_text("3 people")


async def test_user_copies_text_and_follows_outside_links(rehearsal: Rehearsal) -> None:
    phone = await rehearsal.begin(rehearsal.hana)
    copy = {"text": "복사하기", "copy_text": {"text": "함께해 주세요 #SaveMyFriend"}}
    post = {"text": "X", "url": "https://x.com/intent/post?text=a"}
    await rehearsal.sends(rehearsal.hana, "알려 주세요", [copy, post])
    await phone.get_by_role("button", name="복사하기").click()
    await expect(phone.get_by_role("status").get_by_text("클립보드에 복사했습니다")).to_be_visible()
    assert await rehearsal.page.evaluate("navigator.clipboard.readText()") == "함께해 주세요 #SaveMyFriend"
    out = phone.get_by_role("link", name="X (새 탭에서 열림)")
    assert await out.get_attribute("rel") == "noopener noreferrer"
    assert await out.get_attribute("target") == "_blank"


async def test_person_blocks_and_unblocks_the_bot(rehearsal: Rehearsal) -> None:
    phone = await rehearsal.begin(rehearsal.sam)
    await phone.get_by_role("button", name="More").click()
    await phone.get_by_role("menuitem", name="Stop and block bot").click()
    assert (await rehearsal.hears("my_chat_member"))["new_chat_member"]["status"] == "kicked"
    await expect(phone.locator(".foot .line")).to_have_count(0)
    await phone.get_by_role("button", name="Restart bot").click()
    assert (await rehearsal.hears("my_chat_member"))["new_chat_member"]["status"] == "member"
    assert (await rehearsal.hears())["text"] == "/start"
    await expect(phone.locator(".foot .line")).to_be_visible()


async def test_page_reconnects_to_the_server(rehearsal: Rehearsal) -> None:
    phone = await rehearsal.begin(rehearsal.sam)
    world = rehearsal.emulator.world
    await rehearsal.emulator.stop()
    await expect(phone.locator(".subtitle")).to_have_text("connecting…")
    world.put(world.person(rehearsal.sam), {"text": "While you were away"})
    await rehearsal.emulator.start()
    await expect(phone.locator(".message.in")).to_contain_text("While you were away")
    await expect(phone.locator(".subtitle")).to_have_text("bot")
    lost = [said for said in rehearsal.complaints if "ERR_" in said]  # logged by the browser while the server is down
    rehearsal.complaints[:] = [said for said in rehearsal.complaints if said not in lost]


async def test_page_misses_nothing_between_loading_and_following_a_chat(rehearsal: Rehearsal) -> None:
    await rehearsal.begin(rehearsal.sam)
    asked, may_arrive = asyncio.Event(), asyncio.Event()

    async def hold(route: "Route") -> None:
        answer = await route.fetch()
        asked.set()
        await may_arrive.wait()
        await route.fulfill(response=answer)

    address = f"**/emulator/chats/{rehearsal.hana}"
    await rehearsal.page.route(address, hold, times=1)
    await asyncio.wait_for(asked.wait(), GIVE_UP)
    await rehearsal.bot("setMyDescription", description="청원입니다.", language_code="ko")
    async with rehearsal.page.expect_response(f"{address}/events"):
        phone = await rehearsal.become(rehearsal.hana)
    may_arrive.set()
    await expect(phone.locator(".card")).to_contain_text("청원입니다.")
