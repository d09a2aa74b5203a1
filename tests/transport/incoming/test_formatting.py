"""A subscriber sees the formatting that an organizer typed, according to the parser of the emulator."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from chatbot.emulator.text.formatting import formatted
from chatbot.emulator.text.markup import parse
from chatbot.transport.incoming.formatting import format_text

STYLES = ["bold", "italic", "underline", "strikethrough", "spoiler"]


def mark(kind, offset, length, **more):
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("text", "entities", "html"),
    [
        ("bold move", [mark("bold", 0, 4)], "<b>bold</b> move"),
        ("하나 ✊🏽 서명", [mark("italic", 7, 2)], "하나 ✊🏽 <i>서명</i>"),
        ("👩‍👩‍👧 x", [mark("underline", 9, 1)], "👩‍👩‍👧 <u>x</u>"),
        ("a b", [mark("strikethrough", 0, 1), mark("spoiler", 2, 1)], "<s>a</s> <tg-spoiler>b</tg-spoiler>"),
        ("q\nr", [mark("blockquote", 0, 1)], "<blockquote>q</blockquote>\nr"),
        ("q", [mark("expandable_blockquote", 0, 1)], "<blockquote expandable>q</blockquote>"),
        ("x=1", [mark("code", 0, 3)], "<code>x=1</code>"),
        ("x=1", [mark("pre", 0, 3)], "<pre>x=1</pre>"),
        ("x=1", [mark("pre", 0, 3, language="python")], '<pre><code class="language-python">x=1</code></pre>'),
        ("here", [mark("text_link", 0, 4, url="https://a.org/?x=1&y='2'")],
         '<a href="https://a.org/?x=1&amp;y=&#39;2&#39;">here</a>'),
        ("join", [mark("text_link", 0, 4, url="tg://resolve?domain=x")], '<a href="tg://resolve?domain=x">join</a>'),
        ("<b> & co", [mark("bold", 4, 1)], "&lt;b&gt; <b>&amp;</b> co"),
        # nested
        ("abc", [mark("bold", 0, 3), mark("italic", 1, 1)], "<b>a<i>b</i>c</b>"),
        ("abc", [mark("bold", 0, 3), mark("italic", 0, 3)], "<b><i>abc</i></b>"),
        ("abc", [mark("bold", 0, 3), mark("text_link", 1, 1, url="https://a.org")],
         '<b>a<a href="https://a.org">b</a>c</b>'),
        ("abc", [mark("bold", 0, 3), mark("blockquote", 0, 3)], "<blockquote><b>abc</b></blockquote>"),
        # overlapping: a style is split, a quotation, code or a link is not
        ("abcd", [mark("bold", 0, 3), mark("italic", 1, 3)], "<b>a<i>bc</i></b><i>d</i>"),
        ("abcd", [mark("bold", 0, 3), mark("blockquote", 1, 3)], "<b>a</b><blockquote><b>bc</b>d</blockquote>"),
        ("abcd", [mark("code", 0, 3), mark("bold", 1, 3)], "<code>a<b>bc</b></code><b>d</b>"),
        ("abcde", [mark("italic", 0, 4), mark("bold", 1, 2), mark("code", 2, 3)],
         "<i>a<b>b</b></i><code><i><b>c</b>d</i>e</code>"),
    ],
)  # fmt: skip
def test_entities_become_html(text, entities, html):
    assert format_text(text, entities) == Markup(html)
    assert format_text(text, entities[::-1]) == Markup(html)


@pytest.mark.parametrize(
    "entity",
    [
        mark("mention", 0, 5),
        mark("hashtag", 0, 5),
        mark("url", 0, 5),
        mark("bot_command", 0, 5),
        mark("text_mention", 0, 5, user={"id": 7}),
        mark("custom_emoji", 0, 2, custom_emoji_id="1"),
        mark("telepathy", 0, 5),
        mark("text_link", 0, 5, url="javascript:alert(1)"),
        mark("text_link", 0, 5, url="ftp://example.org"),
        mark("text_link", 0, 5, url="http://[broken"),
        mark("text_link", 0, 5, url="tg://user?id=7"),
        mark("text_link", 0, 5),
        mark("bold", 0, 0),
        mark("bold", 5, 3),
        mark("bold", -2, 4),
        mark("bold", 0, -1),
        mark("bold", 0, True),
        mark("bold", 0.0, 2),
        mark("bold", "0", 2),
        mark("bold", None, 2),
        {"type": "bold"},
        {"type": ["bold"], "offset": 0, "length": 2},
        "bold",
        None,
    ],
)
def test_formatting_ignores_other_entities(entity):
    assert format_text("plain", [entity]) is None
    assert format_text("plain", [entity, mark("bold", 0, 5)]) == "<b>plain</b>"


@pytest.mark.parametrize("entities", [None, [], {}, "bold", 7])
def test_text_without_entities_stays_plain(entities):
    assert format_text("<plain>", entities) is None


def test_entity_beyond_the_text_ends_with_it():
    assert format_text("abc", [mark("bold", 1, 2**40)]) == "a<b>bc</b>"


def test_entity_over_half_a_character_covers_the_whole():
    assert format_text("a😀b", [mark("bold", 2, 2)]) == "a<b>😀b</b>"


ALPHABET = st.sampled_from("ab하나<>&\"'#@/. \n😀👍✊é")
LINKS = st.sampled_from(['https://example.org/?a=1&b="2"\'', "http://example.org/<x>", "tg://resolve?domain=x"])


def count_units(text):
    return len(text.encode("utf-16-le")) // 2


@st.composite
def messages(draw):
    """Draw a text with entities as people set them: quotations, code and links side by side, any styles over them."""
    text = draw(st.text(ALPHABET, min_size=1, max_size=30).map(str.strip))
    places = st.integers(0, len(text))

    def cover(kind, start, end, **more):
        return mark(kind, count_units(text[:start]), count_units(text[start:end]), **more)

    entities = [
        cover(draw(st.sampled_from(STYLES)), draw(places), draw(places)) for _ in range(draw(st.integers(0, 5)))
    ]
    edges = sorted(draw(st.lists(places, unique=True, max_size=6)))
    for start, end in zip(edges[::2], edges[1::2], strict=False):
        kind = draw(st.sampled_from(["blockquote", "expandable_blockquote", "pre", "code", "text_link"]))
        more = {"text_link": {"url": draw(LINKS)}, "pre": {"language": draw(st.sampled_from(["c++", 'a"<b']))}}
        entities.append(cover(kind, start, end, **more.get(kind, {})))
    return text, entities


def find_formatting(text, entities):
    """Return the formatting of each unit of UTF-16; None for blanks, on which formatting is invisible."""
    units = text.encode("utf-16-le")
    formatting = []
    for unit in range(len(units) // 2):
        over = {
            (one["type"], one.get("url"), one.get("language"))
            for one in entities
            if one["offset"] <= unit < one["offset"] + one["length"]
        }
        formatting.append(over if units[2 * unit : 2 * unit + 2] not in (b" \0", b"\n\0") else None)
    return formatting


@settings(deadline=None)
@given(messages())
def test_formatting_comes_back_as_it_was_typed(message):
    text, entities = formatted(message[0], entities=message[1])  # as Telegram delivers it
    html = format_text(text, entities)
    if html is None:
        assert not {one["type"] for one in entities} & {*STYLES, "blockquote", "pre", "code", "text_link"}
        return
    again, kept = formatted(str(html), "HTML")
    assert again == text
    assert find_formatting(again, kept) == find_formatting(text, entities)
    assert sum(one["type"].endswith("blockquote") for one in kept) == sum(
        one["type"].endswith("blockquote") for one in entities
    ), "no quotation is split"


KINDS = st.sampled_from([*STYLES, "blockquote", "pre", "code", "text_link", "expandable_blockquote"])
NUMBERS = st.integers(-3, 40) | st.sampled_from([True, None, 2**70, 1.5, "1"])
ANY_ENTITY = st.builds(mark, KINDS, NUMBERS, NUMBERS, url=LINKS | st.text() | st.none(), language=st.text() | st.none())


@settings(deadline=None)
@given(st.text(), st.lists(ANY_ENTITY | st.dictionaries(st.text(), st.text()) | st.none()))
def test_formatting_keeps_the_text_with_any_entities(text, entities):
    html = format_text(text, entities)
    assert html is None or parse(str(html))[0] == text


def test_hundred_overlapping_entities_give_a_short_text():
    entities = [mark(STYLES[n % 5], n, 100) for n in range(100)]
    html = format_text("x" * 200, entities)
    assert parse(str(html))[0] == "x" * 200
    assert len(str(html)) < 32_768
