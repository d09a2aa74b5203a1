"""Writes what was answered: the campaign, the token and the settings file, all of them or none."""

import os
import secrets
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Final

from chatbot.app.setup.interview import Setup
from chatbot.app.setup.new_campaign import AnsweredTexts, NewCampaign
from chatbot.app.setup.private_files import write_private
from chatbot.app.setup.questions import FILE_DATABASE
from chatbot.i18n import load_translators
from chatbot.petition.languages import describe_languages
from chatbot.screens.load import load_petition
from chatbot.screens.organizer.command_line import setup as words
from chatbot.settings import BUNDLED_LOCALES
from chatbot.settings_checks import clean_token, decode_token
from chatbot.settings_file import change_lines, is_open_to_others, read_small_file

TOKEN_FILE: Final = "telegram.token"  # noqa: S105 - no token


def find_token_file(setup: Setup) -> Path:
    """Return the path of the file with the token: the one in the settings file, or one beside it."""
    kept = setup.find("TELEGRAM_TOKEN_FILE")
    return Path(kept) if kept else setup.file.path.parent / TOKEN_FILE


def write_everything(setup: Setup) -> list[str]:
    """Write the files and return their names. Raises `OSError` or `CampaignError`; then all are as before."""
    written: list[str] = []
    with ExitStack() as undo:
        if setup.answers["campaign"] == "new":
            folder = Path(setup.answers["folder"])
            part = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
            part.mkdir()
            undo.callback(shutil.rmtree, part, ignore_errors=True)
            _write_campaign(setup, part)
            os.rename(part, folder)  # noqa: PTH104 - unlike Path.rename, it says no more than it does
            undo.callback(shutil.rmtree, folder, ignore_errors=True)
            written.append(f"{folder}/")
        token_file = find_token_file(setup)
        token = setup.answers.get("token")
        if token is not None and (token != _read_token(token_file) or is_open_to_others(token_file)):
            _replace(token_file, f"{token}\n", undo)
            written.append(str(token_file))
        before = setup.file.path.read_text("utf-8-sig") if setup.file.path.exists() else ""
        after = change_lines(before or f"# {words.about_settings(setup._)}\n", find_values(setup))
        if after != before or is_open_to_others(setup.file.path):
            _replace(setup.file.path, after, undo)
            written.append(str(setup.file.path))
        undo.pop_all()
    return written


def find_values(setup: Setup) -> Mapping[str, str | None]:
    """Return the settings to write; None takes a line out, and others stay."""
    answers = setup.answers
    values: dict[str, str | None] = {}
    if "token" in answers:
        values |= {"TELEGRAM_TOKEN": None, "TELEGRAM_TOKEN_FILE": str(find_token_file(setup))}
    if setup.typed_proxy is not None:
        values["TELEGRAM_PROXY"] = setup.typed_proxy or None
    if answers["campaign"] != "kept":
        values["LOCALES_DIR"] = answers["folder"] if answers["campaign"] == "new" else None
    elif "LOCALES_DIR" in setup.not_asked:  # without it, a new terminal would start the bundled petition
        values["LOCALES_DIR"] = setup.find("LOCALES_DIR")
    if answers["database"] != "kept":
        values["DATABASE_URL"] = answers["database_url"] if answers["database"] == "server" else FILE_DATABASE
    if "WEBHOOK_URL" not in setup.not_asked:
        values["WEBHOOK_URL"] = answers["webhook_url"] if answers["listening"] == "web" else None
    return values


def _write_campaign(setup: Setup, folder: Path) -> None:
    answers, languages = setup.answers, setup.languages
    names = ("title", "addressee", "starter", "lead", "demand")
    campaign = NewCampaign(
        {language: AnsweredTexts(*(answers[f"{name}.{language}"] for name in names)) for language in languages},
        answers["hashtag"],
        answers["contact"],
        date.today(),  # noqa: DTZ011 - where the person is
    )
    campaign.write(folder, setup._, load_translators(describe_languages(languages), [BUNDLED_LOCALES]))
    load_petition([folder, BUNDLED_LOCALES])  # raises what `check` would tell


def _read_token(file: Path) -> str | None:
    """Return the token that the bot would read from the file; None if there is none."""
    try:
        return clean_token(decode_token(read_small_file(file)))
    except (OSError, UnicodeDecodeError):
        return None


def _replace(path: Path, text: str, undo: ExitStack) -> None:
    """Replace a private file, which `undo` puts back."""
    before = path.read_bytes() if path.exists() else None
    write_private(path, text)
    if before is None:
        undo.callback(path.unlink, missing_ok=True)
    else:
        undo.callback(write_private, path, before)
