"""Which language somebody is greeted in."""

import pytest

from chatbot.petition.model import guess_language


@pytest.mark.parametrize("code", ["ko", "KO", "ko-KR", "ko_KR", "ko_kr", "kor", "KOR_kr", "ko-kr-x-emoji", "ko-Kore"])
def test_korean_as_clients_really_write_it(code: str) -> None:
    assert guess_language(code) == "ko"


@pytest.mark.parametrize(
    "code",
    [None, "", "en", "en_US", "kok", "kor2", "koreanisch", "-ko", "x-ko", "zh-hans", "sr-latn", "x-klingon", "k" * 200],
)
def test_everybody_else_in_english(code: str | None) -> None:
    assert guess_language(code) == "en"
