import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.petition.model import CampaignError, Page
from chatbot.petition.text.markup import read_sections
from chatbot.petition.text.pages import LONGEST_UPDATE, plain_text, split_appeal, split_updates


class Reader(HTMLParser):
    """Reads a page as Telegram does: every tag is known and closed in order, the rest is text."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.opened: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"a", "b", "i", "u", "s", "blockquote"}
        assert tag not in self.opened
        self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def seen(page: Page) -> str:
    """Return what a supporter sees of the page."""
    reader = Reader()
    reader.feed(str(page.text))
    reader.close()
    assert not reader.opened
    return reader.words


def pages(text: str, page_length: int = 500) -> list[str]:
    return [seen(page) for page in split_appeal(read_sections(text, "en/appeal.html"), page_length, "en/appeal.html")]


def squeezed(text: str) -> str:
    """Return the visible characters: the position of lines and bullets is layout."""
    return re.sub(r"[\s•]+", "", text)


words = st.text(st.sampled_from("abc하나.!?’&<한글 \n"), max_size=40).map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;")
)
tagged = st.sampled_from(["{}", "<b>{}</b>", "<i>{}</i>", "<s><u>{}</u></s>", '<a href="https://example.org">{}</a>'])
plain = st.lists(words, max_size=30).map("".join)
# Few tags, so that no page exceeds Telegram's number of entities.
sentences = st.builds("{}{}{}".format, plain, st.builds(lambda tag, text: tag.format(text), tagged, plain), plain)
paragraphs = st.sampled_from(
    ["<p>{}</p>", "<p>{}</p>", "<ul><li>{}</li><li>x</li></ul>", "<blockquote><p>{}</p></blockquote>"]
)
blocks = st.one_of(
    st.builds(lambda tag, text: tag.format(text), paragraphs, sentences),
    st.just("<h2>Heading</h2><p>under it</p>"),
    st.builds("<h1>Heading</h1><h2>Heading</h2><p>{} end</p>".format, sentences),
    st.just("<hr>"),
)
texts = st.lists(blocks, max_size=12).map("\n".join)


@given(texts, st.integers(500, 1000))
def test_pages_lose_nothing_and_stay_short(text: str, page_length: int) -> None:
    found = pages(text, page_length)
    alone = HTMLWords.of(text)
    assert squeezed("".join(found)) == squeezed(alone)
    for page in found:
        assert 0 < len(page) <= page_length
        assert page == page.strip(" \n")
        assert page.splitlines()[-1] != "Heading"


@pytest.mark.slow
@given(st.lists(st.builds("<p>{}</p>".format, sentences), max_size=12).map("\n".join))
def test_neighbouring_pages_never_fit_on_one(text: str) -> None:
    found = pages(text)
    assert all(len(one) + len("\n\n") + len(other) > 500 for one, other in pairwise(found))


@given(texts)
def test_layout_changes_no_words(text: str) -> None:
    sections = read_sections(text, "en/appeal.html")
    loosely = text.replace("<p>", "<!-- a note --><p>\n  ").replace("<hr>", "")
    assert plain_text(read_sections(loosely, "en/appeal.html")) == plain_text(sections)
    assert plain_text(read_sections(f"{text}<p>more</p>", "en/appeal.html")) != plain_text(sections)


class HTMLWords(HTMLParser):
    """Return all words of a source text, as a browser would show them."""

    found = ""

    def handle_data(self, data: str) -> None:
        self.found += data

    @classmethod
    def of(cls, text: str) -> str:
        reader = cls()
        reader.feed(text)
        reader.close()
        return reader.found


def test_pages_are_as_even_as_they_can_be() -> None:
    text = "".join(f"<p>{'a' * 240}</p>" for _ in range(3))
    assert [len(page) for page in pages(text)] in ([240, 482], [482, 240])
    assert [len(page) for page in pages("".join(f"<p>{'a' * 120}</p>" for _ in range(6)))] == [364, 364]


def test_page_of_a_long_paragraph_ends_with_a_sentence() -> None:
    found = pages(f"<p>{'모든 사람은 자유롭습니다. ' * 60}</p>")
    assert len(found) == 2
    assert all(page.endswith("자유롭습니다.") for page in found)


def test_endless_sentence_is_cut_between_words_and_endless_word_anywhere() -> None:
    assert {word for page in pages(f"<p>{'salt ' * 300}</p>") for word in page.split()} == {"salt"}
    assert [len(page) for page in pages(f"<p>{'x' * 1100}</p>")] == [500, 500, 100]


def test_divided_paragraph_stays_bold_and_quoted_on_both_pages() -> None:
    text = f"<blockquote expandable><b>{'We cry out. ' * 60}</b></blockquote>"
    for page in split_appeal(read_sections(text, "en/appeal.html"), 500, "en/appeal.html"):
        assert page.text.startswith("<blockquote expandable><b>We cry out.")
        assert page.text.endswith("</b></blockquote>")


def test_joined_sentences_share_one_bold_tag() -> None:
    for page in split_appeal(read_sections(f"<p><b>{'We cry out. ' * 60}</b></p>", "x"), 500, "x"):
        assert page.text.count("<b>") == 1


def test_heading_stays_with_its_text() -> None:
    found = pages(f"<p>{'a' * 480}</p><h2>Why</h2><p>{'b' * 400}</p>")
    assert found == ["a" * 480, "Why\n\n" + "b" * 400]


def test_rule_begins_a_page() -> None:
    assert pages("<p>one</p><hr><p>two</p>") == ["one", "two"]


def test_update_is_one_page_up_to_telegrams_limit() -> None:
    text = f"<p>{'a' * LONGEST_UPDATE}</p><hr><p>first</p>"
    assert [len(seen(page)) for page in split_updates(read_sections(text, "x"), "x")] == [LONGEST_UPDATE, 5]
    too_long = f"<p>News: {'a ' * LONGEST_UPDATE}</p>"
    with pytest.raises(CampaignError, match=r"^ko/updates.html: the update that begins “News: a a.*shorten it, or"):
        split_updates(read_sections(too_long, "ko/updates.html"), "ko/updates.html")


@pytest.mark.parametrize("text", ["<b>a</b> " * 91, f'<a href="https://example.org/{"x" * 900}">a</a> b ' * 40])
def test_more_tags_than_telegram_shows_are_refused(text: str) -> None:
    with pytest.raises(CampaignError, match=r"^en/updates.html: the page that begins “a .*take some out, or divide"):
        split_updates(read_sections(f"<p>{text}</p>", "en/updates.html"), "en/updates.html")
