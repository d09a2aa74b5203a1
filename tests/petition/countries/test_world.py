"""Countries in every language that CLDR has, in a campaign that has none of them."""

import random
from collections.abc import Iterator

import pytest
from babel import localedata

from chatbot.petition.countries.find import country_name, find_country
from chatbot.petition.countries.names import CODES, read_territories
from chatbot.petition.countries.spelling import spell
from tests.support.countries import LANGUAGES, find

SPOKEN = [
    each for each in localedata.locale_identifiers() if len(read_territories(each)) > 240 and each not in LANGUAGES
]
ENGLISH_WORD = ["island"]
"""No country for readers of English, whatever it means in other languages."""
TOKI_PONA = {("LV", "ma Lawi")}
"""The English name of another country: the campaign's own languages come first."""


def mistype(name: str) -> Iterator[str]:
    """Yield `name` with one letter missing, doubled, or swapped with its neighbour."""
    for at, letter in enumerate(name):
        yield name[:at] + name[at + 1 :]
        yield name[:at] + letter + name[at:]
        yield name[:at] + name[at + 1 : at + 2] + letter + name[at + 2 :]


@pytest.mark.slow
def test_every_name_of_every_country_is_understood() -> None:
    tried = sure = 0
    missed, wrong = [], []
    for language in SPOKEN:
        for code, name in read_territories(language).items():
            match = find(name)
            tried, sure = tried + 1, sure + (match.sure == code)
            if match.sure not in (code, None) and (code, name) not in TOKI_PONA:
                wrong.append((language, code, name, match))
            if not match.sure and code not in match.offers and spell(name) != ENGLISH_WORD:
                missed.append((language, code, name, match))

    assert wrong == []
    assert missed == []
    assert len(SPOKEN) > 120
    assert tried > 30_000
    assert sure > 0.98 * tried


@pytest.mark.slow
def test_misspelt_name_of_any_language_is_offered() -> None:
    chance = random.Random(20_240_501)
    tried = found = 0
    wrong = []
    for language in chance.sample(SPOKEN, 80):
        for code, name in chance.sample(sorted(read_territories(language).items()), 20):
            if len(name) < 5:
                continue
            text = chance.choice(sorted({*mistype(name)} - {name}))
            match = find(text)
            tried, found = tried + 1, found + (code in (match.sure, *match.offers))
            if match.sure not in (code, None):
                wrong.append((language, code, name, text, match))

    assert [row for row in wrong if find(row[2]).sure == row[1] and not is_name(row[3])] == []
    assert tried > 1_000
    assert found > 0.98 * tried


def is_name(text: str) -> bool:
    """Whether a misspelt name happens to be another name."""
    return any(text == name for language in SPOKEN for name in read_territories(language).values())


@pytest.mark.slow
def test_north_korea_is_never_taken_by_mistake_in_any_language() -> None:
    chance = random.Random(20_240_501)
    names = sorted({read_territories(each).get("KP", "") for each in localedata.locale_identifiers()} - {""})
    taken = {}
    for name in names:
        mistakes = sorted(mistype(name))
        for text in (name, name.upper(), f"x {name}", f"{name}!", *chance.sample(mistakes, min(9, len(mistakes)))):
            if (match := find(text)).sure:
                taken[text] = match.sure
        assert find(name).divided
    assert taken == {}
    assert len(names) > 180


@pytest.mark.parametrize(
    ("text", "languages", "sure"),
    [
        ("Schwedn", ("de",), "SE"),
        ("Deutschland", ("ko", "en"), "DE"),
        ("Nga", ("vi", "en"), "RU"),
        ("Çad", ("tr", "en"), "TD"),
        ("السودان", ("ar",), "SD"),
        ("سويسرا", ("ko", "en"), "CH"),
        ("すいす", ("ko", "en"), "CH"),
        ("スイス", ("ja",), "CH"),
        ("KANADA", ("tr", "de"), "CA"),
        ("南韓", ("zh_Hant",), "KR"),
        ("대한민국", ("zh_Hant",), "KR"),
        ("Sverige", ("qps", "en"), "SE"),
        ("Sweden", (), "SE"),
    ],
)
def test_name_is_sure_in_its_language(text: str, languages: tuple[str, ...], sure: str | None) -> None:
    assert find_country(text, languages).sure == sure


@pytest.mark.parametrize(
    ("text", "languages", "offers"),
    [
        ("Schwedn", ("ko", "en"), {"SE"}),
        ("Швейцарі", ("ko", "en"), {"CH"}),
        ("Nga", ("ko", "en"), {"NG", "RU"}),
        ("Kongo", ("ko", "en"), {"CG", "CD"}),
        ("Guyane", ("ko", "en"), {"GF", "GY"}),
        ("Island", ("de", "en"), {"IS"}),
        ("Çad", ("ko", "en"), {"TD"}),
        ("لتونی", ("ko", "en"), {"LT", "LV"}),
        ("ደቡብ ኮሪያ", ("ko", "en"), {"KR", "KP"}),
    ],
)
def test_name_that_may_mean_several_countries_is_offered(
    text: str, languages: tuple[str, ...], offers: set[str]
) -> None:
    match = find_country(text, languages)
    assert match.sure is None
    assert offers <= set(match.offers)


@pytest.mark.parametrize("language", ["ar", "haw", "ja", "pt_BR", "qps", "th", "zh_Hant", "zh_TW", "", "x" * 200])
def test_every_country_has_a_name_in_every_language(language: str) -> None:
    names = [country_name(code, language) for code in CODES]
    assert all(names)
    assert len(set(names)) == len(CODES)


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("CA", "ar", "كندا"),
        ("CA", "pt_BR", "Canadá"),
        ("CA", "qps", "Canada"),
        ("CD", "en_GB", "DR Congo"),
        ("HK", "en_US", "Hong Kong"),
        ("KR", "zh_TW", "南韓"),
        ("AD", "haw", "Andorra"),
    ],
)
def test_country_is_named_in_the_readers_language(code: str, language: str, name: str) -> None:
    assert country_name(code, language) == name
