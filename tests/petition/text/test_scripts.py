"""Scripts of letters and of languages."""

import pytest

from chatbot.petition.text.scripts import find_script, list_scripts


@pytest.mark.parametrize(
    ("character", "script"),
    [
        *(("가", "HANGUL"), ("ㅎ", "HANGUL"), ("é", "LATIN"), ("Ａ", "LATIN"), ("日", "CJK"), ("ｱ", "KATAKANA")),
        *(("ж", "CYRILLIC"), ("ي", "ARABIC"), ("ठ", "DEVANAGARI"), ("\u0301", "COMBINING"), ("1", None), (" ", None)),
        *(("🎉", None), ("\ue000", None), ("\ud83c", None)),
    ],
)
def test_letter_has_a_script(character: str, script: str | None) -> None:
    assert find_script(character) == script


@pytest.mark.parametrize(
    ("language", "scripts"),
    [
        *(("ko", {"HANGUL"}), ("en", {"LATIN"}), ("ja", {"HIRAGANA", "KATAKANA", "CJK"}), ("zh_Hant", {"CJK"})),
        *(
            ("sr", {"CYRILLIC"}),
            ("sr_Latn", {"LATIN"}),
            ("pt_BR", {"LATIN"}),
            ("uz_AF", {"ARABIC"}),
            ("ar", {"ARABIC"}),
        ),
        *(("qps", set()), ("", set()), ("x" * 200, set())),
    ],
)
def test_language_has_its_scripts(language: str, scripts: set[str]) -> None:
    assert list_scripts(language) == scripts
