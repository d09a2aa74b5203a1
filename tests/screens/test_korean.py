"""The Korean keeps one speech level, 합쇼체, and puts no particle on a variable."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

LOCALES = Path(__file__).parents[2] / "locales"
PARTICLE = re.compile(r"\}(?:</?\w+>)*(?:은|는|이|가|을|를|과|와|으로|로|아|야|이나|나)(?![가-힣])")
OTHER_LEVEL = re.compile(r"(?:요|까요|세요|네|군)(?=[.!?…\n]|</|$)|[^니]다(?=[.!?…\n]|</|$)")


def korean() -> Iterator[str]:
    with (LOCALES / "ko/LC_MESSAGES/chatbot.po").open("rb") as catalog:
        for message in read_po(catalog, locale="ko"):
            if message.id:
                yield message.string if isinstance(message.string, str) else message.string[0]
    facts = (LOCALES / "campaign.toml").read_text(encoding="utf-8")
    yield facts.partition("[ko]")[2].partition("[en]")[0].replace('"', "\n")
    for file in ("appeal", "updates"):
        yield re.sub("<!--.*?-->", "", (LOCALES / f"ko/{file}.html").read_text(encoding="utf-8"), flags=re.DOTALL)


def find_all(wrong: re.Pattern[str]) -> list[tuple[str, list[str]]]:
    return [(text[:30], found) for text in korean() if (found := wrong.findall(text))]


def test_korean_keeps_one_speech_level() -> None:
    assert find_all(OTHER_LEVEL) == []


def test_korean_puts_no_particle_on_a_variable() -> None:
    assert find_all(PARTICLE) == []
