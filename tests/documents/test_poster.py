"""The poster: one page in any direction, a code that leads to the link, and long texts that stay clear of the code."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL.Image import Image
from pypdfium2 import PdfDocument

from chatbot.documents import poster
from chatbot.documents.qr_code import encode
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.records.links import describe_poster
from tests.support.languages import LANGUAGES

LINK = "https://t.me/SaveMyFriendBot?start=church-flyer"
SCALE = 2.0
PIXELS = SCALE * 72 / 25.4
"""Pixels of a millimetre."""


def print_out(described: dict[str, Any], file: Path) -> tuple[str, Image]:
    """Make the poster, and return its text and its picture."""
    poster.make(described | {"path": str(file)})
    document = PdfDocument(file)
    assert len(document) == 1
    return document[0].get_textpage().get_text_bounded(), document[0].render(scale=SCALE).to_pil().convert("L")


def read_code(page: Image) -> list[list[int]]:
    """Read the modules of the code from the picture."""
    size = len(encode(LINK))
    module = poster._CODE / (size + 8)
    left, top = poster._MIDDLE - module * size / 2, poster._CODE_TOP + 4 * module

    def is_dark(x: int, y: int) -> int:
        pixel = page.getpixel(((left + (x + 0.5) * module) * PIXELS, (top + (y + 0.5) * module) * PIXELS))
        assert isinstance(pixel, int)
        return int(pixel < 128)

    return [[is_dark(x, y) for x in range(size)] for y in range(size)]


def find_ink(page: Image, top: float, bottom: float) -> bool:
    """Whether anything is printed between two heights, in millimetres."""
    strip = page.crop((0, int(top * PIXELS), page.width, int(bottom * PIXELS)))
    low, _high = strip.getextrema()
    assert isinstance(low, (int, float))
    return low < 128


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_poster_has_the_words_and_the_code(
    tmp_path: Path, campaign: Campaign, translators: Mapping[str, Translator], language: str, direction: str
) -> None:
    described = describe_poster(translators[language], campaign.words[language], LINK)
    text, page = print_out(described | {"direction": direction}, tmp_path / "poster.pdf")
    assert read_code(page) == encode(LINK), "the code is never mirrored"
    for each in ("address", "name", "scan"):
        assert described[each].split()[0] in text
    assert "church-flyer" not in text, "only the code has the name of the link"


@pytest.mark.parametrize("title", ["🕊 Peace for everyone ❤️", "🕊️ 모두에게 평화를", "Peace 👩‍👩‍👧‍👦 for 🇰🇷 everyone"])
def test_poster_leaves_out_emojis(
    tmp_path: Path, campaign: Campaign, translators: Mapping[str, Translator], title: str
) -> None:
    words = replace(campaign.words["en"], title=title, lead="Families 👨‍👩‍👧 are waiting. 🙏🏽")
    text, _page = print_out(describe_poster(translators["en"], words, LINK), tmp_path / "poster.pdf")
    assert "Families are waiting." in " ".join(text.split())
    assert not {letter for letter in text if letter in "□\u200d\ufe0f"}


def test_longest_texts_leave_room_for_the_code(
    tmp_path: Path, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    words = replace(
        campaign.words["ko"], title="탈북 난민을 구해 " * 12 + "주세요", lead="막아 달라고 유엔에 함께 " * 11
    )
    assert len(words.title) <= 128
    described = describe_poster(translators["ko"], words, LINK)
    text, page = print_out(described, tmp_path / "poster.pdf")
    assert "주세요" in text
    assert read_code(page) == encode(LINK)
    assert not find_ink(page, poster._CODE_TOP - 1, poster._CODE_TOP + 6)


@pytest.mark.parametrize(
    "title",
    ["\ufdfd" * 128, "\ufdfd " * 64, "W" * 128, "풀" * 128, "ஹௌ" * 64, " ".join(["W" * 31] * 4), "🏳️‍🌈" * 21],
    ids=["ligatures", "spaced", "word", "hangul", "tamil", "words", "flags"],
)
def test_any_title_and_lead_stay_on_one_page(
    tmp_path: Path, campaign: Campaign, translators: Mapping[str, Translator], title: str
) -> None:
    words = replace(campaign.words["en"], title=title, lead=title * 2)
    _text, page = print_out(describe_poster(translators["en"], words, LINK), tmp_path / "poster.pdf")
    assert read_code(page) == encode(LINK)
    assert not find_ink(page, poster._CODE_TOP - 1, poster._CODE_TOP + 6)
    edges = [page.crop((left, int(13 * PIXELS), right, page.height)).getextrema() for left, right in _edges(page)]
    assert all(low > 128 for low, _high in edges), "nothing leaves the page"


def _edges(page: Image) -> list[tuple[int, int]]:
    return [(0, int(5 * PIXELS)), (page.width - int(5 * PIXELS), page.width)]


def test_poster_needs_no_lead(tmp_path: Path, campaign: Campaign, translators: Mapping[str, Translator]) -> None:
    words = replace(campaign.words["en"], lead=None)
    _text, page = print_out(describe_poster(translators["en"], words, LINK), tmp_path / "poster.pdf")
    assert read_code(page) == encode(LINK)
