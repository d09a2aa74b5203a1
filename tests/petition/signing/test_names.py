"""Real names of the world are accepted unchanged; other texts are refused with a reason."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatbot.petition.signing.names import MAX_NAME_LENGTH, NameProblem, NameRefusedError, read_name

ANY_TEXT = st.text(st.characters(codec=None), max_size=130)


def refuse(text: str) -> NameProblem:
    """Return why `text` is refused."""
    with pytest.raises(NameRefusedError) as refused:
        read_name(text)
    return refused.value.problem


@pytest.mark.parametrize(
    "name",
    [
        "하나",
        "김하나",
        "남궁 민수",
        "Sam",
        "Madonna",
        "J. R. Smith",
        "J.R. Smith",
        "St.John",
        "Dr. Oh",
        "X.Li",
        "J.Kim",
        "j.kim",
        "J.KIM",
        "Mr.Kim",
        "Ms.Page",
        "A.Page",
        "Dr.Kim",
        "Rev.Kim",
        "Prof.Kim",
        "H.S.Kim",
        "Mr.J.Kim",
        "J.Kim-Lee",
        "J.Kim Lee",
        "J.Kim, Jr.",
        "J.Kim.",
        "(J.Kim)",
        "Park J.Kim",
        "김.Kim",
        "P.Ton",
        "S.Link",
        "Choi.KR",
        "Park.SH",
        "Martin Luther King, Jr.",
        "Seán O’Connor",
        "D'Angelo",
        "Anne-Marie",
        "María-José Carreño Quiñones",
        "Nguyễn Thị Ánh",
        "Łukasz Żółć",
        "Þórður Ægisson",
        "Елена Ёлкина",
        "Ὀδυσσεύς",
        "山田太郎",
        "やまだ たろう",
        "欧阳娜娜",
        "محمد بن سلمان",
        "مُحَمَّد",
        "דָּוִד",
        "अनन्या शर्मा",
        "நாகராஜன்",
        "สมชาย ใจดี",
        "ນ້ອຍ",
        "မောင်မောင်",
        "ကြွှို့",
        "བསྟན་འཛིན་རྒྱ་མཚོ",
        "ქეთევან",
        "Հայկ",
        "ኃይለ",
        "ʻIolani",
        "Nǃai",
        "Kim 3",
        "r̥̄́ya",
    ],
)
def test_names_of_the_world_are_unchanged(name: str) -> None:
    assert read_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Sam \n\t Lee  ", "Sam Lee"),
        ("Sam\u00a0\u3000Lee", "Sam Lee"),
        ("김\u3164하나", "김하나"),
        ("\u115f하\u1160나\uffa0", "하나"),
        (unicodedata.normalize("NFD", "김하나"), "김하나"),
        ("Jose\u0301", "José"),
        ("Sa\u200bm\ufeff", "Sam"),
        ("\u2068Hana\u2069", "Hana"),
        ("Ha\u00adna\u200f", "Hana"),
        ("Sam\x00\x07", "Sam"),
        ("葛\U000e0100飾", "葛飾"),
        ("Hana\U000e0041", "Hana"),
        ("Sam\u200dLee", "SamLee"),
        ("하나 🌸", "하나"),
        ("👩‍👩‍👧 Hana 🇰🇷 ❤️", "Hana"),
        ("★Hana★", "Hana"),
        ("\u0301Hana", "Hana"),
    ],
)
def test_invisible_characters_and_pictures_are_removed(typed: str, name: str) -> None:
    assert read_name(typed) == name


@pytest.mark.parametrize("name", ["می\u200cخواهم", "علی\u200cرضا", "क्\u200dष", "ක්\u200dය"])
def test_joiners_stay_between_the_letters_that_need_them(name: str) -> None:
    assert read_name(name) == name


def test_unneeded_joiners_are_removed() -> None:
    assert read_name("\u200cعلی\u200c \u200cرضا\u200d") == "علی رضا"
    assert read_name("علی\u200c\u200c\u200dرضا") == "علی\u200cرضا"


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u3164", "\u200b\u200d", "\u2800", "\u0301", "\U000e0041"])
def test_invisible_text_is_empty(text: str) -> None:
    assert refuse(text) is NameProblem.EMPTY


@pytest.mark.parametrize("text", ["123", "...", "🌸", "👍🏽", "+82 10 1234", "= 1", "-", "№", "٣٤"])
def test_name_needs_a_letter(text: str) -> None:
    assert refuse(text) is NameProblem.NO_LETTER


def test_name_one_character_too_long_is_refused() -> None:
    assert len(read_name("하" * MAX_NAME_LENGTH)) == MAX_NAME_LENGTH
    assert read_name(" " * 300 + "Sam" + "🌸" * 300) == "Sam"
    assert refuse("하" * (MAX_NAME_LENGTH + 1)) is NameProblem.TOO_LONG
    assert refuse("visit example.com " * 500) is NameProblem.TOO_LONG


@pytest.mark.parametrize(
    "text",
    [
        "http://spam",
        "https://spam.example",
        "Sam www.spam",
        "WWW.SPAM",
        "t.me/spam",
        "T.ME/joinchat",
        "example.com",
        "Example.COM",
        "Sam example.com!",
        "bit.ly",
        "spam.co.kr",
        "wa.me/821012345678",
        "tg://resolve",
        "Sam @handle",
        "sam@example.org",
        "exam\u200bple.com",
        "ｅｘａｍｐｌｅ．ｃｏｍ",
        "example。com",
        "한국.com",
        "t.me",
        "J.Kim t.me",
        "shop.kim",
        "abcd.kim",
        "abcd.j.kim",
        "www.j.kim",
        "https://j.kim",
        "j.kim/x",
        "j.kim:443",
        "j.kim?x",
        "j.kim.kr",
        "j1.kim",
        "a-b.kim",
        "J.Kim@mail",
        "x.com",
        "cnn.com",
        "j.me/kim",
        "bit.ly J.Kim",
    ],
)
def test_link_is_refused(text: str) -> None:
    assert refuse(text) is NameProblem.LINK


@pytest.mark.parametrize(
    "text",
    [
        "=SUM(A1)",
        "+Sam",
        "-Sam",
        "@sam",
        "＝Sam",
        "＋Sam",
        "－Sam",
        "＠sam",
        "﹣Sam",
        "−Sam",
        "/취소",
        "／취소",
        "/Sam",
        "  =Sam",
        "\u200b=Sam",
        "🌸 =Sam",
    ],
)
def test_formula_is_refused(text: str) -> None:
    assert refuse(text) is NameProblem.FORMULA


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        *(("<script>", "<>"), ("Sam}", "}"), ("Sam\\n", "\\"), ("${HOME}", "${}"), ("Sam; DROP", ";"), ("~Sam~", "~")),
        *(("＜b＞Sam", "＜＞"), ("[Sam]", "[]"), ("Sam|Lee", "|"), ("Sam*", "*"), ("#Sam", "#"), ("Sam = Lee", "=")),
        *(("Sam()", "()"), ("alert(1)", "()"), ('"Sam', '"'), ("etc/passwd", "/"), ("a/b/c", "/"), ("A:", ":")),
        *(("Sam--", "-"), ("Sam &lt", "&"), ("`ls`", "`"), ("__Sam__", "_"), (",Sam", ","), ("Kernel.exit(1)", "()")),
    ],
)
def test_signs_that_no_name_has_are_refused_and_named(text: str, signs: str) -> None:
    with pytest.raises(NameRefusedError) as refused:
        read_name(text)
    assert (refused.value.problem, refused.value.signs) == (NameProblem.SIGNS, signs)


@pytest.mark.parametrize("text", ["alert(document.cookie)", "eval(x)"])
def test_code_in_the_letters_of_a_name_is_refused(text: str) -> None:
    assert refuse(text) is NameProblem.SIGNS


@pytest.mark.parametrize("text", ["1E2", "0xff", "Sam 010-1234-5678", "DCC SEND 0 0 0", "user12345678"])
def test_number_is_refused(text: str) -> None:
    assert refuse(text) is NameProblem.DIGITS


@pytest.mark.parametrize(
    "text", ["Mallory\u202egnp.exe", "\u202dSam", "Sam\ue000", "Sam\ud800", "Sam\uffff", "\U000f0000"]
)
def test_disguised_text_is_refused(text: str) -> None:
    assert refuse(text) is NameProblem.DISGUISED


@pytest.mark.parametrize(
    "text",
    ["Z" + "\u0301\u0316\u0334\u0315\u0322" + "algo", "ก" + "\u0e47" * 9, "م" + "\u064b" * 7, "e\u20dd" + "\u20dd" * 4],
)
def test_stacked_marks_are_refused(text: str) -> None:
    assert refuse(text) is NameProblem.STACKED


@given(ANY_TEXT)
@example("k\u200d\u0300a")
@example("ᄒ\u200bᅡ🌸ᆫ")
def test_reading_a_name_again_changes_nothing(text: str) -> None:
    try:
        name = read_name(text)
    except NameRefusedError:
        return
    assert read_name(name) == name
    assert 0 < len(name) <= MAX_NAME_LENGTH
    assert name == unicodedata.normalize("NFC", name)
    assert name == " ".join(name.split())
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Co", "So") for c in name)
    assert not set(name) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u3164\ufe0f")


@given(st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=20))
def test_letters_alone_are_always_accepted(text: str) -> None:
    visible = [c for c in text if c not in "\u115f\u1160\u3164\uffa0"]
    if visible:
        assert read_name(text) == unicodedata.normalize("NFC", "".join(visible))
