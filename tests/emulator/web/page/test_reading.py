"""Text on the page: Telegram's entities, hostile texts, contrast, names for screen readers."""

import pytest

from chatbot.emulator.world.forwarding import forward
from tests.emulator.web.page.rehearsal import CONTRAST, NAMELESS, Button, Rehearsal, expect, measure

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

STYLES = ("primary", "success", "danger")
WORDS = (
    ".title, .subtitle, .text, .text a, .text .tag, .text .link, .text code, .stamp, .day-label span, .key, .send, "
    ".menu-button, .item-label, .rehearsal-hint, .person-name, .person-role, .person-last, .spread-label, .origin, "
    ".strip-name, .strip-text, .format"
)
RICH = (
    "😀👨‍👩‍👧 <b>bold <i>both</i></b> <u>line</u> <s>gone</s> <tg-spoiler>secret</tg-spoiler> <code>x = 1</code> "
    '<a href="https://example.org/a">linked</a> https://example.org #SaveMyFriend /help\n'
    "<blockquote>short</blockquote><blockquote expandable>" + "a long passage " * 40 + "</blockquote>"
    '<pre><code class="language-python">sign()</code></pre>end'
)
SHOWN = {
    "strong": "bold both",
    "strong em": "both",
    "u": "line",
    "s": "gone",
    "code >> nth=0": "x = 1",
    ".tag": "#SaveMyFriend",
    "blockquote >> nth=0": "short",
    "pre": "sign()",
}


async def test_entities_are_shown_at_their_offsets(rehearsal: Rehearsal) -> None:
    phone = await rehearsal.begin(rehearsal.sam)
    await rehearsal.sends(rehearsal.sam, RICH, parse_mode="HTML")
    text = phone.locator(".message.in .text")
    for part, words in SHOWN.items():
        await expect(text.locator(part)).to_have_text(words)
    linked = text.get_by_role("link", name="linked")
    await expect(linked).to_have_attribute("href", "https://example.org/a")
    await expect(linked).to_have_attribute("target", "_blank")
    await expect(linked).to_have_attribute("rel", "noopener noreferrer")
    spoiler = text.locator(".spoiler")
    await expect(spoiler).to_have_accessible_name("Hidden text, press to show it")
    await spoiler.press("Enter")
    await expect(spoiler).not_to_have_attribute("role", "button")
    quote = text.locator(".foldable")
    folded = (await measure(quote))["height"]
    await quote.get_by_role("button", name="Show all").click()
    assert (await measure(quote))["height"] > 2 * folded
    await text.get_by_role("button", name="/help").click()
    assert (await rehearsal.hears())["text"] == "/help"


async def test_right_to_left_text_is_written_as_in_telegram(rehearsal: Rehearsal) -> None:
    phone = await rehearsal.begin(rehearsal.sam)
    await rehearsal.sends(rehearsal.sam, "العريضة", ["🔔 العربية"], ["🔔 English"])
    labels = phone.locator(".message.in .key .label")
    await expect(labels).to_have_count(2)
    directions = [await label.evaluate("(label) => getComputedStyle(label).direction") for label in await labels.all()]
    assert directions == ["rtl", "ltr"]
    stamp = phone.locator(".message.in .stamp")
    beside = await stamp.evaluate("(stamp) => getComputedStyle(stamp).marginRight")
    assert beside == "9px", "the gap lies between the time and the text, which ends on the left"


async def test_overlapping_entities_are_split(rehearsal: Rehearsal) -> None:
    entities = [{"type": "bold", "offset": 0, "length": 4}, {"type": "italic", "offset": 2, "length": 4}]
    rendered = await rehearsal.page.evaluate(
        """async (entities) => {
            const { renderText } = await import("/page/entities.js");
            const holder = document.createElement("div");
            holder.append(renderText("😀cdef", entities, { bot: "b", words: {} }));
            return holder.innerHTML;
        }""",
        entities,
    )
    assert rendered == "<strong>😀<em>cd</em></strong><em>ef</em>"


async def test_hostile_texts_stay_texts(rehearsal: Rehearsal) -> None:
    attack = '<img src=x onerror="document.title=1"><script>alert(1)</script>'
    mallory = rehearsal.emulator.world.add_person(attack, language_code="en", username="mallory")
    await rehearsal.page.reload()
    phone = await rehearsal.begin(mallory.id)
    await rehearsal.sends(mallory.id, attack, [{"text": attack, "callback_data": "x"}])
    await phone.locator(".foot .line").fill(attack)
    await phone.locator(".foot .line").press("Enter")
    await expect(phone.locator(".message.out .text").last).to_contain_text(attack)
    await expect(phone.locator(".message.in .text")).to_contain_text(attack)
    await expect(phone.locator(".key")).to_have_text(attack)
    assert await rehearsal.page.locator("img, body script").count() == 0
    link = "async () => (await import('/page/links.js')).readLink('javascript:alert(1)', 'b').kind"
    assert await rehearsal.page.evaluate(link) == "inert"


@pytest.mark.parametrize("rehearsal", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True)
async def test_page_is_accessible(rehearsal: Rehearsal) -> None:
    page = rehearsal.page
    phone = await rehearsal.begin(rehearsal.sam)
    styled: list[Button] = [{"text": style, "callback_data": style, "style": style} for style in STYLES]
    await rehearsal.bot("setMyCommands", commands=[{"command": "help", "description": "Help"}])
    await rehearsal.sends(rehearsal.sam, RICH, ["plain"], styled, parse_mode="HTML")
    world = rehearsal.emulator.world
    told = world.newest(rehearsal.sam)[0]
    world.says(rehearsal.sam, "a reply", reply_to=told["message_id"])
    forward(world, world.person(rehearsal.sam), world.person(rehearsal.sam), told["message_id"])
    await rehearsal.sends(rehearsal.sam, "an answer", reply_parameters={"message_id": told["message_id"]})
    await expect(phone.locator(".key")).to_have_count(4)
    await phone.locator(".message.out", has_text="a reply").last.locator(".bubble").click(button="right")
    await page.get_by_role("menuitem", name="Reply").click()
    await phone.locator(".foot .line").fill("hello")
    await phone.locator(".foot .line").press("Control+a")
    await expect(phone.get_by_role("toolbar")).to_be_visible()
    await phone.get_by_role("button", name="More").click()
    assert await page.evaluate(NAMELESS) == []
    log = phone.get_by_role("log")
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(log).to_have_accessible_name("Messages")
    for thing in await page.locator(WORDS).all():
        if not await thing.is_visible():
            continue
        ratio = await thing.evaluate(CONTRAST)
        assert ratio >= 4.5, f"{ratio:.2f}: {await thing.evaluate('(thing) => thing.outerHTML.slice(0, 90)')}"


@pytest.mark.parametrize("rehearsal", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True)
async def test_popups_are_accessible(rehearsal: Rehearsal) -> None:
    page, phone = rehearsal.page, await rehearsal.begin(rehearsal.hana)
    letter = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    await rehearsal.bot("setMyShortDescription", short_description="서명해 주세요")
    username = (await rehearsal.bot("getMe"))["username"]
    link = f"https://t.me/share/url?url=https%3A%2F%2Ft.me%2F{username}&text=b"
    await rehearsal.sends(rehearsal.hana, "안녕", [{"text": "공유", "url": link}])
    openers = {
        "새 사람": lambda: page.locator(".person.add").click(),
        "파일": lambda: phone.locator(".chooser").set_input_files(letter),
        "공유하기": lambda: phone.get_by_role("button", name="공유").click(),
    }
    for sheet, opens in openers.items():
        await opens()
        dialog = page.get_by_role("dialog", name=sheet)
        await expect(dialog).to_be_visible()
        assert await page.evaluate(NAMELESS) == []
        for thing in await dialog.locator(
            "h2, .hint, label, .wide, .tile-name, .tile-note, input, .line, .shared p"
        ).all():
            ratio = await thing.evaluate(CONTRAST)
            assert ratio >= 4.5, f"{ratio:.2f}: {await thing.evaluate('(thing) => thing.outerHTML.slice(0, 90)')}"
        await page.keyboard.press("Escape")
