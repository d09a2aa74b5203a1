"""Page breaks in paragraphs, read back by PDFium."""

from pathlib import Path

from pypdfium2 import PdfDocument

from chatbot.documents.typesetting.pages import BOTTOM, Pages, Word

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
