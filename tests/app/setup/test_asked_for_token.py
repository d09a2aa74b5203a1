"""The token of the guided set-up: what is found in a paste, and what Telegram says of it."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from aiohttp import web

from chatbot.app.setup import guided
from chatbot.app.setup.bot_token import find_token
from chatbot.emulator import Emulator
from chatbot.transport.outgoing import client
from tests.app.setup.typist import MESSAGE, Typist, set_up
from tests.support.free_ports import find_free_port
from tests.support.limits import GIVE_UP

pytestmark = pytest.mark.usefixtures("folder")


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


def test_token_in_two_lines_is_joined_and_two_tokens_are_refused() -> None:
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


async def test_enter_tries_an_unreachable_telegram_again(
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


async def test_setup_explains_strange_or_slow_answers(
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
    try:
        for path, told in (("", "Something else answered"), ("/slow", "Telegram did not answer in time")):
            monkeypatch.setenv("TELEGRAM_API_URL", f"http://127.0.0.1:{port}{path}")
            monkeypatch.setattr(client, "READ", 0.1 if path else GIVE_UP)
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
