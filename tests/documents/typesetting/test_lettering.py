"""Lines written into pictures, in scripts that the program does not know by name."""

import pytest
from PIL import Image, ImageChops

from chatbot.documents.typesetting.lettering import Lettering

WORDS = {
    "latin": "Güney Kore, İran",
    "greek": "Νότια Κορέα",
    "cyrillic": "Республика Корея",
    "korean": "대한민국",
    "japanese": "韓国・読む",
    "arabic": "كوريا الجنوبية 12",
    "hebrew": "קוריאה הדרומית",
    "thai": "เกาหลีใต้",
    "devanagari": "दक्षिण कोरिया",
}


def paint(text: str, direction="ltr", anchor: str = "ls") -> Image.Image:
    image = Image.new("RGB", (800, 120), "white")
    Lettering(image, text, direction).write((400, 80), text, 40, "black", anchor, 1)
    return image


def find_ink(image: Image.Image) -> tuple[int, int, int, int]:
    found = ImageChops.invert(image.convert("L")).getbbox()
    assert found is not None
    return found


@pytest.mark.parametrize("script", WORDS)
def test_words_of_any_script_are_as_wide_as_measured(script: str) -> None:
    text = WORDS[script]
    image = Image.new("RGB", (8, 8))
    lettering = Lettering(image, text, "ltr")
    width = lettering.measure(text, 40)
    left, top, right, bottom = find_ink(paint(text))
    assert left == pytest.approx(400, abs=8)
    assert right == pytest.approx(400 + width, abs=8)
    assert 20 < top < bottom < 110
    assert find_ink(paint(text, anchor="rs"))[2] == pytest.approx(400, abs=8)
    assert sum(find_ink(paint(text, anchor="ms"))[::2]) / 2 == pytest.approx(400, abs=8)


def test_arabic_letters_join() -> None:
    joined, apart = (find_ink(paint(text)) for text in ("ببب", "ب ب ب"))
    assert joined[2] - joined[0] < apart[2] - apart[0] - 20


@pytest.mark.parametrize("text", ["", "\u2060"])
def test_no_text_leaves_no_sign(text: str) -> None:
    image = Image.new("RGB", (800, 120), "white")
    lettering = Lettering(image, "180,081 people have signed", "ltr")
    lettering.write((400, 80), text, 40, "black", "ls", 1)
    assert ImageChops.invert(image.convert("L")).getbbox() is None
    assert lettering.measure(text, 40) == 0
