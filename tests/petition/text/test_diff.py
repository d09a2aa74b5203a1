"""Differences between two versions of the appeal, readable on a phone."""

from hypothesis import given
from hypothesis import strategies as st

from chatbot.petition.text.diff import PAGE, compare

PARAGRAPHS = st.lists(st.text("가나 ab<&.", min_size=1, max_size=40), max_size=8)


def test_new_words_are_bold_and_removed_words_are_struck() -> None:
    [page] = compare(
        ["Our friends are in danger.", "Please help."], ["Our friends are in great danger.", "Please help."]
    )
    assert str(page) == "Our friends are in <b>great </b>danger.\n\n…"


def test_different_paragraphs_follow_each_other() -> None:
    [page] = compare(["친구들이 위험합니다."], ["<Nobody> & nothing."])
    assert str(page) == "<s>친구들이 위험합니다.</s> <b>&lt;Nobody&gt; &amp; nothing.</b>"


def test_equal_texts_have_no_pages_and_long_changes_several() -> None:
    assert compare(["a", "b"], ["a", "b"]) == ()
    pages = compare([], [f"{nth} " + "word " * 60 for nth in range(9)])
    assert len(pages) > 1
    assert all(len(page.striptags()) <= PAGE + 320 for page in pages)


@given(PARAGRAPHS, PARAGRAPHS)
def test_changes_between_any_two_texts_fit_telegram(before: list[str], after: list[str]) -> None:
    for page in compare(before, after):
        assert page.count("<s>") == page.count("</s>")
        assert page.count("<b>") == page.count("</b>")
        assert page.count("</") <= 100
