"""The strings that programs are known to stumble over: none that is markup, code or noise is a name or a reason."""

import json
from pathlib import Path

from chatbot.petition.signing.names import NameRefusedError, read_name
from chatbot.petition.signing.reasons import ReasonRefusedError, read_reason

STRINGS = json.loads(Path(__file__).with_name("naughty_strings.json").read_text("utf-8"))


def is_name(text: str) -> bool:
    try:
        return bool(read_name(text))
    except NameRefusedError:
        return False


def is_reason(text: str) -> bool:
    try:
        return bool(read_reason(text))
    except ReasonRefusedError:
        return False


def test_code_and_noise_are_no_names() -> None:
    assert [text for text in STRINGS["code"] + STRINGS["signs"] if is_name(text)] == []
    assert len(STRINGS["code"]) > 250


def test_words_are_names_however_odd() -> None:
    assert [text for text in STRINGS["words"] if not is_name(text)] == []


def test_code_is_no_reason() -> None:
    assert [text for text in STRINGS["code"] if is_reason(text)] == []


def test_words_are_reasons() -> None:
    assert [text for text in STRINGS["words"] if not is_reason(text)] == []


def test_copy_has_its_licence() -> None:
    assert "Copyright (c) 2015-2020 Max Woolf" in STRINGS["licence"]
    assert "The MIT License (MIT)" in STRINGS["licence"]
