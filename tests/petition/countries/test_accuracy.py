"""Countries are found in lists by other authors, and despite every kind of typing mistake."""

import random
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatbot.petition.countries.find import CODES, country_name
from chatbot.petition.countries.names import SMALL, load_vocabulary
from chatbot.petition.countries.spelling import join, spell
from chatbot.petition.countries.world import load_world
from chatbot.petition.languages import Language
from tests.support.countries import LANGUAGES, find

QWERTY = "qwertyuiop", "asdfghjkl", "zxcvbnm"
DUBEOLSIK = "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "ㅋㅌㅊㅍㅠㅜㅡ"
MISTAKES_PER_NAME = 8
SHARED = ("GE", "GN")
"""Countries whose names other places have as well: a state of the US, and three more countries."""


def read_spellings(language: Language) -> list[tuple[str, str]]:
    """Return (code, name) of every row. The head of the file names its source."""
    lines = Path(__file__).with_name(f"country_spellings.{language}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(code, name) for code, name, _sources in rows]


@pytest.mark.parametrize(("language", "least"), [("en", 0.98), ("ko", 0.95)])
def test_names_from_elsewhere_are_found(language: Language, least: float) -> None:
    rows = read_spellings(language)
    matches = [(code, name, find(name, language)) for code, name in rows]
    missed = [(code, name, match) for code, name, match in matches if code not in (match.sure, *match.offers)]
    wrong = [(code, name, match.sure) for code, name, match in matches if match.sure not in (code, None)]

    assert wrong == []
    assert 1 - len(missed) / len(rows) >= least, missed
    assert {code for code, _ in rows} == set(CODES)


def read_hard() -> list[tuple[str, str]]:
    """Return (code, text) of the texts that are hard to understand."""
    lines = Path(__file__).with_name("hard_countries.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(code, text) for code, texts in rows for text in texts.split("|")]


@pytest.mark.parametrize(("hangul", "least"), [(False, 0.98), (True, 0.95)])
def test_hard_texts_never_match_another_country(hangul: bool, least: float) -> None:
    language: Language = "ko" if hangul else "en"
    rows = [(code, text) for code, text in read_hard() if any("가" <= c <= "힣" for c in text) is hangul]
    matches = [(code, text, find(text, language)) for code, text in rows]
    missed = [(code, text, match) for code, text, match in matches if code not in (match.sure, *match.offers)]
    wrong = [(code, text, match.sure) for code, text, match in matches if match.sure not in (code, None)]

    assert wrong == []
    assert len(rows) > 500
    assert 1 - len(missed) / len(rows) >= least, missed


@pytest.mark.parametrize("language", ["en", "ko"])
def test_displayed_names_are_understood(language: Language) -> None:
    for code in CODES:
        match = find(country_name(code, language), language)
        if code in SHARED:
            assert match.offers[0] == code
            continue
        assert (match.divided and match.sure is None) if code == "KP" else match.sure == code, code


def neighbours(rows: tuple[str, ...]) -> dict[str, list[str]]:
    """Return the keys beside each key of a keyboard."""
    at = {key: (row, column) for row, keys in enumerate(rows) for column, key in enumerate(keys)}
    return {
        key: [other for other, (r, c) in at.items() if other != key and abs(r - row) <= 1 and abs(c - column) <= 1]
        for key, (row, column) in at.items()
    }


def mistype(name: str) -> Iterator[str]:
    """Yield `name` with each possible mistake: a letter left out, doubled, swapped, or a key beside the right one hit.

    In Korean the first three apply to syllables, the last one to the letters of a syllable.
    """
    for at, character in enumerate(name):
        yield name[:at] + name[at + 1 :]
        yield name[:at] + character + name[at:]
        yield name[:at] + name[at + 1 : at + 2] + character + name[at + 2 :]
    latin = neighbours(QWERTY)
    hangul = {
        unicodedata.normalize("NFKD", key): [unicodedata.normalize("NFKD", other) for other in others]
        for key, others in neighbours(DUBEOLSIK).items()
    }
    letters = unicodedata.normalize("NFD", name)
    for at, letter in enumerate(letters):
        for other in latin.get(letter.lower(), hangul.get(letter, [])):
            if (unicodedata.name(letter)[:16] == unicodedata.name(other)[:16]) or letter.isascii():
                yield unicodedata.normalize("NFC", letters[:at] + other + letters[at + 1 :])


def is_named(text: str, code: str) -> bool:
    """Whether `text` is by coincidence the name of another country than `code`."""
    key = join(spell(text), SMALL)
    codes = load_vocabulary(frozenset(LANGUAGES)).names.get(key) or load_world().names.get(key)
    return codes is not None and code not in codes


@pytest.mark.slow
@pytest.mark.parametrize(("language", "least"), [("en", 0.98), ("ko", 0.97)])
def test_typing_mistake_never_leads_to_another_country(language: Language, least: float) -> None:
    chance = random.Random(20_240_501)
    missed, wrong, tried = [], [], 0
    for code in CODES:
        name = country_name(code, language)
        mistakes = sorted({text for text in mistype(name) if text != name and not is_named(text, code)})
        for text in chance.sample(mistakes, min(MISTAKES_PER_NAME, len(mistakes))):
            tried += 1
            match = find(text, language)
            if match.sure not in (code, None):
                wrong.append((name, text, match.sure))
            elif code not in (match.sure, *match.offers):
                missed.append((name, text, match.offers))

    assert wrong == []
    assert tried > 1_900
    assert 1 - len(missed) / tried >= least, missed


@pytest.mark.parametrize("name", ["North Korea", "DPR Korea", "북한", "북조선", "조선민주주의인민공화국"])
def test_mistyped_north_korea_is_never_accepted(name: str) -> None:
    taken = {text: match.sure for text in mistype(name) if (match := find(text)).sure is not None}

    assert taken == {}


def test_capitals_lead_to_their_country() -> None:
    """A capital that no other country has is taken. Of the others it is asked which is meant."""
    lines = Path(__file__).with_name("capitals.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    matches = [(code, text, find(text)) for code, texts in rows for text in texts.split("|")]
    missed = [(code, text, match) for code, text, match in matches if code not in (match.sure, *match.offers)]
    asked = {code for code, _, match in matches if match.sure is None}

    assert missed == []
    assert asked <= {"AO", "AZ", "BO", "CL", "GY", "IL", "JM", "LY", "MV", "NG", "PA", "SS", "TL", "YE"}, asked
