"""People type, paste, change and send formatted text."""

import pytest

from tests.emulator.web.page.rehearsal import Rehearsal, expect, select, shorten
from tests.support.bot_api_schema import watch_updates

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="session")]

PASTE = """(line, html) => {
    const carried = new DataTransfer();
    carried.setData("text/html", html);
    carried.setData("text/plain", "plain");
    line.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: carried }));
}"""
DOCS = (
    '<meta charset="utf-8"><b style="font-weight:normal"><p style="margin:0">Dear <span style="font-weight:700">friends'
    '</span>,</p>\n<p><a href="https://example.org/a">read</a> <script>alert(1)</script><em>this</em></p></b>'
)
"""A text as Google Docs puts it on the clipboard."""


async def test_formatting_is_typed_by_keys_and_by_buttons(rehearsal: Rehearsal) -> None:
    watch_updates(rehearsal.emulator.world)
    page, phone = rehearsal.page, await rehearsal.begin(rehearsal.sam)
    line = phone.locator(".foot .line")
    await line.press("Control+b")
    await page.keyboard.type("😀bold")
    await line.press("Control+b")
    await page.keyboard.type(" plain secret code linked")
    await expect(phone.get_by_role("toolbar")).to_be_hidden()
    await select(line, "secret")
    await phone.get_by_role("toolbar", name="Formatting").get_by_role("button", name="Spoiler").click()
    await expect(line.locator(".spoiler")).to_have_text("secret")
    await select(line, "code")
    await line.press("Control+Shift+M")
    await select(line, "linked")
    await line.press("Control+k")
    sheet = page.get_by_role("dialog", name="Link")
    await sheet.get_by_label("Address").fill("example.org/a")
    await page.keyboard.press("Enter")
    await expect(line.locator("a")).to_have_text("linked")
    await expect(line).to_be_focused()
    await line.press("Enter")
    message = await rehearsal.hears()
    assert message["text"] == "😀bold plain secret code linked"
    expected = [("bold", "😀bold"), ("spoiler", "secret"), ("code", "code"), ("text_link", "linked")]
    assert shorten(message) == expected
    assert message["entities"][3]["url"] == "https://example.org/a"
    await expect(phone.locator(".message.out .text strong")).to_have_text("😀bold")
    await expect(line).to_have_text("")


async def test_keys_remove_and_undo_formatting(rehearsal: Rehearsal) -> None:
    phone = await rehearsal.begin(rehearsal.sam)
    line = phone.locator(".foot .line")
    await line.press_sequentially("one two three")
    await line.press("Control+a")
    await line.press("Control+i")
    await select(line, "two")
    await line.press("Control+i")
    await line.press("Control+Shift+X")
    await line.press("Control+z")
    await line.press("End")
    await line.press("Enter")
    assert shorten(await rehearsal.hears()) == [("italic", "one "), ("italic", " three")]


async def test_pasted_formatting_is_sent_and_can_be_undone(rehearsal: Rehearsal) -> None:
    watch_updates(rehearsal.emulator.world)
    phone = await rehearsal.begin(rehearsal.sam)
    line = phone.locator(".foot .line")
    await line.press_sequentially("Hello. The end")
    await select(line, "The")
    await line.evaluate(PASTE, DOCS)
    await expect(line.locator("b")).to_have_text("friends")
    await line.press("Control+z")
    await expect(line).to_have_text("Hello. The end")
    await select(line, "The")
    await line.evaluate(PASTE, DOCS)
    await line.press("Enter")
    message = await rehearsal.hears()
    assert message["text"] == "Hello. Dear friends,\nread this end"
    assert shorten(message) == [("bold", "friends"), ("text_link", "read"), ("italic", "this")]
    await line.evaluate(PASTE, "<p>no formatting</p>")
    await expect(line).to_have_text("plain")


MARKED = {
    "😀**bold** and __italic__, ~~gone~~ ||secret||": [
        ("bold", "bold"),
        ("italic", "italic"),
        ("strikethrough", "gone"),
        ("spoiler", "secret"),
    ],
    "`a **b**` ** ** 2**3": [("code", "a **b**")],
    "```\nsign()\n__x__```end": [("pre", "sign()\n__x__")],
    "**a __b__**": [("bold", "a "), ("bold", "b"), ("italic", "b")],
    "____ |||| `` nothing": [],
}


async def test_marks_become_formatting_as_in_telegrams_apps(rehearsal: Rehearsal) -> None:
    run = "async (text) => (await import('/page/writing/rich.js')).readMarks({ text, entities: [] })"
    for text, expected in MARKED.items():
        assert sorted(shorten(await rehearsal.page.evaluate(run, text))) == sorted(expected), text
    phone = await rehearsal.begin(rehearsal.sam)
    await phone.locator(".foot .line").press_sequentially("**Hello** Sam")
    await rehearsal.page.keyboard.press("Enter")
    message = await rehearsal.hears()
    assert (message["text"], shorten(message)) == ("Hello Sam", [("bold", "Hello")])


ROUND_TRIPS = """async (seed) => {
    const { Line } = await import("/page/writing/line.js");
    const next = (most) => (seed = (seed * 48271) % 2147483647) % most;
    const pick = (list) => list[next(list.length)];
    const types = ["bold", "italic", "underline", "strikethrough", "code", "spoiler", "text_link"];
    const url = "https://example.org/";
    const line = new Line("line", async () => url);
    document.body.append(line.element);
    const paint = ({ text, entities }) => [...text].map((_, at) => text[at] === "\\n" ? "" : types.filter((type) =>
        entities.some((one) => one.type === type && one.offset <= at && at < one.offset + one.length)).join());
    for (let round = 0; round < 400; round++) {
        const text = Array.from({ length: next(12) }, () => pick(["a", "b", " ", "\\n", "가", "*"])).join("");
        const entities = Array.from({ length: text && next(4) }, () => {
            const offset = next(text.length);
            return { type: pick(types), offset, length: 1 + next(text.length - offset), url };
        });
        const [from, to] = [next(text.length + 1), next(text.length + 1)].sort((one, other) => one - other);
        line.write({ text, entities });
        line.element.focus();
        line.select(from, to);
        const read = line.content;
        const kept = read.text === text && JSON.stringify(paint(read)) === JSON.stringify(paint({ text, entities }));
        if (!kept || line.selection[0] !== from || line.selection[1] !== to) return { text, entities, from, to, read };
        await line.format(pick(types));
        if (line.text !== text) return { text, entities, from, to, formatted: line.content };
    }
    line.element.remove();
    return null;
}"""


async def test_any_formatted_text_is_shown_and_read_unchanged(rehearsal: Rehearsal) -> None:
    await expect(rehearsal.page.locator(".phone")).to_be_visible()
    for seed in (1, 20_120_214, 4_711):
        assert await rehearsal.page.evaluate(ROUND_TRIPS, seed) is None


async def test_links_that_telegram_refuses_are_not_pasted(rehearsal: Rehearsal) -> None:
    run = "async (html) => (await import('/page/writing/rich.js')).readHtml(html)"
    for address in ("javascript:alert(1)", "mailto:a@b.c", "/relative", "http://localhost/x", "data:text/html,x"):
        read = await rehearsal.page.evaluate(
            run, f'<a href="{address}">words</a><img src=x onerror="alert(1)" alt="🕊">'
        )
        assert read == {"text": "words🕊", "entities": []}, address
    read = await rehearsal.page.evaluate(run, "<ul><li>one</li><li>two</li></ul><style>x</style><p>3 &lt; 4</p>")
    assert read == {"text": "one\ntwo\n3 < 4", "entities": []}
