import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.emulator.text.markup import MarkupError, parse, units


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("a &lt; b &amp; c &#65; &#x41; &quot;", 'a < b & c A A "', []),
        ("&nbsp; &copy & &;", "&nbsp; &copy & &;", []),
        ("<b>x</b>", "x", [("bold", 0, 1)]),
        ("<STRONG>x</strong>", "x", [("bold", 0, 1)]),
        ("<b>x</>", "x", [("bold", 0, 1)]),
        ("<b></b>x", "x", []),
        ("😀<i>é</i>", "😀é", [("italic", 2, 1)]),
        ("<b>서<i>명</i></b>", "서명", [("italic", 1, 1), ("bold", 0, 2)]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("<blockquote>x</blockquote>", "x", [("blockquote", 0, 1)]),
        ('<tg-time unix="1647531900" format="wDT">soon</tg-time>', "soon", [("date_time", 0, 4)]),
    ],
)
def test_html_becomes_text_and_entities(source, text, entities):
    plain, found = parse(source)
    assert plain == text
    assert [(one["type"], one["offset"], one["length"]) for one in found] == entities


def test_link_keeps_its_url():
    assert parse("<a href='http://Example.org/?a=1&amp;b=2'>x</a>")[1] == [
        {"offset": 0, "length": 1, "type": "text_link", "url": "http://example.org/?a=1&b=2"}
    ]


def test_link_without_href_uses_its_text():
    assert parse("<a>example.org</a>")[1][0]["url"] == "http://example.org/"


def test_invalid_link_becomes_plain_text():
    assert parse('<a href="nowhere">x</a>') == ("x", [])


def test_link_to_a_person_becomes_a_mention():
    assert parse('<a href="tg://user?id=42">x</a>')[1][0] == {
        "offset": 0,
        "length": 1,
        "type": "text_mention",
        "user": 42,
    }


def test_code_with_a_language_becomes_one_block():
    assert parse('<pre><code class="language-python">x</code></pre>')[1] == [
        {"offset": 0, "length": 1, "type": "pre", "language": "python"}
    ]
    assert parse('<code class="language-python">x</code>')[1] == [{"offset": 0, "length": 1, "type": "code"}]


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("가<p>x</p>", 'Unsupported start tag "p" at byte offset 3'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("x<br>", 'Unsupported start tag "br" at byte offset 1'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ('<span class="red">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ('<tg-emoji emoji-id="x">y</tg-emoji>', "Invalid custom emoji identifier specified"),
        ("&#xD83D;", "Text contains invalid Unicode characters after decoding HTML entities"),
    ],
)
def test_wrong_html_is_refused_with_telegrams_error(source, complaint):
    with pytest.raises(MarkupError) as refused:
        parse(source)
    assert str(refused.value).startswith(complaint)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_is_restored(text):
    assert parse(html.escape(text, quote=False)) == (text, [])


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.text(st.characters(exclude_categories=["Cs"])))
def test_offsets_count_utf16(inner, before):
    plain, entities = parse(f"{html.escape(before)}<b>{html.escape(inner)}</b>")
    assert plain == before + inner
    offset, length = len(before.encode("utf-16-le")) // 2, len(inner.encode("utf-16-le")) // 2
    assert entities == [{"offset": offset, "length": length, "type": "bold"}]


@given(st.text(st.sampled_from("<>/&;=\"' abp#x1")))
def test_parser_accepts_or_refuses_any_text(source):
    try:
        plain, entities = parse(source)
    except MarkupError:
        return
    assert all(0 <= one["offset"] < one["offset"] + one["length"] <= units(plain) for one in entities)
