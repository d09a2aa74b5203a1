"""The guided set-up: what it asks, what it refuses, and what it writes. The answers come from a list."""

import asyncio
import io
import os
import stat
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiohttp import web

from chatbot.__main__ import main
from chatbot.app.commands.command import Terminal
from chatbot.app.setup import guided
from chatbot.app.setup.bot_token import find_token
from chatbot.emulator import Emulator
from chatbot.settings import Settings, SettingsError, read_settings
from chatbot.storage import open_database
from chatbot.storage.organizer import owner_links, team
from chatbot.transport.outgoing import client
from tests.support.cast import NOW, YUNA
from tests.support.free_ports import find_free_port
from tests.support.postgres_server import PostgresServer

MESSAGE = """Done! Congratulations on your new bot. You will find it at t.me/petition_bot.

Use this token to access the HTTP API:
{token}
Keep your token secure and store it safely, it can be used by anyone to control your bot.

For a description of the Bot API, see this page: https://core.telegram.org/bots/api"""
FOREST = ("숲을 지켜 주세요", "시장", "숲 모임", "마을의 마지막 숲이 사라지려 합니다.", "개발 허가를 거두어 주십시오.")
FOREST_IN_ENGLISH = ("Save the forest", "The Mayor", "", "The last forest of our town is about to go.", "Withdraw it.")
END = "write"


class Typist:
    """Answers questions from a list, and ends the input after the last."""

    def __init__(self, answers: list[str]) -> None:
        self.answers = answers
        self.out = io.StringIO()
        self.hidden: list[str] = []
        self.end: type[BaseException] = EOFError

    def read_line(self, prompt: str) -> str:
        self.out.write(f"{prompt}\n")
        if not self.answers:
            raise self.end
        return self.answers.pop(0)

    def read_hidden(self, prompt: str) -> str:
        self.hidden.append(prompt)
        return self.read_line(prompt)

    @property
    def told(self) -> str:
        """Everything that was said."""
        return self.out.getvalue()


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty working directory, in an environment without settings."""
    for name in [*os.environ]:
        if name.upper() in {"SETTINGS_FILE", "LANG", "LC_ALL", "LC_MESSAGES"} | {
            *map(str.upper, Settings.model_fields)
        }:
            monkeypatch.delenv(name)
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


@pytest.fixture
async def telegram(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Emulator]:
    async with Emulator() as emulator:
        monkeypatch.setenv("TELEGRAM_API_URL", emulator.url)
        yield emulator


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Typist]:
    """Put somebody at the terminal who answers like this."""

    def type_in(*answers: str) -> Typist:
        typist = Typist([*answers])
        monkeypatch.setattr(guided, "is_interactive", lambda: True)
        monkeypatch.setattr(guided, "discard_typed_ahead", lambda: None)
        monkeypatch.setattr(guided, "read_line", typist.read_line)
        monkeypatch.setattr(guided, "read_hidden", typist.read_hidden)
        return typist

    return type_in


async def set_up(typist: Typist) -> bool:
    return await guided.set_up(Terminal(out=typist.out))


def read_files(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def list_new_campaign(token: str) -> list[str]:
    """Return the answers for a new campaign in both languages, in Korean."""
    return ["2", token, "2", "", "1 2", *FOREST, *FOREST_IN_ENGLISH, "숲을지켜요", "forest@example.org", "1", "1", "1"]


async def test_bundled_petition_needs_six_answers(
    telegram: Emulator, folder: Path, type_in: Callable[..., Typist]
) -> None:
    typist = type_in("1", telegram.token, "1", "", "", "")
    assert await set_up(typist)
    assert (folder / "petition.env").read_text().splitlines()[1:] == [
        "TELEGRAM_TOKEN_FILE=telegram.token",
        "DATABASE_URL=sqlite:///chatbot.db",
    ]
    assert (folder / "telegram.token").read_text() == f"{telegram.token}\n"
    for name in ("petition.env", "telegram.token", "owner-link.txt"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600, name
    settings = read_settings()
    assert settings.read_token() == telegram.token
    assert f"This is @{telegram.world.bot.username}." in typist.told
    assert telegram.token not in typist.told
    link = (folder / "owner-link.txt").read_text().strip()
    shown = f"    {link}\n\nIf Telegram only opens the chat, send the bot this line:\n\n"
    assert typist.told.endswith(f"{shown}    /start {link.partition('=')[2]}\n")


async def test_new_campaign_is_accepted_by_check_at_once(
    telegram: Emulator, folder: Path, type_in: Callable[..., Typist], capsys: pytest.CaptureFixture[str]
) -> None:
    typist = type_in(*list_new_campaign(telegram.token))
    assert await set_up(typist), typist.told
    assert typist.answers == []
    assert "LOCALES_DIR=our-petition\n" in (folder / "petition.env").read_text()
    assert await asyncio.to_thread(main, ["check"]) == 0
    told = capsys.readouterr().out
    assert "ko: 숲을 지켜 주세요" in told
    assert "en: Save the forest" in told
    files = "".join(content.decode() for content in read_files(folder / "our-petition").values())
    assert "TODO" not in files
    assert 'starter = "숲 모임"\nlead = "The last forest' in files, "the starter of the first language is offered"
    assert "<p><b>개발 허가를 거두어 주십시오.</b></p>" in files
    assert "저장했습니다: our-petition/, telegram.token, petition.env" in typist.told


async def test_campaign_in_one_language_is_whole(
    telegram: Emulator, type_in: Callable[..., Typist], capsys: pytest.CaptureFixture[str]
) -> None:
    answers = ["2", telegram.token, "2", "forest", "1", *FOREST, "", "", "1", "1", "1"]
    assert await set_up(type_in(*answers))
    assert await asyncio.to_thread(main, ["check"]) == 0
    assert "ko: 숲을 지켜 주세요" in capsys.readouterr().out


@pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError])
async def test_end_at_any_question_changes_nothing(
    telegram: Emulator, folder: Path, type_in: Callable[..., Typist], end: type[BaseException]
) -> None:
    assert await set_up(type_in("1", telegram.token, "1", "", "", ""))
    before = read_files(folder)
    answers = list_new_campaign(telegram.token)
    for count in range(len(answers)):
        typist = type_in(*answers[:count])
        typist.end = end
        if end is KeyboardInterrupt:
            with pytest.raises(KeyboardInterrupt):
                await set_up(typist)
        else:
            assert not await set_up(typist)
        assert typist.told.endswith(("Nothing has changed.\n", "아무것도 바뀌지 않았습니다.\n"))
        assert read_files(folder) == before, f"after {count} answers"


async def test_no_at_the_end_changes_nothing(telegram: Emulator, folder: Path, type_in: Callable[..., Typist]) -> None:
    assert not await set_up(type_in(*list_new_campaign(telegram.token)[:-1], "2"))
    assert read_files(folder) == {}


async def test_enter_at_every_question_changes_nothing_the_second_time(
    telegram: Emulator, folder: Path, type_in: Callable[..., Typist]
) -> None:
    assert await set_up(type_in(*list_new_campaign(telegram.token)))
    (folder / "petition.env").write_text((folder / "petition.env").read_text() + "# mine\nPORT=9000\n")
    before = read_files(folder)
    typist = type_in(*[""] * 6)
    assert await set_up(typist)
    after = read_files(folder)
    assert {name: after[name] for name in before if "chatbot.db" not in name} == {
        name: content for name, content in before.items() if "chatbot.db" not in name
    }
    assert f"[@{telegram.world.bot.username}] > " in typist.hidden
    assert "1. As before: our-petition, Save the forest" in typist.told
    assert "Nothing has changed." in typist.told


async def test_only_what_is_answered_changes(telegram: Emulator, folder: Path, type_in: Callable[..., Typist]) -> None:
    assert await set_up(type_in(*list_new_campaign(telegram.token)))
    typist = type_in(
        "1", "", "", "", "2", "http://petition.example.org/telegram", "https://petition.example.org/t", "1"
    )
    assert await set_up(typist)
    assert "WEBHOOK_URL: must look like https://petition.example.org/telegram\n" in typist.told
    lines = (folder / "petition.env").read_text().splitlines()
    assert "WEBHOOK_URL=https://petition.example.org/t" in lines
    assert "LOCALES_DIR=our-petition" in lines
    assert "python -m chatbot web" in typist.told


@pytest.mark.parametrize(
    "paste",
    [
        "{token}",
        "  {token}\t\r\n",
        '"{token}"',
        "'{token}'",
        "TELEGRAM_TOKEN={token}",
        "bot{token}",
        "<{token}>",
        MESSAGE,
    ],
)
def test_token_is_found_in_what_is_pasted(paste: str) -> None:
    token = "123456789:AAF-key_of_this_bot_0123456789abcd"
    assert find_token(paste.format(token=token)) == token
    assert find_token(f"\x1b[200~{paste.format(token=token)}\x1b[201~") == token


def test_broken_token_is_put_together_and_two_are_none() -> None:
    assert (
        find_token("123456789:AAF-key_of_this\n _bot_0123456789abcd") == "123456789:AAF-key_of_this_bot_0123456789abcd"
    )
    assert find_token(f"123456789:{'a' * 35} 987654321:{'b' * 35}") is None
    assert find_token("hello") is None
    assert find_token("") is None


async def test_wrong_token_is_asked_again(telegram: Emulator, type_in: Callable[..., Typist]) -> None:
    typist = type_in("2", "", "hello", "987654321:AAF-a_token_of_nobody", telegram.token, "1", "1", "1", "1")
    assert await set_up(typist), typist.told
    for told in ("답이 필요합니다.", "토큰이 들어 있지 않습니다.", "텔레그램이 모르는 토큰입니다."):
        assert told in typist.told
    assert typist.hidden == ["> "] * 4, "a refused token is not offered again"


async def test_unreachable_telegram_is_told_and_tried_again_by_enter(
    telegram: Emulator, monkeypatch: pytest.MonkeyPatch, type_in: Callable[..., Typist]
) -> None:
    monkeypatch.setenv("TELEGRAM_API_URL", f"http://127.0.0.1:{find_free_port()}")
    typist = type_in("1", telegram.token, "")
    original = typist.read_hidden

    def read_hidden(prompt: str) -> str:
        if len(typist.hidden) == 1:
            monkeypatch.setenv("TELEGRAM_API_URL", telegram.url)
        return original(prompt)

    monkeypatch.setattr(guided, "read_hidden", read_hidden)
    assert not await set_up(typist)
    assert "Telegram cannot be reached from here" in typist.told
    assert f"This is @{telegram.world.bot.username}." in typist.told
    assert typist.hidden == ["> ", "[the token you have] > "]


async def test_strange_or_slow_answers_are_told(
    monkeypatch: pytest.MonkeyPatch, type_in: Callable[..., Typist]
) -> None:
    waiting = asyncio.Event()

    async def answer(request: web.Request) -> web.Response:
        if request.path.startswith("/slow"):
            await waiting.wait()
        return web.Response(text="<html>Please log in to the Wi-Fi</html>")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    port = find_free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    monkeypatch.setattr(client, "READ", 0.1)
    try:
        for path, told in (("", "Something else answered"), ("/slow", "Telegram did not answer in time")):
            monkeypatch.setenv("TELEGRAM_API_URL", f"http://127.0.0.1:{port}{path}")
            typist = type_in("1", "123456789:AAF-key_of_this_bot")
            assert not await set_up(typist)
            assert told in typist.told
    finally:
        waiting.set()
        await runner.cleanup()


async def test_kept_token_stays_without_internet(
    telegram: Emulator, folder: Path, monkeypatch: pytest.MonkeyPatch, type_in: Callable[..., Typist]
) -> None:
    assert await set_up(type_in("1", telegram.token, "1", "", "", ""))
    monkeypatch.setenv("TELEGRAM_API_URL", f"http://127.0.0.1:{find_free_port()}")
    typist = type_in(*[""] * 6)
    assert await set_up(typist)
    assert typist.hidden == ["[the token you have] > "]
    assert (folder / "telegram.token").read_text() == f"{telegram.token}\n"


async def test_wrong_answers_about_a_campaign_are_asked_again(
    telegram: Emulator, folder: Path, type_in: Callable[..., Typist]
) -> None:
    (folder / "taken").mkdir()
    answers = ["en", "3", "1", telegram.token, "9", "2", "taken", "../x", "forest", "de", "2"]
    answers += ["", "\u200b", "Forest", "The Mayor", "We", "x" * 161, "Trees fall.", "Stop it.", "#a b", "#forest"]
    answers += ["call me", "tel:+82 2-123-4567", "1", "1", "1"]
    typist = type_in(*answers)
    assert await set_up(typist), typist.told
    for told in (
        "Please type a number from 1 to 2.",
        "taken exists already.",
        "Please type a name of letters, digits, - and _",
        "This needs an answer.",
        "Telegram cannot show all of its letters.",
        "That has 161 letters, and 160 fit.",
        "A hashtag is # and one word of letters",
        "Please type a mail address, a phone number",
    ):
        assert told in typist.told, told
    assert 'contact = "+82 2-123-4567"' in (folder / "forest" / "campaign.toml").read_text()


async def test_postgresql_is_tried_and_its_password_not_shown(
    telegram: Emulator, folder: Path, server: PostgresServer, type_in: Callable[..., Typist]
) -> None:
    nowhere = f"postgresql://petition:s3cr3t@127.0.0.1:{find_free_port()}/petition"
    with server.fresh_database() as url:
        typist = type_in("1", telegram.token, "1", "2", "mysql://a@b", nowhere, url, "", "")
        assert await set_up(typist), typist.told
        assert f"DATABASE_URL={url}" in (folder / "petition.env").read_text()
        assert len(typist.hidden) == 4
        assert "The address begins with postgresql://" in typist.told
        assert "s3cr3t" not in typist.told
        assert not [name for name in read_files(folder) if ".db" in name]
        again = type_in(*[""] * 6)
        assert await set_up(again)
        assert "1. As before: 127.0.0.1/" in again.told


async def test_petition_with_an_owner_gets_no_link(
    telegram: Emulator, folder: Path, type_in: Callable[..., Typist]
) -> None:
    assert await set_up(type_in("1", telegram.token, "1", "", "", ""))
    database = await open_database("sqlite:///chatbot.db")
    await database.transact(team.add_member, YUNA, "유나", "owner", None, NOW)
    stored = await database.transact(owner_links.find)
    await database.close()
    typist = type_in(*[""] * 6)
    assert await set_up(typist)
    assert typist.told.endswith("The petition has an owner already.\n")
    assert stored is not None


async def test_what_the_environment_sets_is_not_asked(
    telegram: Emulator, folder: Path, monkeypatch: pytest.MonkeyPatch, type_in: Callable[..., Typist]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///other.db")
    monkeypatch.setenv("TELEGRAM_TOKEN", telegram.token)
    typist = type_in("1", "1", "", "")
    assert await set_up(typist), typist.told
    assert "Set in the environment, so not asked for: TELEGRAM_TOKEN, DATABASE_URL\n" in typist.told
    assert f"Bot: @{telegram.world.bot.username}\n" in typist.told
    assert "Database: other.db\n" in typist.told
    assert {*read_files(folder)} == {"petition.env", "other.db", "owner-link.txt"}
    assert telegram.token not in (folder / "petition.env").read_text()


async def test_failed_write_leaves_everything(
    telegram: Emulator, folder: Path, monkeypatch: pytest.MonkeyPatch, type_in: Callable[..., Typist]
) -> None:
    assert await set_up(type_in("1", telegram.token, "1", "", "", ""))
    before = read_files(folder)
    (folder / "petition.env").unlink()
    (folder / "petition.env").mkdir()
    (folder / "petition.env" / "x").touch()
    monkeypatch.setenv("SETTINGS_FILE", "other.env")
    (folder / "other.env").touch()
    monkeypatch.setattr("chatbot.app.setup.writing.change_lines", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await set_up(type_in(*list_new_campaign(telegram.token)))
    assert not (folder / "our-petition").exists()
    assert (folder / "telegram.token").read_bytes() == before["telegram.token"]
    assert [name for name in read_files(folder) if name.startswith(".")] == []


def test_setup_needs_a_terminal(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert main(["setup"]) == 1
    told = capsys.readouterr()
    assert told.err.startswith("setup asks questions, so it needs a terminal where somebody types.")
    assert list(folder.iterdir()) == []


async def test_mistake_in_the_settings_file_is_told(folder: Path, type_in: Callable[..., Typist]) -> None:
    (folder / "petition.env").write_text("PORT 9000\n")
    with pytest.raises(SettingsError, match=r"^petition\.env, line 1: must look like NAME=value"):
        await set_up(type_in())
