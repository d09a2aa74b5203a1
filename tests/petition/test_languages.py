"""Which language somebody is greeted in."""

import pytest

from chatbot.petition.model import guess_language


@pytest.mark.parametrize("code", ["ko", "KO", "ko-KR", "ko_KR", "ko_kr", "kor", "KOR_kr", "ko-kr-x-emoji", "ko-Kore"])
def test_korean_codes_of_real_clients_give_korean(code: str) -> None:
    assert guess_language(code) == "ko"


@pytest.mark.parametrize(
    "code",
    [None, "", "en", "en_US", "kok", "kor2", "koreanisch", "-ko", "x-ko", "zh-hans", "sr-latn", "x-klingon", "k" * 200],
)
def test_other_codes_give_english(code: str | None) -> None:
    assert guess_language(code) == "en"
