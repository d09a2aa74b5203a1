"""What a typed answer means: a name in a sentence, a doubtful one, a wish to stop, or no answer."""

import json
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.petition.signing.answers import ParsedName, is_cancel, is_skip, join_names, parse_name
from chatbot.petition.signing.names import NameRefusedError, read_name
from tests.petition.signing.test_real_names import list_names

FOLLY = ["Null", "Nan", "Nil", "True"]
"""Names of people that are also words of programs: asked once."""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(("My name is Sam", "Sam"), ("my name's sam smith.", "sam smith"), ("I'm Sam", "Sam"), ("I’m Sam!", "Sam")),
        *(
            ("I am Sam Smith", "Sam Smith"),
            ("This is Hana Kim.", "Hana Kim"),
            ("Hi, I'm Sam", "Sam"),
            ("name: Sam", "Sam"),
        ),
        *(("Hello, my name is J. R. R. Tolkien.", "J. R. R. Tolkien"), ("Call me Ishmael", "Ishmael")),
        *(("My name is Martin Luther King, Jr.", "Martin Luther King, Jr."), ("Sam is my name", "Sam")),
        *(("저는 홍길동입니다", "홍길동"), ("제 이름은 김하나예요", "김하나"), ("제 이름은 홍길동이에요.", "홍길동")),
        *(
            ("홍길동입니다", "홍길동"),
            ("안녕하세요, 저는 남궁민수라고 합니다.", "남궁민수"),
            ("이름: 홍길동", "홍길동"),
        ),
        *(
            ("이름은 홍길동", "홍길동"),
            ("저는 Sam입니다", "Sam"),
            ("我叫王小明", "王小明"),
            ("私は山田太郎です", "山田太郎"),
        ),
    ],
)
def test_name_is_found_in_a_sentence(text: str, name: str) -> None:
    assert parse_name(text) == ParsedName(name)


@pytest.mark.parametrize("text", ["I'm sam@example.org", "My name is <b>Sam</b>", "제 이름은 =SUM(A1)입니다"])
def test_name_in_a_sentence_is_refused_as_one_alone(text: str) -> None:
    with pytest.raises(NameRefusedError):
        parse_name(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "왜 이름이 필요해요?",
            "ㅋㅋㅋ",
            "ㅇㅇ",
            "감사합니다. 응원해요!",
            "감사합니다",
            "수고 많으십니다",
            "서명하기",
            "안녕하세요",
        ),
        *(
            "강제북송을 멈춰 주세요",
            "힘내세요",
            "응원합니다",
            "취소",
            "그만",
            "아니요",
            "없음",
            "이름은",
            "중국강제북송반대합니다",
        ),
        *(
            "Why do you need my name",
            "Who are you?",
            "thanks",
            "Thank you so much",
            "Please stop this",
            "cancel",
            "skip",
            "no",
        ),
        *(
            "I am against this",
            "I'm not sure",
            "This is terrible",
            "It's me",
            "hello",
            "Hana!",
            "test",
            "asdf",
            "null",
            "Sam...",
        ),
        *(
            "なぜ名前が必要ですか",
            "田中さんにあげて下さい",
            "为什么",
            "加油",
            "Аdmin",
            "one two three four five six seven eight nine",
        ),
    ],
)
def test_what_is_hardly_a_name_is_doubtful(text: str) -> None:
    assert parse_name(text) == ParsedName(read_name(text), is_doubtful=True)


@pytest.mark.parametrize(("text", "name"), [("학생입니다", "학생"), ("저는 탈북민입니다", "탈북민")])
def test_name_of_no_known_family_in_a_sentence_is_doubtful(text: str, name: str) -> None:
    assert parse_name(text) == ParsedName(name, is_doubtful=True)


def test_names_of_people_are_not_doubtful() -> None:
    parsed = {name: parse_name(name) for name in list_names() if name not in FOLLY}
    assert {name: each for name, each in parsed.items() if each != ParsedName(unicodedata.normalize("NFC", name))} == {}


@pytest.mark.parametrize(
    "text",
    [
        "취소",
        "취소.",
        "그만",
        "안 할래요",
        "안할래요",
        "Cancel",
        "CANCEL.",
        "stop",
        "please cancel",
        "never mind",
        "取消",
    ],
)
def test_wish_to_stop_is_understood(text: str) -> None:
    assert is_cancel(text)
    assert not is_skip(text)


@pytest.mark.parametrize(
    "text",
    [
        "없음",
        "없어요",
        "없습니다.",
        "패스",
        "건너뛰기",
        "딱히 없어요",
        "skip",
        "Skip!",
        "none",
        "No",
        "n/a",
        "-",
        "no thanks",
        "なし",
        "没有",
    ],
)
def test_no_answer_is_understood(text: str) -> None:
    assert is_skip(text)
    assert not is_cancel(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "취소하지 마세요",
        "Don't stop",
        "그만 죽여라",
        "Stop the repatriations!",
        "No more deaths",
        "없어져야 할 일",
        "?",
    ],
)
def test_answers_are_neither(text: str) -> None:
    assert not is_cancel(text)
    assert not is_skip(text)


def test_honest_reasons_are_neither() -> None:
    lines = Path(__file__).with_name("honest_reasons.txt").read_text("utf-8").splitlines()
    assert [line for line in lines if is_cancel(line) or is_skip(line)] == []


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        *(
            ("길동", "홍", "홍길동"),
            ("홍", "길동", "홍길동"),
            ("민수", "남궁", "남궁민수"),
            ("남궁", "민수", "남궁민수"),
        ),
        *(
            ("하늘빛", "박", "박하늘빛"),
            ("이", "김", "김이"),
            ("하나", "", "하나"),
            ("", "홍", "홍"),
            ("하나", "별", "별하나"),
        ),
        *(
            ("Sam", "Smith", "Sam Smith"),
            ("하나", "Kim", "하나 Kim"),
            ("홍길동", "님", "홍길동 님"),
            ("小明", "王", "小明 王"),
        ),
        *(("홍길동", "마케팅", "홍길동 마케팅"), ("크리스토퍼", "김", "크리스토퍼 김"), ("", "", "")),
    ],
)
def test_korean_names_have_the_family_name_first(first: str, last: str, name: str) -> None:
    assert join_names(first, last) == name


@given(st.text(st.characters(codec=None), max_size=130))
def test_any_text_has_a_verdict(text: str) -> None:
    is_cancel(text)
    is_skip(text)
    try:
        parsed = parse_name(text)
    except NameRefusedError:
        return
    assert read_name(parsed.name) == parsed.name


def test_naughty_strings_take_no_time() -> None:
    strings = json.loads(Path(__file__).with_name("naughty_strings.json").read_text("utf-8"))
    texts = (strings["words"] + strings["code"] + strings["signs"]) * 2
    began = time.process_time()
    for text in texts:
        is_cancel(text)
        is_skip(text)
        try:
            parse_name(text)
        except NameRefusedError:
            continue
    assert time.process_time() - began < len(texts) / 1_000
