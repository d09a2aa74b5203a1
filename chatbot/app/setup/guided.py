"""The guided set-up: asks everything, then writes everything, then shows the link that makes the first owner."""

import asyncio
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from chatbot.app.commands.command import Terminal, interruptible
from chatbot.app.database import open_configured_database
from chatbot.app.setup import bot_token, owner_link
from chatbot.app.setup.dialogue import (
    HiddenInputError,
    discard_typed_ahead,
    is_interactive,
    read_hidden,
    read_line,
    undisturbed,
)
from chatbot.app.setup.interview import Choice, Setup, SetupQuestion, WrongAnswerError
from chatbot.app.setup.questions import FILE_DATABASE, find_title, list_questions, name_database, name_proxy
from chatbot.app.setup.writing import find_token_file, find_values, write_everything
from chatbot.i18n.terminal import find_translator, read_problems
from chatbot.petition.languages import Language
from chatbot.petition.model import CampaignError
from chatbot.problem import InvalidValueError, Problem, describe_cause
from chatbot.screens.organizer.command_line import owner as owner_words
from chatbot.screens.organizer.command_line import setup as words
from chatbot.settings import BUNDLED_LOCALES, SettingsError, read_settings
from chatbot.settings_checks import decode_token
from chatbot.settings_file import SettingsFileError, change_lines, read_settings_file, read_small_file
from chatbot.storage import UnusableDatabaseError
from chatbot.storage.engine.file_systems import refuse_container_disk
from chatbot.storage.organizer import owner_links


async def set_up(terminal: Terminal) -> bool:
    """Ask, write and show the link; False if nothing was written. Raises `SettingsError` if it cannot begin."""
    _ = terminal.translator
    if not is_interactive():
        raise SettingsError(Problem.quote(words.needs_a_terminal(_)))
    try:
        setup = Setup(terminal, read_settings_file(os.environ, may_be_missing=True))
    except SettingsFileError as error:
        raise SettingsError(*error.problems) from None
    if setup.is_in_container:
        try:
            refuse_container_disk(setup.file.path)
        except UnusableDatabaseError as error:
            raise SettingsError(*error.problems) from None
    folder = setup.file.path.absolute().parent
    if not os.access(folder, os.W_OK):
        raise SettingsError(Problem.quote(words.cannot_write(_, str(folder))))
    try:
        change_lines("", {"TELEGRAM_TOKEN_FILE": str(find_token_file(setup))})
    except InvalidValueError as error:
        problem = Problem("{name}: {problem}", name=find_token_file(setup), problem=error.problems[0])
        raise SettingsError(problem) from None
    try:
        await _ask_all(setup)
    except (KeyboardInterrupt, asyncio.CancelledError, EOFError) as end:
        setup.terminal.say("", words.left(setup._))
        if not isinstance(end, EOFError):
            raise
        return False
    except HiddenInputError:
        raise SettingsError(Problem.quote(words.cannot_hide(setup._))) from None
    if setup.answers["write"] == "leave":
        setup.terminal.say(words.left(setup._))
        return False
    written = _write(setup)
    await _tell_what_comes(setup, written)
    return True


async def _ask_all(setup: Setup) -> None:
    for question in list_questions(setup):
        if question.name == "write":
            setup.terminal.say("", *words.summary(setup._, _sum_up(setup)))
        setup.answers[question.key] = await _ask(setup, question)
        if question.name == "language":
            _switch_language(setup, setup.answers["language"])
            setup.terminal.say("", words.begin(setup._))
            if setup.not_asked:
                setup.terminal.say(words.not_asked(setup._, setup.not_asked))
            await _find_kept_token(setup)


async def _ask(setup: Setup, question: SetupQuestion) -> str:
    """Ask until there is an answer that can be taken."""
    discard_typed_ahead()
    choices = [*question.choices(setup)]
    labels = (f"  {number}. {choice.label}" for number, choice in enumerate(choices, 1))
    setup.terminal.say("", question.ask(setup._), *labels)
    while True:
        default = question.default(setup) or ("1" if choices else "")
        prompt = f"[{default}] > " if default else "> "
        with interruptible():
            typed = read_hidden(prompt) if question.is_hidden else read_line(prompt)
        try:
            return await _take(setup, question, choices, typed.encode(errors="replace").decode().strip())
        except WrongAnswerError as wrong:
            setup.terminal.say(wrong.told)


async def _take(setup: Setup, question: SetupQuestion, choices: Sequence[Choice], typed: str) -> str:
    if question.picks_one:
        number = typed.rstrip(".)") or "1"
        if not (number.isdecimal() and 0 < int(number) <= len(choices)):
            raise WrongAnswerError(words.choose_number(setup._, len(choices)))
        return await question.check(setup, choices[int(number) - 1].value)
    if not typed and not question.is_hidden:
        typed = question.default(setup)
    if not typed and not question.is_optional and not (question.is_hidden and question.default(setup)):
        raise WrongAnswerError(words.needed(setup._))
    return await question.check(setup, typed)


def _switch_language(setup: Setup, language: Language) -> None:
    translator = find_translator({"LC_ALL": language}, BUNDLED_LOCALES)
    setup.terminal = replace(
        setup.terminal, translator=translator, problems=read_problems(BUNDLED_LOCALES, translator.language)
    )


async def _find_kept_token(setup: Setup) -> None:
    """Find the token of an earlier set-up, and whose it is."""
    kept = setup.find("TELEGRAM_TOKEN")
    try:
        kept = kept or decode_token(read_small_file(find_token_file(setup)))
    except (OSError, UnicodeDecodeError):
        return
    setup.kept_token = setup.token.value = bot_token.find_token(kept)
    if setup.kept_token is not None:
        setup.terminal.say(words.asking(setup._))
        setup.token.username, trouble = await bot_token.ask_name(setup.kept_token, setup.api_url, setup.proxy)
        if trouble is not None:
            setup.token.value = None if trouble == "REFUSED" else setup.kept_token
            setup.terminal.say(words.TROUBLE[trouble](setup._))


def _sum_up(setup: Setup) -> dict[str, str]:
    """Return what was answered, in a few words for each part."""
    answers, values = setup.answers, find_values(setup)
    language = setup.languages[0] if answers["campaign"] == "new" else ""
    folder = values.get("LOCALES_DIR", setup.find("LOCALES_DIR")) or str(BUNDLED_LOCALES)
    database = values.get("DATABASE_URL", setup.find("DATABASE_URL")) or FILE_DATABASE
    proxy = {"proxy": name_proxy(setup.proxy)} if setup.proxy else {}
    return {
        "bot": words.keep_token(setup._, setup.token.username),
        **proxy,
        "petition": answers[f"title.{language}"] if language else find_title(Path(folder), setup._),
        "database": name_database(database),
        "command": f"python -m chatbot {answers['listening']}",
    }


def _write(setup: Setup) -> list[str]:
    try:
        with undisturbed():
            return write_everything(setup)
    except CampaignError as error:
        raise SettingsError(Problem.quote(words.not_written(setup._, "")), *error.problems) from None
    except OSError as error:
        why = f"{error.filename}: {describe_cause(error)}"
        raise SettingsError(Problem.quote(words.not_written(setup._, why))) from None


async def _tell_what_comes(setup: Setup, written: Sequence[str]) -> None:
    """Say what was written and what to do next, and show the link that makes the first owner."""
    say, _ = setup.terminal.say, setup._
    say("", words.written(_, written) if written else words.left(_))
    if setup.answers["campaign"] == "new":
        say(words.edit_texts(_, f"{setup.answers['folder']}/"))
    settings = read_settings()
    database = await open_configured_database(settings)
    try:
        if setup.token.username:
            await database.transact(owner_links.remember_username, setup.token.username)
        has_owner = await database.transact(owner_links.has_owner, settings.organizers)
        offer = None if has_owner else await owner_link.find_offer(database, (), owner_link.find_place(settings))
        if offer is not None and offer.secret is None:
            offer = await owner_link.make_offer(database)
    finally:
        await database.close()
    command = f"python -m chatbot {setup.answers['listening']}"
    say(words.start_container(_) if setup.is_in_container else words.start(_, command), "")
    if offer is None:
        say(words.has_owner(_))
        return
    owner_link.keep(offer, setup.token.username, owner_link.find_place(settings))
    say(owner_words.nobody(_), *owner_link.show(offer, setup.token.username, setup.terminal.out, _))
