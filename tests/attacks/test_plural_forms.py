"""Catalogs whose plural forms do not fit the language. A Korean one with English's header showed English from 2 on."""

from pathlib import Path

import pytest
from babel import Locale
from babel.localedata import locale_identifiers

from chatbot.i18n import CATALOG, CatalogError, Translator, load_translators, plurals
from chatbot.i18n.catalog import parse_catalog, read_text
from chatbot.petition.languages import describe_languages

NUMBERS = (0, 1, 2, 3, 5, 11, 21, 22, 100, 101, 111, 1000, 1_000_000)
RUSSIAN = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"
ARABIC = "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
BABELS_ARABIC = (
    "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=0 && n%100<=2 ? 4 : 5);"
)
"""The header that Babel writes, which has the last two forms in another order than `ARABIC`."""
FORMS = {"ko": "other", "ja": "other", "en": "one other", "ru": "one few many", "pl": "one few many"}
FORMS |= {
    "lv": "zero one other",
    "ar": "zero one two few many other",
    "fr": "one other",
    "cy": "zero one two few many other",
}


def write_catalog(directory: Path, language: str, forms: str | list[str], header: str | None) -> Path:
    """Write a catalog with one text, whose plural forms are their names in CLDR; return `directory`."""
    lines = ['msgid ""', 'msgstr ""', '"Content-Type: text/plain; charset=utf-8\\n"']
    lines += [] if header is None else [f'"Plural-Forms: {header}\\n"']
    lines += ["", 'msgid "{count} supporter"', 'msgid_plural "{count} supporters"']
    lines += [f'msgstr[{nth}] "{form}"' for nth, form in enumerate(forms.split() if isinstance(forms, str) else forms)]
    file = directory / language / CATALOG
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([*lines, ""]), "utf-8")
    return directory


def load(language: str, *directories: Path) -> Translator:
    return load_translators(describe_languages([language]), directories)[language]


def find_problem(language: str, directory: Path) -> str:
    """Return why the catalog is refused, without its path."""
    with pytest.raises(CatalogError) as error:
        load(language, directory)
    assert "\n" not in str(error.value)
    return str(error.value).removeprefix(f"{language}/{CATALOG}, ")


def assert_chooses_right_forms(_: Translator, language: str) -> None:
    for number in NUMBERS:
        wanted = Locale.parse(language).plural_form(number)
        if language == "fr" and wanted == "many":  # of whole millions, for which catalogs have no form
            wanted = "other"
        assert _.plural("{count} supporter", "{count} supporters", number) == wanted, number


@pytest.mark.parametrize(
    ("language", "header"),
    [
        ("ko", "nplurals=1; plural=0;"),
        ("ko", None),
        ("ja", None),
        ("en", "nplurals=2; plural=(n != 1);"),
        ("en", None),
        ("fr", "nplurals=2; plural=(n > 1);"),
        ("ru", RUSSIAN),
        ("ru", None),
        ("pl", None),
        ("ar", ARABIC),
    ],
)
def test_translation_chooses_the_right_form(tmp_path: Path, language: str, header: str | None) -> None:
    assert_chooses_right_forms(load(language, write_catalog(tmp_path, language, FORMS[language], header)), language)


@pytest.mark.parametrize(
    ("language", "of", "header"),
    [
        ("pt_BR", "pt", "nplurals=2; plural=(n > 1);"),
        ("pt_PT", "pt_PT", "nplurals=2; plural=(n != 1);"),
        ("sr_Latn", "sr", RUSSIAN),
        ("ar_KR", "ar", ARABIC),
        ("ko_US", "ko", None),
        ("zh_Hant_KR", "zh", None),
    ],
)
def test_script_and_territory_have_the_forms_of_their_language(
    tmp_path: Path, language: str, of: str, header: str | None
) -> None:
    names = dict.fromkeys(map(Locale.parse(of).plural_form, range(101)))
    order = [form for form in ("zero", "one", "two", "few", "many", "other") if form in names]
    file = write_catalog(tmp_path, language, order, header) / language / CATALOG
    catalog = parse_catalog(read_text(file, language), language)
    assert catalog.num_plurals == len(order)
    assert catalog["{count} supporter"].string == tuple(order)


def test_language_unknown_to_cldr_keeps_its_header(tmp_path: Path) -> None:
    file = write_catalog(tmp_path, "qar", FORMS["ar"], ARABIC) / "qar" / CATALOG
    catalog = parse_catalog(read_text(file, "qar"), "qar")
    assert f"nplurals={catalog.num_plurals}; plural={catalog.plural_expr};" == ARABIC
    assert catalog["{count} supporter"].string == tuple(FORMS["ar"].split())


def test_language_unknown_to_cldr_needs_a_valid_header(tmp_path: Path) -> None:
    example = "nplurals=2; plural=(n != 1);"
    assert find_problem("qps", write_catalog(tmp_path, "qps", "one other", None)) == (
        f"line 1: Plural-Forms is missing; write it into the header: {example}."
    )
    for wrong in ("nplurals=1; plural=(n != 1);", "nplurals=2; plural=n/0;"):
        assert (
            find_problem("qps", write_catalog(tmp_path, "qps", "one other", wrong))
            == f"line 4: Plural-Forms must be {example}."
        )


def test_proposed_headers_fit_every_rule_of_cldr() -> None:
    languages = [name for name in locale_identifiers() if "_" not in name]
    rules = {str(sorted(Locale.parse(name).plural_form.rules.items())): name for name in languages}
    assert len(rules) > 30
    assert not [name for name in rules.values() if not plurals.is_right(name, plurals.propose_header(name))]


def test_forms_follow_the_order_of_the_header(tmp_path: Path) -> None:
    assert_chooses_right_forms(
        load("ar", write_catalog(tmp_path, "ar", "zero one two few other many", BABELS_ARABIC)), "ar"
    )


@pytest.mark.parametrize(
    ("language", "forms", "header", "problem"),
    [
        ("ko", "other", "nplurals=2; plural=(n != 1);", "line 4: Plural-Forms must be nplurals=1; plural=0;"),
        ("ko", "other other", "nplurals=2; plural=(n != 1);", "line 4: Plural-Forms must be nplurals=1; plural=0;"),
        ("en", "other", "nplurals=1; plural=0;", "line 4: Plural-Forms must be nplurals=2; plural=(n != 1);"),
        ("ru", "one other", "nplurals=2; plural=(n != 1);", f"line 4: Plural-Forms must be {RUSSIAN}"),
        ("ko", "other", "nplurals=1; plural=(n==1 ? 0 : 1;", "line 4: Plural-Forms must be nplurals=1; plural=0;"),
        ("en", "one other", "nplurals=2; plural=n/0;", "line 4: Plural-Forms must be nplurals=2; plural=(n != 1);"),
        ("en", "one other", "nplurals=2; plural=" + "(" * 900 + "n;", "line 4: Plural-Forms must be nplurals=2;"),
        ("en", "one other", "nplurals=1; plural=(n != 1);", "line 4: Plural-Forms must be nplurals=2;"),
        ("en", "one other", "nplurals=2; plural=__import__('os');", "line 4: Plural-Forms must be nplurals=2;"),
        (
            "ko",
            "other",
            "nplurals=99999999999; plural=0;",
            "line 4: Plural-Forms cannot be read; it must be nplurals=1;",
        ),
        (
            "ko",
            "other",
            "nplurals=x; plural=0;",
            "line 4: Plural-Forms cannot be read; it must be nplurals=1; plural=0;",
        ),
        ("ko", "other", "", "line 4: Plural-Forms cannot be read; it must be nplurals=1; plural=0;"),
        ("ar", FORMS["ar"], None, "line 1: Plural-Forms is missing; write it into the header: nplurals=6; plural="),
        ("cy", FORMS["cy"], None, "line 1: Plural-Forms is missing; write it into the header: nplurals=6; plural="),
        ("en", ["one", ""], None, "line 5: a plural form is empty; fill in all, msgstr[0] to msgstr[1]."),
        ("en", ["one"], "nplurals=2; plural=(n != 1);", "line 6: a plural form is empty; fill in all, msgstr[0] to"),
        (
            "ko",
            "other other",
            "nplurals=1; plural=0;",
            "line 9: by Plural-Forms the last form is msgstr[0]; take this one",
        ),
    ],
)
def test_loading_reports_wrong_forms_in_one_line(
    tmp_path: Path, language: str, forms: str | list[str], header: str | None, problem: str
) -> None:
    assert find_problem(language, write_catalog(tmp_path, language, forms, header)).startswith(problem)


@pytest.mark.parametrize("language", ["ar", "cy", "ru", "lv"])
def test_catalog_with_the_proposed_header_is_accepted(tmp_path: Path, language: str) -> None:
    told = find_problem(language, write_catalog(tmp_path, language, FORMS[language], "nplurals=2; plural=(n != 1);"))
    header = told.partition("must be ")[2].rstrip(".")
    assert_chooses_right_forms(load(language, write_catalog(tmp_path, language, FORMS[language], header)), language)


def test_missing_forms_come_from_the_next_catalog(tmp_path: Path) -> None:
    own = write_catalog(tmp_path / "own", "ko", [""], "nplurals=1; plural=0;")
    assert_chooses_right_forms(load("ko", own, write_catalog(tmp_path / "bundled", "ko", "other", None)), "ko")


def test_catalog_with_an_empty_language_keeps_its_forms(tmp_path: Path) -> None:
    file = write_catalog(tmp_path, "ko", "other", "nplurals=1; plural=0;") / "ko" / CATALOG
    file.write_text(file.read_text("utf-8").replace('"Content-Type', '"Language: \\n"\n"Content-Type'), "utf-8")
    assert_chooses_right_forms(load("ko", tmp_path), "ko")


def test_wrong_header_is_accepted_in_a_catalog_without_plurals(tmp_path: Path) -> None:
    file = write_catalog(tmp_path, "ko", "other", "nplurals=2; plural=(n != 1);") / "ko" / CATALOG
    head, _, _ = file.read_text("utf-8").partition("\n\n")
    file.write_text(f'{head}\n\nmsgid "Skip"\nmsgstr "건너뛰기"\n', "utf-8")
    assert load("ko", tmp_path).label("Skip") == "건너뛰기"
