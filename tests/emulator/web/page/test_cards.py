"""Sharing a card on the page: the list of chats, the bot's offers, the card in a friend's chat, and its edits."""

import asyncio

import pytest

from tests.emulator.web.page.rehearsal import Rehearsal, expect

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

CARD = {
    "type": "article",
    "id": "ko",
    "title": "탈북 난민을 구해 주세요",
    "description": "12명이 함께합니다",
    "input_message_content": {"message_text": "<b>12</b>명이 함께합니다", "parse_mode": "HTML"},
}


def draw_card(username: str) -> dict[str, object]:
    """Return the card with its button."""
    button = {"text": "서명하기", "url": f"https://t.me/{username}?start=s-1"}
    return CARD | {"reply_markup": {"inline_keyboard": [[button]]}}


async def answer_query(rehearsal: Rehearsal) -> None:
    """Wait for an inline query and offer the card."""
    query = await rehearsal.hears("inline_query")
    card, button = draw_card("petition_bot"), {"text": "먼저 서명하기", "start_parameter": "sign-first"}
    await rehearsal.bot("answerInlineQuery", inline_query_id=query["id"], results=[card], button=button)


async def test_card_is_shared_tapped_and_edited(rehearsal: Rehearsal) -> None:
    rehearsal.emulator.world.bot.has_inline = rehearsal.emulator.world.bot.is_guest = True
    hana = await rehearsal.begin(rehearsal.hana)
    share = {"text": "공유", "switch_inline_query_chosen_chat": {"allow_user_chats": True}}
    await rehearsal.sends(rehearsal.hana, "서명했습니다", [share])
    await hana.get_by_role("button", name="공유").click()
    answering = asyncio.create_task(answer_query(rehearsal))
    await hana.locator(f"dialog button[value='{rehearsal.sam}']").click()
    await answering
    await expect(hana.locator("dialog button[value='button']")).to_have_text("먼저 서명하기")
    await hana.locator("dialog button[value='post:ko']").click()
    sam = rehearsal.phone(rehearsal.sam)
    card = sam.locator(".message.in").last
    await expect(card).to_contain_text("하나 · via the bot")
    message_id = (await rehearsal.hears("chosen_inline_result"))["inline_message_id"]
    keyboard = draw_card("petition_bot")["reply_markup"]
    await rehearsal.bot(
        "editMessageText", inline_message_id=message_id, text="20명이 함께합니다", reply_markup=keyboard
    )
    await expect(card).to_contain_text("20명")
    await card.get_by_role("button", name="서명하기").click()
    assert (await rehearsal.hears())["text"] == "/start s-1"


async def test_bot_is_called_as_a_guest_by_its_name(rehearsal: Rehearsal) -> None:
    rehearsal.emulator.world.bot.has_inline = rehearsal.emulator.world.bot.is_guest = True
    hana = await rehearsal.begin(rehearsal.hana)
    await hana.locator("[contenteditable]").first.click()
    await rehearsal.page.keyboard.type("@petition_bot 안녕")
    await rehearsal.page.keyboard.press("Enter")
    answering = asyncio.create_task(answer_query(rehearsal))
    await hana.locator(f"dialog button[value='{rehearsal.sam}']").click()
    await answering
    await hana.locator("dialog button[value='guest']").click()
    called = await rehearsal.hears("guest_message")
    query_id = called["guest_query_id"]
    await rehearsal.bot("answerGuestQuery", guest_query_id=query_id, result=draw_card("petition_bot"))
    await expect(rehearsal.phone(rehearsal.sam).locator(".message.in").last).to_contain_text("12명")
