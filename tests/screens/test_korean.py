"""The Korean keeps one register, and one word for one thing.

What is said ends in 습니다 (or in 요, where the bot speaks of itself or of a small thing), what is asked for in
주세요, and questions in ㄹ까요 or 나요. 십시오 and 니까 sound like an authority; the appeal of 2012 alone has them.
"""

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from babel.messages.pofile import read_po

LOCALES = Path(__file__).parents[2] / "locales"
AT_END = r"(?=[.!?…\n]|</|$)"
OFFICIAL = re.compile(rf"\w*(?:십시오|니까){AT_END}")
UNASKED = re.compile(rf"\w*(?<!주)(?<!안녕하)세요{AT_END}")
"""Orders that are not asked for with 주세요."""
UNMARKED = re.compile(r"\w*(?:나요|까요)(?=[.!…\n]|</|$)")
"""Questions without their mark, or statements in their form."""
ROUGH = re.compile(rf"\w*(?:[^니]다|군){AT_END}")
ELSEWHERE = {
    "감사합니다": "고맙습니다",
    "대화방": "채팅방",
    "봉인": "암호화",
    "운영진": "팀",
    "서명 운동": "청원",
    "국가": "나라",
    "비밀 열쇠": "개인 키",
    "그 사이": "그사이",
}
"""Words with one sense that has another word here, and that word."""


def read_catalog() -> Iterator[str]:
    with (LOCALES / "ko/LC_MESSAGES/chatbot.po").open("rb") as catalog:
        for message in read_po(catalog, locale="ko"):
            if message.id:
                yield message.string if isinstance(message.string, str) else message.string[0]


def read_campaign() -> Iterator[str]:
    facts = (LOCALES / "campaign.toml").read_text(encoding="utf-8")
    yield facts.partition("[ko]")[2].partition("[en]")[0].replace('"', "\n")


def read_appeal() -> Iterator[str]:
    for file in ("appeal", "updates"):
        yield re.sub("<!--.*?-->", "", (LOCALES / f"ko/{file}.html").read_text(encoding="utf-8"), flags=re.DOTALL)


def find_all(wrong: re.Pattern[str], *texts: Iterator[str]) -> list[tuple[str, list[str]]]:
    return [(text[:30], found) for text in chain(*texts) if (found := wrong.findall(text))]


def test_korean_keeps_one_register() -> None:
    assert find_all(OFFICIAL, read_catalog(), read_campaign()) == []
    assert find_all(UNASKED, read_catalog(), read_campaign()) == []
    assert find_all(UNMARKED, read_catalog(), read_campaign(), read_appeal()) == []
    assert find_all(ROUGH, read_catalog(), read_campaign(), read_appeal()) == []


def test_korean_has_one_word_for_one_thing() -> None:
    assert find_all(re.compile("|".join(ELSEWHERE)), read_catalog(), read_campaign()) == []
