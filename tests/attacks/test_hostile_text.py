"""The time to read a text grows with its length alone, whatever it contains.

`python -m tests.benchmarks.hostile_text` measures times. These tests compare times or count work, so they do not depend
on the speed of the machine.
"""

import time
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from chatbot.petition.countries.find import prepare
from chatbot.petition.text.characters import limit_marks
from chatbot.transport.incoming.formatting import format_text
from tests.support.hostile_text import LENGTHS, LONGEST, READERS, read, write_kinds

ENOUGH = 0.02
"""Seconds of CPU time below which growth is not checked: four times what a reader may take."""
GROWTH = 8
"""Times longer that a text of four times the length may take. Searching again from every position takes 16 times."""


def measure(reader: Callable[[str], object], text: str) -> float:
    """Return the CPU time in seconds, the best of several runs."""
    best = float("inf")
    for _ in range(5):
        began = time.thread_time()
        read(reader, text)
        best = min(best, time.thread_time() - began)
        if best < ENOUGH / 4:
            break
    return best


@pytest.mark.parametrize("name", READERS)
def test_reading_takes_time_by_length_alone(name: str) -> None:
    prepare(("ko", "en"))
    long, short = write_kinds(LONGEST), write_kinds(LONGEST // 4)
    for kind, text in long.items():
        took = measure(READERS[name], text)
        assert took < ENOUGH or took < GROWTH * measure(READERS[name], short[kind]), (kind, took)


@pytest.fixture
def normalised(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The list of all texts that were normalised."""
    texts: list[str] = []
    normalize = unicodedata.normalize

    def record(form: Any, text: str) -> str:
        texts.append(text)
        return normalize(form, text)

    monkeypatch.setattr(unicodedata, "normalize", record)
    return texts


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in READERS if "entities" not in name and "caption" not in name])
def test_reader_never_sorts_long_rows_of_marks(name: str, normalised: list[str]) -> None:
    """Sorting takes quadratic time: 4,096 marks once took as long as two hundred signatures."""
    prepare(("ko", "en"))
    for length in LENGTHS[:4]:
        for kind, text in write_kinds(length).items():
            normalised.clear()
            read(READERS[name], text)
            assert sum(map(find_effort, normalised)) < 4 * 400**2, (kind, length)


def find_effort(text: str) -> int:
    """Return what normalising costs: the sum of the squares of the lengths of all rows of marks."""
    effort = row = 0
    for character in f"{text}.":
        if unicodedata.combining(character) or unicodedata.category(character)[0] == "M":
            row += 1
        else:
            effort, row = effort + row**2, 0
    return effort


@pytest.mark.parametrize("count", [100, 101, 10_000])
def test_formatting_ignores_entities_after_the_hundredth(count: int) -> None:
    class Entity(dict[str, Any]):
        """An entity that counts how often it is read."""

        reads = 0

        def get(self, key: str, default: Any = None) -> Any:
            if key == "type":
                Entity.reads += 1
            return super().get(key, default)

    entities = [Entity(type="bold", offset=2 * nth, length=1) for nth in range(count)]
    formatted = format_text("하나" * count, entities)
    assert formatted is not None
    assert formatted.count("<b>") == 100
    assert Entity.reads == 100


def test_overlapping_entities_give_a_text_of_bounded_length() -> None:
    """A hundred entities overlap. Each tag is closed, and no words are lost."""
    kinds = ("bold", "italic", "blockquote", "underline", "code", "strikethrough", "spoiler", "pre")
    text = "하나 " * 1_000
    for shift in (1, 3, 7, -1):
        entities = [
            {"type": kinds[nth % 8], "offset": 10 + nth * shift % 200, "length": 2_000 - nth} for nth in range(100)
        ]
        formatted = format_text(text, entities)
        assert formatted is not None
        assert formatted.striptags().split() == text.split()
        assert formatted.count("<") < 1_000
        assert formatted.count("</") == formatted.count("<") / 2


@pytest.mark.parametrize(
    "entity",
    [
        {"offset": -(10**30), "length": 5},
        {"offset": 0, "length": -(10**30)},
        {"offset": 10**30, "length": 10**30},
        {"offset": 0, "length": True},
        {"offset": 0.5, "length": 1},
        {"offset": [], "length": {}},
        {"type": "text_link", "url": "https://example.org/" + "a" * 1_000_000},
        {"type": "text_link", "url": ["https://example.org"]},
        {"type": "text_link", "url": "https://[example.org"},
        {"type": "bold\0"},
        {"type": ["bold"]},
        {"type": None},
    ],
)
def test_formatting_ignores_a_senseless_entity(entity: dict[str, Any]) -> None:
    assert format_text("하나", [{"type": "bold", "offset": 0, "length": 1} | entity]) is None


@pytest.mark.parametrize(
    "word", ["r\u0325\u0304\u0301", "က္က္ကွှို့ုံ", "\u05d1\u05bc\u05b8\u05c1\u05bd", "ก" + "\u0e33\u0e49", "e" + 30 * "\u0301"]
)
def test_bound_keeps_the_marks_of_real_writing(word: str) -> None:
    assert limit_marks(word) == word


def test_bound_removes_the_marks_after_thirty() -> None:
    assert limit_marks("e" + 31 * "\u0301" + "e") == "e" + 30 * "\u0301" + "e"
