"""People edit, reply, forward and send albums. Nothing typed is lost."""

import pytest

from chatbot.emulator.world.samples import picture
from tests.emulator.web.page.rehearsal import Locator, Rehearsal, expect, select, shorten
from tests.support.bot_api_schema import watch_updates

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]


async def refuse(rehearsal: Rehearsal) -> None:
    """Make the server refuse what people do, until `accept`."""
    await rehearsal.page.route("**/emulator/chats/*/*", lambda route: route.fulfill(status=400, json={"error": "no"}))


async def accept(rehearsal: Rehearsal) -> None:
    """Make the server work again, and drop the complaints of the browser about its refusals."""
    await rehearsal.page.unroute_all()
    rehearsal.complaints[:] = [said for said in rehearsal.complaints if "400" not in said]


async def menu(rehearsal: Rehearsal, message: Locator, item: str) -> None:
    """Choose from the menu of a message."""
    await message.locator(".bubble").click(button="right")
    await rehearsal.page.get_by_role("menuitem", name=item, exact=True).click()


async def test_person_edits_a_message(rehearsal: Rehearsal) -> None:
    watch_updates(rehearsal.emulator.world)
    page, phone = rehearsal.page, await rehearsal.begin(rehearsal.sam)
    line, mine = phone.locator(".foot .line"), phone.locator(".message.out", has_text="Smith")
    await line.press_sequentially("My name is Smith")
    await line.press("Enter")
    sent = await rehearsal.hears()
    await page.keyboard.type("half a thought")
    await menu(rehearsal, mine, "Edit")
    await expect(line).to_have_text("My name is Smith")
    await expect(phone.locator(".strip")).to_contain_text("Edit message")
    await select(line, "Smith")
    await line.press("Control+b")
    await phone.get_by_role("button", name="Save").click()
    edited = await rehearsal.hears("edited_message")
    assert (edited["message_id"], shorten(edited)) == (sent["message_id"], [("bold", "Smith")])
    await expect(mine.locator(".stamp")).to_contain_text("edited")
    await expect(line).to_have_text("half a thought")
    await expect(phone.locator(".strip")).to_be_hidden()
    await line.press("Control+a")
    await line.press("Delete")
    await line.press("ArrowUp")
    await expect(line.locator("b")).to_have_text("Smith")
    await line.press("Escape")
    await expect(line).to_have_text("")
    await menu(rehearsal, mine, "Reply")
    await expect(phone.locator(".strip")).to_contain_text("Reply to Sam")


async def test_failed_edit_loses_nothing_typed(rehearsal: Rehearsal) -> None:
    page, phone = rehearsal.page, await rehearsal.begin(rehearsal.sam)
    world, line = rehearsal.emulator.world, phone.locator(".foot .line")
    await line.press_sequentially("Sam")
    await line.press("Enter")
    sent = await rehearsal.hears()
    await page.keyboard.type("a draft")
    await menu(rehearsal, phone.locator(".message.out", has_text="Sam"), "Edit")
    await page.keyboard.type(" Taylor")
    await refuse(rehearsal)
    await line.press("Enter")
    await expect(phone.get_by_role("status")).to_contain_text("That did not work: no")
    await expect(line).to_have_text("Sam Taylor")
    await accept(rehearsal)
    await rehearsal.become(rehearsal.hana)
    phone = await rehearsal.become(rehearsal.sam)
    line = phone.locator(".foot .line")
    await expect(line).to_have_text("Sam Taylor")
    await expect(phone.locator(".strip")).to_contain_text("Edit message")
    world.remove(world.message(rehearsal.sam, sent["message_id"]))
    await expect(phone.locator(".strip")).to_be_hidden()
    await expect(line).to_have_text("a draft\nSam Taylor", use_inner_text=True)


async def test_refused_message_returns_to_the_line_before_newer_text(rehearsal: Rehearsal) -> None:
    phone = await rehearsal.begin(rehearsal.sam)
    line = phone.locator(".foot .line")
    await menu(rehearsal, phone.locator(".message.out"), "Reply")
    await rehearsal.page.keyboard.type("first")
    release = await line.evaluate_handle("() => new EventTarget()")
    await rehearsal.page.evaluate(
        """(held) => {
            const real = window.fetch;
            window.fetch = async (...how) => {
                window.fetch = real;
                await new Promise((resolve) => held.addEventListener("release", resolve));
                throw new TypeError("gone");
            };
        }""",
        release,
    )
    await line.press("Enter")
    await expect(line).to_have_text("")
    await rehearsal.page.keyboard.type("second")
    await release.evaluate("(held) => held.dispatchEvent(new Event('release'))")
    await expect(phone.get_by_role("status")).to_contain_text("no connection")
    assert await line.inner_text() == "first\nsecond"
    await expect(phone.locator(".strip")).to_contain_text("Reply to Sam")
    await rehearsal.become(rehearsal.yuna)
    await rehearsal.page.reload()
    phone = await rehearsal.become(rehearsal.sam)
    assert await phone.locator(".foot .line").inner_text() == "first\nsecond"
    await rehearsal.page.reload()
    await expect(phone.locator(".strip")).to_contain_text("Reply to Sam")
    assert await phone.locator(".foot .line").inner_text() == "first\nsecond"


async def test_person_replies_and_follows_the_quotation(rehearsal: Rehearsal) -> None:
    watch_updates(rehearsal.emulator.world)
    phone = await rehearsal.begin(rehearsal.sam)
    asked = await rehearsal.sends(rehearsal.sam, "Your name?")
    for number in range(20):
        await rehearsal.sends(rehearsal.sam, f"Line {number}\nand its second half")
    await menu(rehearsal, phone.locator(f"[data-id='{asked}']"), "Reply")
    await expect(phone.locator(".strip")).to_contain_text("Reply to Petition")
    await rehearsal.page.keyboard.type("Sam")
    await rehearsal.page.keyboard.press("Enter")
    message = await rehearsal.hears()
    assert (message["text"], message["reply_to_message"]["message_id"]) == ("Sam", asked)
    await expect(phone.locator(".strip")).to_be_hidden()
    quotation = phone.locator(".message.out").last.locator(".answered-to")
    await expect(quotation).to_contain_text("Your name?")
    await expect(phone.locator(f"[data-id='{asked}']")).not_to_be_in_viewport()
    await quotation.click()
    await expect(phone.locator(f"[data-id='{asked}']")).to_be_in_viewport()
    await rehearsal.bot("deleteMessage", chat_id=rehearsal.sam, message_id=asked)
    await quotation.click()  # leads nowhere, as in Telegram
    await rehearsal.sends(rehearsal.sam, "Thank you", reply_parameters={"message_id": message["message_id"]})
    await expect(phone.locator(".message.in").last.locator(".answered-to")).to_contain_text("Sam")


async def test_message_is_forwarded_to_the_bot(rehearsal: Rehearsal) -> None:
    watch_updates(rehearsal.emulator.world)
    page, phone = rehearsal.page, await rehearsal.begin(rehearsal.hana)
    await rehearsal.sends(rehearsal.hana, "<b>소식</b>", ["이어서"], parse_mode="HTML")
    for name in ("유나", "하나"):
        await menu(rehearsal, phone.locator(".message.in").last, "전달")
        sheet = page.get_by_role("dialog", name="전달")
        await expect(sheet.locator(".item").first).to_have_text("하하나")  # the avatar, then the name
        await sheet.get_by_role("button", name=name).click()
        message = await rehearsal.hears()
        assert message["forward_origin"]["sender_user"]["is_bot"]
        assert (message["from"]["first_name"], shorten(message)) == (name, [("bold", "소식")])
        forwarded = rehearsal.phone(message["from"]["id"]).locator(".message.out").last
        await expect(forwarded.locator(".origin")).to_have_text("전달된 메시지 · Petition")
        await expect(forwarded.locator(".key")).to_have_count(0)
        await forwarded.locator(".bubble").click(button="right")
        await expect(page.get_by_role("menuitem", name="수정")).to_have_count(0)
        await page.keyboard.press("Escape")
        phone = await rehearsal.become(rehearsal.hana)


async def test_pictures_are_sent_as_an_album(rehearsal: Rehearsal) -> None:
    watch_updates(rehearsal.emulator.world)
    page, phone = rehearsal.page, await rehearsal.begin(rehearsal.sam)
    line = phone.locator(".foot .line")
    await line.press_sequentially("Three ")
    await line.press("Control+b")
    await page.keyboard.type("walls")
    pictures = [
        {"name": f"{grey}.png", "mimeType": "image/png", "buffer": picture(320, 200, grey)} for grey in (90, 140, 200)
    ]
    await phone.locator(".chooser").set_input_files(pictures)
    sheet = page.get_by_role("dialog", name="3 files")
    await expect(sheet.locator("img")).to_have_count(3)
    await expect(sheet.get_by_label("Caption").locator("b")).to_have_text("walls")
    await page.keyboard.press("Enter")
    messages = [await rehearsal.hears() for _ in pictures]
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [shorten(message) for message in messages] == [[("bold", "walls")], [], []]
    album = phone.locator(".album")
    await expect(album.locator(".photo")).to_have_count(3)
    await expect(album.locator(".text")).to_contain_text("Three walls")
    assert await album.locator(".stamp").filter(visible=True).count() == 1
    await rehearsal.bot("deleteMessage", chat_id=rehearsal.sam, message_id=messages[1]["message_id"])
    await expect(album.locator(".photo")).to_have_count(2)


async def test_refused_file_leaves_its_caption_in_the_line(rehearsal: Rehearsal) -> None:
    page, phone = rehearsal.page, await rehearsal.begin(rehearsal.sam)
    files = [
        {"name": "flat.png", "mimeType": "image/png", "buffer": picture(9000, 10)},
        {"name": "wall.png", "mimeType": "image/png", "buffer": picture()},
    ]
    await phone.locator(".chooser").set_input_files(files)
    await page.keyboard.type("Look")
    await page.keyboard.press("Enter")
    await expect(phone.get_by_role("status")).to_contain_text("PHOTO_INVALID_DIMENSIONS")
    await expect(phone.locator(".foot .line")).to_have_text("Look")
    await expect(phone.locator(".message.out")).to_have_count(1)
    await accept(rehearsal)
