"""Page breaks in paragraphs, read back by PDFium."""

import re
from itertools import pairwise
from pathlib import Path
from random import Random

from pypdfium2 import PdfDocument

from chatbot.documents.typesetting.pages import BOTTOM, Pages
from chatbot.documents.typesetting.paragraphs import Word

LINE = "W" * 30


def test_page_break_leaves_no_single_line_of_a_paragraph(tmp_path: Path) -> None:
    """Wherever a paragraph begins and however long it is, each page has none of it or at least two lines."""
    height = 10 * 25.4 / 72 * 1.6
    pages, longer = Pages("en", "x"), range(2, 6)
    for many in longer:
        for free in range(many + 2):
            pages.turn()
            pages.y = BOTTOM - height * (free + 0.5)
            pages.paragraph([Word(LINE)] * many, 10)
    pages.close(tmp_path / "pages.pdf")
    texts = [page.get_textpage().get_text_bounded() for page in PdfDocument(tmp_path / "pages.pdf")]
    counts = [text.count(LINE) for text in texts]
    assert sum(counts) == sum(many * (many + 2) for many in longer)
    assert 1 not in counts


def test_no_page_has_the_end_of_a_text_alone_or_a_heading_at_its_foot(tmp_path: Path) -> None:
    """However many paragraphs there are, and however long, a page has two lines of each at least, and three of the end.

    A bold line alone is a heading.
    """
    chance, pages = Random(2012), Pages("en", "x")
    texts = [[chance.randint(1, 6) for _paragraph in range(chance.randint(1, 9))] for _text in range(300)]
    headings = [[many == 1 and chance.random() < 0.5 for many in text] for text in texts]
    for text, bold in zip(texts, headings, strict=True):
        pages.turn(foot=False)
        pages.y = BOTTOM - chance.uniform(0, 120)
        words = [[Word(f"{LINE}{of:02}", bold[of])] * many for of, many in enumerate(text)]
        pages.paragraphs(words, 10, leading=1.6, gap=chance.choice([0, 3.4]))
    pages.close(tmp_path / "pages.pdf")
    read = [page.get_textpage().get_text_bounded() for page in PdfDocument(tmp_path / "pages.pdf")]
    shown = [[int(of) for of in re.findall(rf"{LINE}(\d\d)", page)] for page in read]
    for text, bold in zip(texts, headings, strict=True):
        pieces = []
        while sum(map(len, pieces)) < sum(text):
            pieces.append(shown.pop(0))
        assert [of for page in pieces for of in page] == [of for of, many in enumerate(text) for _line in range(many)]
        for page, following in pairwise(pieces):
            if page:
                assert not bold[page[-1]], "a heading is below the text before it alone"
                is_cut = page[-1] == following[0]
                assert not is_cut or min(page.count(page[-1]), following.count(page[-1])) > 1, "a line is alone"
        assert len(pieces[-1]) >= min(3, sum(text)) or len(text) == 1, "the end is alone"
    assert shown == []
