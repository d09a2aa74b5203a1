"""Pictures, videos and files with captions in both directions."""

import base64

import pytest

from chatbot.emulator.world.samples import LETTER, MOVIE, picture
from tests.emulator.web.page.rehearsal import Rehearsal, expect

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

GIF = base64.b64decode("R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=")
FILES = {
    "photo": ("Photo or video", "wall.png", "image/png", picture(320, 200)),
    "video": ("Photo or video", "vigil.webm", "video/webm", MOVIE),
    "animation": ("Photo or video", "wave.gif", "image/gif", GIF),
    "document": ("File", "wall.png", "image/png", picture(320, 200)),
}


@pytest.mark.parametrize("kind", FILES)
async def test_file_goes_to_the_bot_and_back(rehearsal: Rehearsal, kind: str) -> None:
    item, name, mime, content = FILES[kind]
    page, phone = rehearsal.page, await rehearsal.begin(rehearsal.sam)
    await phone.locator(".foot .line").fill("Look")
    await phone.get_by_role("button", name="Attach").click()
    async with page.expect_file_chooser() as choosing:
        await phone.get_by_role("menuitem", name=item, exact=True).click()
    await (await choosing.value).set_files({"name": name, "mimeType": mime, "buffer": content})
    sheet = page.get_by_role("dialog")
    caption = sheet.get_by_label("Caption")
    await expect(caption).to_have_text("Look")
    await expect(caption).to_be_focused()
    await caption.press("End")
    await page.keyboard.type(" here")
    await caption.press("Enter")
    message = await rehearsal.hears()
    assert message["caption"] == "Look here"
    carried = message[kind][-1] if kind == "photo" else message[kind]
    await expect(phone.locator(".foot .line")).to_have_text("")
    await expect(phone.locator(".foot .line")).to_be_focused()
    await expect(phone.locator(".message.out .text").last).to_contain_text("Look here")

    back = {"chat_id": rehearsal.sam, kind: carried["file_id"], "caption": "<b>Back</b>", "parse_mode": "HTML"}
    await rehearsal.bot(f"send{kind.title()}", **back)
    bubble = phone.locator(".message.in .bubble")
    await expect(bubble.locator(".text strong")).to_have_text("Back")
    if kind == "document":
        await expect(bubble.get_by_role("link")).to_have_attribute("download", name)
    elif kind == "video":
        ready = "async (film) => { while (film.readyState < 1) await new Promise(requestAnimationFrame); "
        assert await bubble.locator("video").evaluate(ready + "return film.videoWidth; }") == 64
        await bubble.get_by_role("button", name="Video").click()
        await expect(page.get_by_role("dialog", name="Video").locator("video")).to_have_attribute("controls", "")
    else:
        width = await bubble.locator("img").evaluate("async (image) => (await image.decode(), image.naturalWidth)")
        assert width == (320 if kind == "photo" else 1)
        await bubble.get_by_role("button", name="Photo" if kind == "photo" else "GIF").click()
        await expect(page.get_by_role("dialog", name="Photo")).to_be_visible()


async def test_cancelled_dialog_sends_nothing(rehearsal: Rehearsal) -> None:
    phone = await rehearsal.begin(rehearsal.hana)
    await phone.locator(".foot .line").fill("보세요")
    letter = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": LETTER}
    await phone.locator(".chooser").set_input_files(letter)
    sheet = rehearsal.page.get_by_role("dialog", name="파일")
    await expect(sheet).to_contain_text("letter.pdf")
    await sheet.get_by_role("button", name="닫기").click()
    await expect(sheet).to_have_count(0)
    # By its role: the dialog's textarea disappears a moment after the dialog closes.
    await expect(phone.get_by_role("textbox", name="메시지")).to_have_text("보세요")
    await expect(phone.locator(".message.out")).to_have_count(1)


async def test_user_pastes_or_drops_a_picture(rehearsal: Rehearsal) -> None:
    phone = await rehearsal.begin(rehearsal.sam)
    act = """(thing, [event, bytes]) => {
        const carried = new DataTransfer();
        carried.items.add(new File([Uint8Array.from(bytes)], "wall.png", { type: "image/png" }));
        const how = { bubbles: true, cancelable: true };
        thing.dispatchEvent(event === "paste" ? new ClipboardEvent(event, { ...how, clipboardData: carried })
            : new DragEvent(event, { ...how, dataTransfer: carried }));
    }"""
    for event, place in (("paste", ".foot .line"), ("drop", ".log")):
        await phone.locator(place).evaluate(act, [event, list(picture())])
        await rehearsal.page.get_by_role("dialog", name="Photo").get_by_role("button", name="Send").click()
        message = await rehearsal.hears()
        assert "photo" in message
        assert "caption" not in message


async def test_tile_with_its_name_replaces_an_unplayable_video(rehearsal: Rehearsal) -> None:
    phone = await rehearsal.begin(rehearsal.sam)
    world = rehearsal.emulator.world
    stored = world.files.keep("video", b"no film at all", "vigil.mp4", "video/mp4")
    await rehearsal.bot("sendVideo", chat_id=rehearsal.sam, video=stored.file_id)
    await expect(phone.locator(".message.in .tile")).to_contain_text("vigil.mp4")
    await expect(phone.locator(".message.in video")).to_have_count(0)


async def test_page_says_why_a_picture_is_refused(rehearsal: Rehearsal) -> None:
    phone = await rehearsal.begin(rehearsal.sam)
    flat = {"name": "flat.png", "mimeType": "image/png", "buffer": picture(9000, 10)}
    await phone.locator(".chooser").set_input_files(flat)
    await rehearsal.page.get_by_role("dialog", name="Photo").get_by_role("button", name="Send").click()
    await expect(phone.get_by_role("status")).to_contain_text("PHOTO_INVALID_DIMENSIONS")
    await expect(phone.locator(".message.out")).to_have_count(1)
    rehearsal.complaints[:] = [said for said in rehearsal.complaints if "400" not in said]  # logged by the browser


async def test_user_sends_samples(rehearsal: Rehearsal) -> None:
    phone = await rehearsal.begin(rehearsal.sam)
    for name in ("sticker", "voice message", "location", "contact"):
        await phone.get_by_role("button", name="Attach").click()
        await phone.get_by_role("menuitem", name=f"Sample {name}").click()
        await rehearsal.hears()
    await expect(phone.locator(".message.out")).to_have_count(5)
