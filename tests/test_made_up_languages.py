"""A folder and a table add a language: an accented one, one from right to left, one with six plural forms."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from chatbot.__main__ import main
from chatbot.i18n import CATALOG
from chatbot.screens.load import load_petition
from chatbot.settings import BUNDLED_LOCALES
from tests.support.made_up_languages import ACCENTED, FORMS, MADE_UP, RIGHT_TO_LEFT, MadeUpLanguage

made_up = pytest.mark.parametrize("language", MADE_UP.values(), ids=MADE_UP)


def read_texts() -> list[str]:
    """List the English texts of the screens; of a text with a plural, both forms."""
    with (BUNDLED_LOCALES / "en" / CATALOG).open("rb") as file:
        ids = [message.id for message in read_po(file) if message.id]
    return [text for each in ids for text in ([each] if isinstance(each, str) else each)]


def test_check_accepts_a_campaign_with_made_up_languages(
    made_up_locales: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOCALES_DIR", str(made_up_locales))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'chatbot.db'}")
    assert main(["check"]) == 0
    told = capsys.readouterr()
    assert [line.partition(":")[0] for line in told.out.splitlines()[:5]] == ["ko", "en", *MADE_UP]
    assert told.err == ""


@made_up
def test_text_is_read_back_in_english(language: MadeUpLanguage) -> None:
    texts = read_texts()
    assert [language.read(language.write(text)) for text in texts] == texts


@pytest.mark.parametrize("language", [ACCENTED, RIGHT_TO_LEFT], ids=["qps", "qar"])
def test_texts_are_about_forty_per_cent_longer(language: MadeUpLanguage) -> None:
    texts = read_texts()
    longer = sum(len(language.write(text)) for text in texts) / sum(map(len, texts))
    assert 1.35 < longer < 1.5


def test_arabic_uses_each_of_its_six_forms(made_up_locales: Path) -> None:
    _campaign, translators = load_petition([made_up_locales, BUNDLED_LOCALES])
    forms = ("<b>{count}</b> supporter", "<b>{count}</b> supporters")
    texts = [translators["ar"].plural(*forms, each) for each in (0, 1, 2, 3, 11, 100)]
    assert [next((form for form in FORMS[1:] if form in text), "") for text in texts] == list(FORMS)
