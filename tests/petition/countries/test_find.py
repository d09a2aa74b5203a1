"""What people type for a country, in Korean and English, and which country is found."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chatbot.petition.countries.find import Match, find_country, prepare
from chatbot.petition.countries.names import ANSWERS
from tests.support.countries import LANGUAGES, find


@pytest.fixture(scope="module", autouse=True)
def _names() -> None:
    prepare(LANGUAGES)
    find("가나에요x")  # it takes longer than Hypothesis gives one example


def read_typed() -> list[tuple[str, str]]:
    """Return (code, text) of every text in the file that is understood at once."""
    lines = Path(__file__).with_name("typed_countries.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(code, text) for code, texts in rows for text in texts.split("|")]


@pytest.mark.parametrize(("code", "text"), read_typed())
def test_clear_text_gives_a_sure_country(code: str, text: str) -> None:
    assert find(text) == Match(code)


@pytest.mark.parametrize(
    ("text", "language", "offers"),
    [
        ("कोरिया", "hi", ("KR", "KP")),
        ("انا من كوريا", "ar", ("KR",)),
        ("العربية السعودية", "ar", ("SA",)),
        ("Македония", "ru", ("MK",)),
        ("Saudi-Ar", "nl", ("SA",)),
        ("ドイツに住んでいます", "ja", ("DE",)),
        ("我住在加拿大多伦多", "zh", ("CA",)),
        ("ฉันอยู่ประเทศญี่ปุ่น", "th", ("JP",)),
        ("赤道ギニアです", "ja", ("GQ",)),
    ],
)
def test_part_of_a_name_outranks_a_likeness(text: str, language: str, offers: tuple[str, ...]) -> None:
    match = find_country(text, (language, *LANGUAGES))
    assert match.sure is None
    assert match.offers[: len(offers)] == offers


@pytest.mark.parametrize(
    "text",
    [
        *(
            "North Korea",
            "NORTH KOREA",
            "N. Korea",
            "Nort Korea",
            "Norht Korea",
            "orth korea",
            "sorth Korea",
            "Korea, North",
        ),
        *(
            "DPRK",
            "D.P.R.K.",
            "dprk",
            "DPR Korea",
            "Democratic People's Republic of Korea",
            "Democratic Republic of Korea",
        ),
        *("Korea (Democratic People's Republic of)", "KP", "kp", "PRK", "NK", "🇰🇵", "🇰🇵 Korea", "🇰🇷🇰🇵", "Pyongyang"),
        *(
            "북한",
            "북 한",
            "북조선",
            "조선",
            "조선입니다",
            "조선민주주의인민공화국",
            "이북",
            "북한이요",
            "북한이탈주민",
            "평양",
            "탈북민입니다",
        ),
        *(
            "I was born in North Korea and live in Seoul",
            "from the north of Korea",
            "iamfromnorthkorea",
            "Nordkorea",
            "朝鲜",
            "КНДР",
        ),
        *("남한 아니고 북한", "Corea del Norte"),
    ],
)
def test_north_korea_needs_a_question(text: str) -> None:
    match = find(text)

    assert match.divided
    assert match.sure is None
    assert {"KR", "KP"} <= set(match.offers)


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        *(
            ("LA", ("US", "LA")),
            ("la", ("US", "LA")),
            ("L.A.", ("US", "LA")),
            ("Georgia", ("GE", "US")),
            ("조지아", ("GE", "US")),
        ),
        *(("Guinea", ("GN", "GQ", "GW", "PG")), ("기니", ("GN", "GQ", "GW", "PG")), ("Santiago", ("CL", "ES"))),
        *(("I live in LA", ("US", "LA")), ("LA 살아요", ("US", "LA")), ("Georgia state", ("GE", "US"))),
        *(("Chiba", ("JP", "CN")), ("Luanda", ("AO", "RW")), ("Kashmir", ("IN", "PK")), ("예루살렘", ("IL", "PS"))),
        ("Congo", ("CD", "CG")),
        ("콩고", ("CD", "CG")),
        ("Virgin Islands", ("VI", "VG")),
        ("Saint Martin", ("MF", "SX")),
        ("도미니카", ("DO", "DM")),
        ("Dominica Republic", ("DO", "DM")),
        ("Austrlia", ("AU", "AT")),
        ("Nigera", ("NE", "NG")),
        ("Iraj", ("IR", "IQ")),
        ("Slovnia", ("SI",)),
        ("Maldova", ("MD",)),
        ("니지리아", ("NG",)),
        ("서울", ("KR",)),
        ("London", ("GB",)),
        ("Manchester, Canada", ("CA", "GB")),
        ("New Mexico", ("US",)),
        ("San Francisco, California", ("US",)),
        ("한국과 미국", ("KR", "US")),
        ("🇯🇵🇰🇷", ("JP", "KR")),
        *((code, (code.upper(),)) for code in ("it", "no", "in", "me", "is", "NO")),
        *(("and", ("AD",)), ("can", ("CA",)), ("are", ("AE",))),
        ("이락", ("IQ", "IR")),
        ("아제리", ("AZ", "DZ")),
        ("French Guinea", ("GF", "GN")),
        ("United", ("AE", "GB", "US")),
        ("Kazakh", ("KZ",)),
        ("캐다", ("CA",)),
        ("미국령", ("VI", "AS", "GU", "MP", "PR", "UM")),
        ("Ich wohne in Deutschland", ("DE",)),
    ],
)
def test_unsure_countries_are_offered(text: str, offers: tuple[str, ...]) -> None:
    match = find(text)

    assert set(offers) <= {match.sure, *match.offers}
    assert match.sure is None or match.sure in offers
    assert len(match.offers) <= 6


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        *(("Tibet", ("CN", "IN", "NP")), ("티베트에서 왔어요", ("CN", "IN", "NP")), ("Crimea", ("UA", "RU"))),
        *(("Tibet, India", ("IN", "CN", "NP")), ("Crimea, Ukraine", ("UA", "RU"))),
        *(("Kurdistan", ("TR", "IQ", "IR", "SY")), ("북키프로스", ("CY", "TR")), ("Somaliland", ("SO",))),
        *(("stateless", ("ZZ",)), ("무국적", ("ZZ",)), ("난민입니다", ("ZZ",)), ("no country at all", ("ZZ",))),
        *(("American", ("US",)), ("British", ("GB",)), ("Japanese", ("JP",))),
    ],
)
def test_disputed_lands_and_peoples_are_always_asked(text: str, offers: tuple[str, ...]) -> None:
    assert find(text) == Match(None, offers)


def test_one_korea_is_a_question() -> None:
    assert find("통일한국") == Match(None, ("KR", "KP"), divided=True)


@pytest.mark.parametrize(
    "text",
    [
        "République",
        "Republic",
        "공화국",
        "United",
        "República",
        "Union",
        "Kingdom",
        "جمهورية",
        "共和国",
        "인민공화국",
        "Royaume",
    ],
)
def test_no_country_is_sure_by_a_word_of_many(text: str) -> None:
    assert find(text).sure is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "?!",
            "123",
            "\u200b",
            "republic",
            "islands",
            "Island",
            "kingdom",
            "hello",
            "yes",
            "ok",
        ),
        *("the", "of", "I am from", "thank you", "/start", "what?", "Soviet Union", "asdfgh"),
        *(
            "네",
            "예",
            "섬",
            "나라",
            "공화국",
            "안녕하세요",
            "소련",
            "유럽",
            "저는",
            "감사합니다",
            "몰라요",
            "없음",
            "ㅋㅋㅋ",
            "🌸",
            "🇪🇺",
            "👍",
        ),
    ],
)
def test_other_text_gives_no_country(text: str) -> None:
    assert find(text) == Match()


LOOKALIKES = [
    *(("Niger", "Nigeria"), ("Austria", "Australia"), ("Iran", "Iraq"), ("Slovakia", "Slovenia"), ("Mali", "Malawi")),
    *(
        ("Malta", "Mali"),
        ("Gambia", "Zambia"),
        ("Iceland", "Ireland"),
        ("Mauritania", "Mauritius"),
        ("Latvia", "Lithuania"),
    ),
    *(
        ("오스트리아", "오스트레일리아"),
        ("니제르", "나이지리아"),
        ("가나", "가이아나"),
        ("모리타니", "모리셔스"),
        ("감비아", "잠비아"),
    ),
    *(
        ("슬로바키아", "슬로베니아"),
        ("라트비아", "리투아니아"),
        ("수단", "남수단"),
        ("기니비사우", "적도 기니"),
        ("아이슬란드", "아일랜드"),
    ),
]


@pytest.mark.parametrize("pair", LOOKALIKES)
def test_lookalike_countries_are_sure_only_by_exact_name(pair: tuple[str, str]) -> None:
    one, other = (find(name).sure for name in pair)

    assert one is not None
    assert other is not None
    assert one != other
    for name, code in zip(pair, (one, other), strict=True):
        for at in range(len(name)):
            sure = find(name[:at] + name[at + 1 :]).sure
            assert sure in (None, code) or name[:at] + name[at + 1 :] in pair


@given(st.one_of(st.text(st.characters(codec=None)), st.text("가나북한에요 korea,north.🇰🇵🇷섬USA-")))
@example("가나" + "에요" * 80 + "x")
@example("\ufdfa" * 500)
@example("\ud83c\udde8")
def test_any_text_has_an_answer(text: str) -> None:
    match = find(text, "ko")

    assert match.sure is None or (match.sure in ANSWERS and match.sure != "KP" and match.offers == ())
    assert set(match.offers) <= set(ANSWERS)
    assert len(set(match.offers)) == len(match.offers) <= 6
    assert match.divided == ("KP" in match.offers)
    assert not match.divided or "KR" in match.offers


@pytest.mark.parametrize(
    "text", ["x", "가나 ", "가나에요", "a ", "of ", "\ufdfa", "United States of America the ", "🇰🇷"]
)
def test_huge_text_costs_no_more_than_its_start(text: str) -> None:
    """Only as many characters are read as the name of a country may have."""
    assert find(text * 10_000) == find((text * 10_000).strip()[:160])
