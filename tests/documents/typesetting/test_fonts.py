"""The typeface of a text is that of the script of most of its letters."""

import pytest

from chatbot.documents.typesetting.fonts import choose_face


@pytest.mark.parametrize(
    ("text", "face"),
    [
        ("Save them", "latin"),
        ("Σώστε τους", "latin"),
        ("탈북 난민을 구해 주세요 #SaveMyFriend", "korean"),
        ("難民を救って", "chinese"),
        ("拯救难民", "chinese"),
        ("أنقذوا اللاجئين #SaveMyFriend", "arabic"),
        ("הצילו", "hebrew"),
        ("बचाइए", "devanagari"),
        ("ช่วยผู้ลี้ภัย", "thai"),
        ("", "latin"),
        ("ჩვენ", "latin"),
    ],
)
def test_typeface_is_that_of_most_letters(text: str, face: str) -> None:
    assert choose_face(text) == face
