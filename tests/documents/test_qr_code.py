"""A QR code has the modules of the standard. Each hash is of a code that ZXing and python-qrcode agree on."""

from hashlib import sha256

import pytest

from chatbot.documents.qr_code import encode

TEXT = "https://t.me/SaveMyFriendBot?start=" + "flyer-" * 40


@pytest.mark.parametrize(
    ("length", "size", "expected"),
    [
        (14, 21, "a76c9855f0ab073e"),
        (26, 25, "8aefeda67da649c6"),
        (42, 29, "e9d7deb178b92fb9"),
        (62, 33, "5140cfac5840728f"),
        (84, 37, "898e283e9e3b9910"),
        (106, 41, "92b5b7c0030d4e82"),
        (122, 45, "334a746311423ede"),
        (152, 49, "eff7772ef8931f8d"),
        (180, 53, "b9637c53288ec76e"),
        (30, 29, "d76dbd80f0d220bb"),
        (100, 41, "5d8ba9dedc73e9c9"),
    ],
)
def test_code_has_the_modules_of_the_standard(length: int, size: int, expected: str) -> None:
    modules = encode(TEXT[:length])
    assert [len(row) for row in modules] == [size] * size
    assert sha256("\n".join("".join(map(str, row)) for row in modules).encode()).hexdigest().startswith(expected)


def test_code_of_a_longer_text_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        encode("x" * 181)
