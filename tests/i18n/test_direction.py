"""Right-to-left languages: values are isolated, and signs without a direction run right to left."""

from collections.abc import Mapping
from pathlib import Path
from unicodedata import bidirectional

import pytest
from markupsafe import Markup

from chatbot.i18n import CATALOG, Translator, load_translators
from chatbot.petition.languages import describe_languages
from chatbot.screens.countries import flagged

HEADER = r"""msgid ""
msgstr ""
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""


@pytest.fixture
def arabic(tmp_path: Path) -> Translator:
    (tmp_path / "qar" / CATALOG).parent.mkdir(parents=True)
    body = 'msgid "{count} day"\nmsgid_plural "{count} days"\nmsgstr[0] "يوم {count}"\nmsgstr[1] "{count} أيام"\n'
    (tmp_path / "qar" / CATALOG).write_text(HEADER + body, "utf-8")
    languages = describe_languages(["qar", "en"], {"qar": {"direction": "rtl"}})
    return load_translators(languages, [tmp_path])["qar"]


def test_values_of_a_right_to_left_language_are_isolated(arabic: Translator) -> None:
    assert arabic("To {name}", name="<Sam>") == "To \u2068&lt;Sam&gt;\u2069"
    assert arabic("To {name}", name=Markup("<b>Sam</b>")) == "To \u2068<b>Sam</b>\u2069"
    assert arabic.label("To {name}", name="<Sam>") == "To \u2068<Sam>\u2069"
    assert [arabic.plural("{count} day", "{count} days", count) for count in (1, 1000)] == [
        "يوم \u20681\u2069",
        "\u20681,000\u2069 أيام",
    ]


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("{a}, {b} ({a})", True),
        ("👤 {a}", True),
        ("<b>{a}</b> · {b}", True),
        ("{a}+", False),
        ("{a}", False),
        ("من {a}, {b}", False),
        ("·", False),
    ],
)
def test_values_with_only_signs_between_them_run_right_to_left(arabic: Translator, text: str, begins: bool) -> None:
    assert arabic(text, a=1, b=2).startswith("\u200f") is begins
    assert f"\n{arabic(text, a=1, b=2)}" in arabic(f"من\n{text}", a=1, b=2)
    assert arabic.join(["1", "2"]).startswith("\u200f")
    assert arabic.row(["1", "2"]).startswith("\u200f")


def test_flags_and_bars_run_right_to_left(arabic: Translator, translators: Mapping[str, Translator]) -> None:
    for shown in (flagged(arabic, "KR"), arabic.direct("▮▯")):
        assert next(filter(None, map(_direction, shown))) == "R"
    assert flagged(translators["en"], "KR") == "🇰🇷 South Korea"
    assert translators["en"].direct("▮▯") == "▮▯"


def _direction(character: str) -> str:
    """Return L or R, as Unicode's first strong isolate reads it; nothing for a character without a direction."""
    return bidirectional(character).replace("AL", "R") if bidirectional(character) in ("L", "R", "AL") else ""


def test_hashtags_in_values_and_pages_are_isolated(arabic: Translator) -> None:
    title = "أنقذوا أصدقاءنا (#SaveMyFriend)"
    isolated = "أنقذوا أصدقاءنا (\u2068#SaveMyFriend\u2069)"
    assert arabic("<b>{title}</b>", title=title) == f"<b>\u2068{isolated}\u2069</b>"
    assert arabic.label("{title}", title=title) == f"\u2068{isolated}\u2069"
    assert arabic.page(Markup(f'{title} <a href="https://x.org/a#b">x</a>')) == (
        f'{isolated} <a href="https://x.org/a#b">x</a>'
    )
    assert arabic("{name}", name=Markup("<i>&#39;</i>")) == "\u2068<i>&#39;</i>\u2069"


def test_text_that_people_copy_has_no_isolates(arabic: Translator) -> None:
    assert arabic("{a} <code>{b}</code>", a="x", b="y") == "\u200f\u2068x\u2069 \u2068<code>y</code>\u2069"
    assert arabic('<a href="{url}">{name}</a>', url="https://x.org", name="x") == (
        '<a href="https://x.org">\u2068x\u2069</a>'
    )


def test_values_of_a_left_to_right_language_are_not_isolated(translators: Mapping[str, Translator]) -> None:
    assert translators["en"]("To {name}", name="Sam") == "To Sam"
