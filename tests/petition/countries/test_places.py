"""Places are read with the country or region beside them, and never taken where the parts contradict."""

from pathlib import Path

import pytest

from chatbot.petition.countries.find import CODES
from chatbot.petition.countries.names import SMALL, load_vocabulary
from chatbot.petition.countries.spelling import has_hangul, join, spell
from chatbot.petition.countries.towns import load_towns
from tests.support.countries import find


def read_typed() -> list[tuple[str, str]]:
    """Return (what is found, text) of every text in the file. A country that is taken has an exclamation mark."""
    lines = Path(__file__).with_name("typed_places.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(found, text) for found, texts in rows for text in texts.split("|")]


def test_typed_places_lead_to_their_country() -> None:
    rows = read_typed()
    found = {text: find(text, "ko" if has_hangul(text) else "en") for _, text in rows}
    wrong = [
        (expected, text, found[text])
        for expected, text in rows
        if expected != (f"{found[text].sure}!" if found[text].sure else " ".join(found[text].offers))
    ]
    assert wrong == []
    assert len(rows) >= 200


@pytest.mark.parametrize(
    "text",
    [
        "Paris, Germany",
        "Tokyo, Korea",
        "서울 일본",
        "베를린, 미국",
        "Havana, Alberta",
        "Havana, Texas",
        "Seoul, Texas",
        "Peru, Indiana",
        "Tibet, China",
    ],
)
def test_parts_that_contradict_are_never_taken(text: str) -> None:
    match = find(text)
    assert match.sure is None
    assert match.offers != ()


@pytest.mark.parametrize("text", ["SEOUL IN KOREA", "I LIVE IN SEOUL"])
def test_word_in_capitals_is_no_code_of_a_region(text: str) -> None:
    assert find(text).sure == "KR"


@pytest.mark.parametrize("text", ["밝히고 싶지 않음", "말하고 싶지 않아요", "rather not", "prefer not to say"])
def test_wish_not_to_say_is_taken(text: str) -> None:
    assert find(text).sure == "ZZ"


@pytest.mark.parametrize(("text", "first"), [("Male", "MV"), ("Malé", "MV"), ("말레", "MV"), ("Natal", "BR")])
def test_capital_with_another_countrys_name_is_asked(text: str, first: str) -> None:
    match = find(text)
    assert match.sure is None
    assert match.offers[0] == first


def test_towns_are_spelt_as_they_are_looked_up() -> None:
    towns = load_towns()
    assert [key for key in towns if join(spell(key), SMALL) != key] == []
    assert {code for town in towns.values() for code in (*town.cities, *town.smaller)} <= {*CODES}
    known = load_vocabulary(frozenset()).region_codes.values()
    assert {region for town in towns.values() for region in town.regions} <= {each for codes in known for each in codes}
