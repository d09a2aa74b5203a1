"""Notes of `check` on files that are valid, but perhaps not what their authors meant."""

from pathlib import Path
from shutil import copytree

import pytest

from chatbot.__main__ import main
from chatbot.i18n import CATALOG
from chatbot.petition.campaign import load_campaign
from chatbot.settings import BUNDLED_LOCALES


@pytest.fixture
def petition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the bundled petition, in a folder without a database, where `check` speaks English."""
    copytree(BUNDLED_LOCALES, tmp_path / "our-petition")
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("LOCALES_DIR", str(tmp_path / "our-petition"))
    return tmp_path / "our-petition"


def check(capsys: pytest.CaptureFixture[str], code: int = 0) -> str:
    assert main(["check"]) == code
    told = capsys.readouterr()
    return told.out + told.err


def test_whole_petition_gets_no_note(petition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(check(capsys).splitlines()) == 4, "a line for each language, one for the campaign, one for the database"


def test_note_quotes_the_beginning_of_a_huge_paragraph(petition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (petition / "ko" / "appeal.html").write_text(f"<p>{'숲을 지켜 주세요. ' * 600}</p>", "utf-8")
    told = check(capsys)
    assert "ko/appeal.html: the paragraph that begins with “숲을 지켜 주세요." in told
    assert "6,599 characters; make several of it, each between <p> and </p>" in told


def test_note_counts_the_pages_of_a_long_appeal(petition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (petition / "en" / "appeal.html").write_text("<p>Save the forest, please.</p>\n" * 600, "utf-8")
    assert "pages for a phone; few people read so many" in check(capsys)


@pytest.mark.parametrize("content", [None, ""])
def test_note_names_a_catalog_without_words(
    petition: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    (petition / "ko" / CATALOG).unlink()
    if content is not None:
        (petition / "ko" / CATALOG).write_text(content)
    assert f"ko/{CATALOG}: has no words; the bot speaks with those that it brings" in check(capsys)


def test_note_quotes_words_of_another_version(petition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = petition / "ko" / CATALOG
    text = file.read_text("utf-8")
    assert 'msgid "Privacy"' in text
    file.write_text(text.replace('msgid "Privacy"', 'msgid "Private things"'), "utf-8")
    told = check(capsys)
    assert f"ko/{CATALOG}: 1 text in it is of another version of the bot and never shown: “Private things…”" in told


@pytest.mark.parametrize("inside", ["", "LC_MESSAGES"])
def test_note_names_an_empty_folder_of_a_language(
    petition: Path, capsys: pytest.CaptureFixture[str], inside: str
) -> None:
    (petition / "ja" / inside).mkdir(parents=True)
    for other in ("pictures", "img"):
        (petition / other).mkdir()
    told = check(capsys)
    assert "ja: this folder is empty, and nobody reads it; take it away, or put appeal.html into it" in told
    assert "pictures" not in told
    assert "img" not in told
    (petition / "ja" / "appeal.html").write_text("<p>x</p>", "utf-8")
    assert 'ja: nobody reads this folder; write "ja"' in check(capsys)


def test_note_names_a_file_with_a_hidden_ending(petition: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (petition / "ko" / "appeal.html").rename(petition / "ko" / "appeal.html.txt")
    told = check(capsys)
    assert "ko: not offered to people yet" in told
    assert "ko/appeal.html.txt: nobody reads this file; only appeal.html and updates.html are read" in told
    [missing] = load_campaign(petition).missing["ko"]
    assert "but there is appeal.html.txt: give it that name" in missing


def test_notes_name_actions_of_the_bundled_petition_and_a_misspelt_file(
    petition: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = petition / "campaign.toml"
    facts.write_text(facts.read_text("utf-8").replace("carried_over = 178_921", "carried_over = 12"), "utf-8")
    told = check(capsys)
    assert "actions.toml: people are still offered what goes with the bundled petition" in told
    (petition / "actions.toml").rename(petition / "action.toml")
    told = check(capsys)
    assert "action.toml: nobody reads this file; only campaign.toml and actions.toml are read" in told
    assert "bundled petition" not in told


@pytest.mark.parametrize("encoding", ["cp949", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("name", ["campaign.toml", "ko/appeal.html", "ko/updates.html", f"ko/{CATALOG}"])
def test_error_says_how_to_save_a_file_of_another_encoding(
    petition: Path, capsys: pytest.CaptureFixture[str], name: str, encoding: str
) -> None:
    text = (petition / name).read_text("utf-8")
    (petition / name).write_bytes(text.encode(encoding, "replace"))
    told = check(capsys, 1)
    assert f"{name}: these letters cannot be read; save the file again as UTF-8 (Notepad: Save as, Encoding)." in told
