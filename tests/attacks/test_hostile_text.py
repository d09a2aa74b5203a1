"""Hostile text costs no more than any other text: its length is bounded before it is processed.

No reader of typed text takes longer than its length explains, whatever the text contains. The benchmark
`python -m tests.benchmarks.hostile_text` measures times; this test does not depend on the speed of the machine.
"""

import time
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from chatbot.petition.countries.find import prepare
from chatbot.petition.text.characters import MOST_MARKS_IN_A_ROW
from chatbot.transport.incoming.formatting import format_text
from tests.support.hostile_text import LENGTHS, LONGEST, READERS, read, write_kinds

ENOUGH = 0.02
"""Seconds of CPU time below which growth is not checked: four times what a reader may take."""
GROWTH = 8
"""How much longer four times the text may take. Searching again from every position takes 16 times as long."""


def measure(reader: Callable[[str], object], text: str) -> float:
    """Return the CPU time in seconds, the best of several runs."""
    best = float("inf")
    for _ in range(5):
        started = time.thread_time()
        read(reader, text)
        best = min(best, time.thread_time() - started)
        if best < ENOUGH / 4:
            break
    return best


@pytest.mark.parametrize("name", READERS)
def test_time_to_read_grows_with_the_length_alone(name: str) -> None:
    prepare(("ko", "en"))
    long, short = write_kinds(LONGEST), write_kinds(LONGEST // 4)
    for kind, text in long.items():
        took = measure(READERS[name], text)
        assert took < ENOUGH or took < GROWTH * measure(READERS[name], short[kind]), (kind, took)


@pytest.fixture
def normalised(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Records every text that is normalised."""
    texts: list[str] = []
    normalize = unicodedata.normalize

    def note(form: Any, text: str) -> str:
        texts.append(text)
        return normalize(form, text)

    monkeypatch.setattr(unicodedata, "normalize", note)
    return texts


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in READERS if "entities" not in name and "caption" not in name])
def test_long_rows_of_marks_are_never_sorted(name: str, normalised: list[str]) -> None:
    """Sorting takes quadratic time: 4,096 marks once took as long as two hundred signatures."""
    prepare(("ko", "en"))
    for length in LENGTHS[:4]:
        for kind, text in write_kinds(length).items():
            normalised.clear()
            read(READERS[name], text)
            assert sum(map(find_effort, normalised)) < 4 * 400**2, (kind, length)


def find_effort(text: str) -> int:
    """Return the sum of the squares of the lengths of all rows of marks."""
    effort = row = 0
    for character in f"{text}.":
        if unicodedata.combining(character) or unicodedata.category(character)[0] == "M":
            row += 1
        else:
            effort, row = effort + row**2, 0
    return effort


@pytest.mark.parametrize("count", [100, 101, 10_000])
def test_entities_after_the_hundredth_are_ignored(count: int) -> None:
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


def test_overlapping_entities_make_a_bounded_text() -> None:
    """A hundred entities that all overlap: the tags nest, and no words are lost."""
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
def test_senseless_entity_is_left_out(entity: dict[str, Any]) -> None:
    assert format_text("하나", [{"type": "bold", "offset": 0, "length": 1} | entity]) is None


def test_marks_of_real_writing_stay() -> None:
    assert MOST_MARKS_IN_A_ROW >= 30
