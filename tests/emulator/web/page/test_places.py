"""Groups and channels on the page: people choose one with the bot's keyboard, and change the bot's rights there."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Locator

from chatbot.emulator.world.places import gatherings
from tests.emulator.web.page.rehearsal import Rehearsal, expect
from tests.support.limits import GIVE_UP

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

RIGHTS: dict[str, Any] = dict.fromkeys(
    (
        *("is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members"),
        *("can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories"),
        "can_delete_stories",
    ),
    False,
)


def ask(text: str, request_id: int, *, channel: bool) -> list[dict[str, Any]]:
    rights = RIGHTS | {"can_post_messages" if channel else "can_pin_messages": True}
    asked = {"request_id": request_id, "chat_is_channel": channel, "bot_administrator_rights": rights}
    return [{"text": text, "request_chat": asked | {"user_administrator_rights": rights, "request_title": True}}]


async def offer(rehearsal: Rehearsal) -> Any:
    """Show Sam a keyboard that asks for a channel or a group, and return his phone."""
    rehearsal.emulator.world.starts(rehearsal.sam)
    await rehearsal.hears()
    rows = [ask("Choose a channel", 1, channel=True), ask("Choose a group", 2, channel=False), [{"text": "Not now"}]]
    await rehearsal.page.locator(f'.person[data-person="{rehearsal.sam}"]').click()
    await rehearsal.bot("sendMessage", chat_id=rehearsal.sam, text="Which?", reply_markup={"keyboard": rows})
    return rehearsal.page.locator(f'.phone[data-person="{rehearsal.sam}"]')


async def open_menu(rehearsal: Rehearsal, place: Locator, label: str) -> None:
    """Open the menu of a place until it offers `label`. The page hears of a change a little later than the bot."""
    item = rehearsal.page.get_by_role("menuitem", name=label)
    async with asyncio.timeout(GIVE_UP):
        while True:
            await place.get_by_role("button", name="more").click()
            if await item.count():
                return
            await rehearsal.page.keyboard.press("Escape")


async def test_person_makes_a_channel_and_changes_what_the_bot_may_do(rehearsal: Rehearsal) -> None:
    page, phone = rehearsal.page, await offer(rehearsal)
    await phone.get_by_role("button", name="Choose a channel").click()
    await page.get_by_label("Or make a new channel").fill("Square")
    await page.get_by_role("button", name="Make it and choose it").click()
    changed = await rehearsal.hears("my_chat_member")
    assert changed["new_chat_member"]["can_post_messages"] is True
    shared = await rehearsal.hears()
    assert shared["chat_shared"]["title"] == "Square"
    await expect(phone.get_by_text("You chose “Square”")).to_be_visible()
    await rehearsal.bot("sendMessage", chat_id=rehearsal.sam, text="Done", reply_markup={"remove_keyboard": True})
    await expect(phone.locator(".keys")).to_be_hidden()
    channel = shared["chat_shared"]["chat_id"]
    await page.locator(f'.person[data-person="{channel}"]').click()
    place = page.locator(f'.phone[data-person="{channel}"]')
    await rehearsal.bot("sendMessage", chat_id=channel, text="A post")
    await expect(place.get_by_text("A post")).to_be_visible()
    for label, may_post in (("Take the bot’s rights away", False), ("Give the bot its rights", True)):
        await open_menu(rehearsal, place, label)
        await page.get_by_role("menuitem", name=label).click()
        changed = await rehearsal.hears("my_chat_member")
        assert changed["new_chat_member"]["can_post_messages"] is may_post


async def test_open_menu_follows_the_rights_of_the_bot(rehearsal: Rehearsal) -> None:
    page, phone = rehearsal.page, await offer(rehearsal)
    await phone.get_by_role("button", name="Choose a channel").click()
    await page.get_by_label("Or make a new channel").fill("Our square")
    await page.get_by_role("button", name="Make it and choose it").click()
    await rehearsal.hears("my_chat_member")
    channel = (await rehearsal.hears())["chat_shared"]["chat_id"]
    await page.locator(f'.person[data-person="{channel}"]').click()
    await page.locator(f'.phone[data-person="{channel}"]').get_by_role("button", name="more").click()
    await expect(page.get_by_role("menuitem", name="Take the bot’s rights away")).to_be_visible()
    world = rehearsal.emulator.world
    gatherings.take_rights(world, world.chats[channel])
    await page.get_by_role("menuitem", name="Give the bot its rights").click()
    assert (await rehearsal.hears("my_chat_member"))["new_chat_member"]["can_post_messages"] is False
    assert (await rehearsal.hears("my_chat_member"))["new_chat_member"]["can_post_messages"] is True


async def test_person_writes_in_a_group_and_makes_it_a_supergroup(rehearsal: Rehearsal) -> None:
    page, phone = rehearsal.page, await offer(rehearsal)
    await phone.get_by_role("button", name="Choose a group").click()
    await page.get_by_label("Or make a new group").fill("Our town")
    await page.get_by_role("button", name="Make it and choose it").click()
    await rehearsal.hears("my_chat_member")
    await rehearsal.hears()
    group = (await rehearsal.hears())["chat_shared"]["chat_id"]
    await page.locator(f'.person[data-person="{group}"]').click()
    place = page.locator(f'.phone[data-person="{group}"]')
    await place.locator("[contenteditable]").click()
    await page.keyboard.type("/share@petition_bot")
    await page.keyboard.press("Enter")
    said = await rehearsal.hears()
    assert (said["chat"]["id"], said["from"]["id"]) == (group, rehearsal.sam)
    await open_menu(rehearsal, place, "Make it a supergroup")
    await page.get_by_role("menuitem", name="Make it a supergroup").click()
    await rehearsal.hears("my_chat_member")
    grown = (await rehearsal.hears())["migrate_to_chat_id"]
    await expect(page.locator(f'.phone[data-person="{grown}"]').get_by_text("became a supergroup")).to_be_visible()
    await expect(page.locator(f'.person[data-person="{group}"]')).to_have_count(0)


async def test_button_without_a_request_sends_its_label(rehearsal: Rehearsal) -> None:
    phone = await offer(rehearsal)
    await phone.get_by_role("button", name="Not now").click()
    assert (await rehearsal.hears())["text"] == "Not now"
