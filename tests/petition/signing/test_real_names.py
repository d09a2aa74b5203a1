"""Names of people in many languages are accepted as they are written."""

import unicodedata
from pathlib import Path

from chatbot.petition.signing.names import NameRefusedError, read_name

HERE = Path(__file__).parent


def read_lines(file: str) -> list[str]:
    lines = (HERE / file).read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def combine_names() -> dict[str, list[str]]:
    """The names of each language: every given name with every family name, in the order of the language."""
    names: dict[str, list[str]] = {}
    for line in read_lines("real_names.tsv"):
        language, order, given, family = line.split("\t")
        names[language] = [
            "".join({"G": one, "F": other}.get(part, part) for part in order)
            for one in given.split(";")
            for other in family.split(";")
        ]
    return names


def list_names() -> list[str]:
    return [*(name for names in combine_names().values() for name in names), *read_lines("odd_names.txt")]


def test_no_name_of_a_person_is_refused() -> None:
    refused = {}
    for name in list_names():
        try:
            if read_name(name) != unicodedata.normalize("NFC", name):
                refused[name] = read_name(name)
        except NameRefusedError as error:
            refused[name] = f"{error.problem} {error.signs}"
    assert refused == {}


def test_list_has_a_thousand_names_of_sixty_languages() -> None:
    names = combine_names()
    assert len(names) >= 60
    assert sum(len(set(each)) for each in names.values()) >= 1_000
