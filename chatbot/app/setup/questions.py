"""The questions of the set-up, in order, and what makes an answer right."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from unicodedata import normalize
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from chatbot.app.setup import bot_token
from chatbot.app.setup.interview import Check, Choice, Setup, SetupQuestion, WrongAnswerError, take_choice
from chatbot.i18n import CATALOG, Translator
from chatbot.petition.campaign_file import FACTS_FILE, Hashtag
from chatbot.petition.languages import Language, describe_languages, is_code
from chatbot.petition.model import CampaignError
from chatbot.petition.text.contact import read_contact
from chatbot.problem import InvalidValueError, Problem
from chatbot.screens.load import read_petition
from chatbot.screens.organizer.command_line import setup as words
from chatbot.settings import BUNDLED_LOCALES, TELEGRAM
from chatbot.settings_checks import is_proxy
from chatbot.settings_file import TOKENS
from chatbot.storage import DatabaseUnavailableError, UnsupportedDatabaseError, UnusableDatabaseError, try_database
from chatbot.telegram_text import find_plain_faults, find_unshown, is_visible
from chatbot.webhook_address import check_webhook_address

FILE_DATABASE: Final = "sqlite:///chatbot.db"
NO_PROXY: Final = "-"
"""What is typed to go without a proxy."""
_FOLDER: Final = "our-petition"
_TEXTS: Final = {"title": 128, "addressee": 128, "starter": 128, "lead": 160, "demand": 300}
"""What is asked in each language, and how many letters it may have."""


def list_questions(setup: Setup) -> Iterator[SetupQuestion]:
    """Yield the questions. Which ones come depends on the answers before."""
    yield SetupQuestion("language", take_choice, _list_languages)
    fixed = {*setup.not_asked}
    setup.answers |= {"campaign": "kept", "database": "kept", "listening": "web"}
    if not fixed & TOKENS:
        yield SetupQuestion("token", _check_token, default=_find_token, is_hidden=True)
    if "LOCALES_DIR" not in fixed:
        yield SetupQuestion("campaign", take_choice, _list_campaigns)
    if setup.answers["campaign"] == "new":
        yield SetupQuestion("folder", _check_folder, default=lambda _setup: _FOLDER)
        yield SetupQuestion("languages", _check_languages, _list_languages, lambda _setup: "1")
        for language in setup.languages:
            for name in _TEXTS:
                yield SetupQuestion(name, _make_text_check(name), default=_find_text(name), language=language)
        yield SetupQuestion("hashtag", _check_hashtag, is_optional=True)
        yield SetupQuestion("contact", _check_contact, is_optional=True)
    if "DATABASE_URL" not in fixed:
        yield SetupQuestion("database", take_choice, _list_databases)
    if setup.answers["database"] == "server":
        yield SetupQuestion("database_url", _check_database, is_hidden=True)
    if "WEBHOOK_URL" not in fixed:
        yield SetupQuestion("listening", take_choice, _list_ways)
        if setup.answers["listening"] == "web":
            yield SetupQuestion("webhook_url", _check_webhook, default=lambda setup: setup.find("WEBHOOK_URL"))
    yield SetupQuestion("write", take_choice, _list_endings)


def list_known_languages() -> list[Language]:
    """List the languages for which the bot has all words."""
    folders = (file.parts[-len(CATALOG.split("/")) - 1] for file in BUNDLED_LOCALES.glob(f"*/{CATALOG}"))
    return sorted(each for each in folders if is_code(each))


def _list_languages(setup: Setup) -> list[Choice]:
    """The language of the terminal comes first: it is what Enter takes."""
    known = sorted(list_known_languages(), key=lambda each: each != setup._.language)
    return [Choice(each, facts.name) for each, facts in describe_languages(known).items()]


def _find_token(setup: Setup) -> str:
    return words.keep_token(setup._, setup.token.username) if setup.token.value else ""


async def _check_token(setup: Setup, typed: str) -> str:
    """Check a token, or try the last one through a proxy if that is typed."""
    names_proxy = typed == NO_PROXY or re.match(r"[A-Za-z0-9+.-]+://", typed) is not None
    if names_proxy:
        _take_proxy(setup, typed)
    token = bot_token.find_token(typed) if typed and not names_proxy else setup.token.value
    if token is None:
        raise WrongAnswerError(words.proxy_kept(setup._) if setup.proxy and names_proxy else words.no_token(setup._))
    if typed or setup.token.username is None:
        setup.terminal.say(words.asking(setup._))
        setup.token.value = token  # Enter tries again
        setup.token.username, trouble = await bot_token.ask_name(token, setup.api_url, setup.proxy)
        if trouble is not None:
            told = words.TROUBLE[trouble](setup._)
            if trouble == "REFUSED" or token != setup.kept_token or names_proxy:
                setup.token.value = None if trouble == "REFUSED" else token
                raise WrongAnswerError(told)
            setup.terminal.say(told)  # the token was tried before, and the internet may be away now
            return token
    setup.terminal.say(words.found_bot(setup._, setup.token.username or ""))
    return token


def _take_proxy(setup: Setup, typed: str) -> None:
    if os.environ.get("TELEGRAM_PROXY"):
        raise WrongAnswerError(words.not_asked(setup._, ["TELEGRAM_PROXY"]))
    url = "" if typed == NO_PROXY else typed.replace("'", "%27")  # the same; see `_check_webhook`
    if url and not is_proxy(url):
        raise WrongAnswerError(words.bad_proxy(setup._))
    setup.typed_proxy = url


def name_proxy(url: str) -> str:
    """Name a proxy without the name and the password in its address."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def _list_campaigns(setup: Setup) -> Iterator[Choice]:
    kept = setup.find("LOCALES_DIR")
    if (title := find_title(Path(kept), setup._) if kept else "") and Path(kept).resolve() != BUNDLED_LOCALES.resolve():
        yield Choice("kept", words.as_before(setup._, f"{kept}, {title}"))
    yield Choice("bundled", words.bundled(setup._, find_title(BUNDLED_LOCALES, setup._)))
    yield Choice("new", words.new(setup._))


def find_title(folder: Path, _: Translator) -> str:
    """Return the title of the petition in this folder; empty if its files cannot be read."""
    if not (folder / FACTS_FILE).is_file():
        return ""
    try:
        campaign, _translators = read_petition([folder, BUNDLED_LOCALES])
    except CampaignError:
        return folder.name
    return campaign.words[campaign.find_offered(_.language)].title


async def _check_folder(setup: Setup, typed: str) -> str:
    if not re.fullmatch(r"[\w-][\w.-]{0,63}", typed):
        raise WrongAnswerError(words.bad_folder(setup._))
    if _exists(typed):
        raise WrongAnswerError(words.is_taken(setup._, typed))
    return typed


async def _check_languages(setup: Setup, typed: str) -> str:
    known = [each.value for each in _list_languages(setup)]
    parts = re.split(r"[\s,.]+", typed.strip(" ,."))
    found = [known[int(each) - 1] if each.isdecimal() and 0 < int(each) <= len(known) else each for each in parts]
    if not found or not set(found) <= set(known):
        raise WrongAnswerError(words.choose_number(setup._, len(known)))
    return " ".join(dict.fromkeys(found))


def _exists(name: str) -> bool:
    return Path(name).exists()


def _find_text(name: str) -> Callable[[Setup], str]:
    """The starter is called alike in most languages."""
    return lambda setup: setup.answers.get(f"{name}.{setup.languages[0]}", "") if name == "starter" else ""


def _make_text_check(name: str) -> Check:
    async def check(setup: Setup, typed: str) -> str:
        text = normalize("NFC", " ".join(typed.split()))
        if len(text) > _TEXTS[name]:
            raise WrongAnswerError(words.too_long(setup._, len(text), _TEXTS[name]))
        if not is_visible(text) or any(find_unshown(text)):
            raise WrongAnswerError(words.unshowable(setup._))
        if fault := next(find_plain_faults(text), None):
            raise WrongAnswerError(fault)
        return text

    return check


async def _check_hashtag(setup: Setup, typed: str) -> str:
    text = f"#{typed.strip().removeprefix('#')}"
    try:
        return TypeAdapter(Hashtag).validate_python(text) if typed.strip() else ""
    except ValidationError:
        raise WrongAnswerError(words.bad_hashtag(setup._)) from None


async def _check_contact(setup: Setup, typed: str) -> str:
    try:
        return read_contact(typed.strip()) if typed.strip() else ""
    except ValueError:
        raise WrongAnswerError(words.bad_contact(setup._)) from None


def _list_databases(setup: Setup) -> Iterator[Choice]:
    kept = setup.find("DATABASE_URL")
    if kept and kept != FILE_DATABASE:
        yield Choice("kept", words.as_before(setup._, name_database(kept)))
    yield Choice("file", words.in_file(setup._, name_database(FILE_DATABASE)))
    yield Choice("server", words.on_server(setup._))


def name_database(url: str) -> str:
    """Name a database without the password in its address."""
    if url.startswith("sqlite:"):
        return url.partition(":///")[2]
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path}"


async def _check_database(setup: Setup, typed: str) -> str:
    url = typed.strip().strip("\"'").removeprefix("DATABASE_URL=").strip("\"'")
    if not url.startswith(("postgresql://", "postgres://")) or any(each.isspace() or each == "'" for each in url):
        raise WrongAnswerError(words.bad_database(setup._))
    setup.terminal.say(words.connecting(setup._))
    try:
        await try_database(url)
    except (DatabaseUnavailableError, UnsupportedDatabaseError, UnusableDatabaseError) as error:
        raise WrongAnswerError(error.problems[0]) from None
    if setup.file.values.get("DATABASE_URL", FILE_DATABASE) != url and _exists("chatbot.db"):
        setup.terminal.say(words.moves(setup._))
    return url


def _list_ways(setup: Setup) -> list[Choice]:
    ways = [Choice("run", words.fetch(setup._)), Choice("web", words.be_brought(setup._))]
    return ways[::-1] if setup.find("WEBHOOK_URL") else ways


async def _check_webhook(setup: Setup, typed: str) -> str:
    url = typed.strip().replace("'", "%27")  # the same address; not every reader of the settings file takes a '
    try:
        check_webhook_address(url, own_server=setup.api_url != TELEGRAM)
    except InvalidValueError as error:
        raise WrongAnswerError(Problem("{name}: {problem}", name="WEBHOOK_URL", problem=error.problems[0])) from None
    return url


def _list_endings(setup: Setup) -> list[Choice]:
    return [Choice("write", words.write(setup._)), Choice("leave", words.leave(setup._))]
