"""Every call goes through `TELEGRAM_PROXY`, and no error or log line has its password."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest

from chatbot.emulator import Emulator
from chatbot.transport.outgoing.client import NeverSentError
from tests.support.bot_process import BotProcess
from tests.support.clients import open_client
from tests.support.free_ports import find_free_port
from tests.support.proxies import PASSWORD, Proxy, run_proxy
from tests.support.tls import make_certificates, tls_before

Scheme = Literal["http", "socks5"]


@pytest.fixture
async def telegram() -> AsyncIterator[Emulator]:
    async with Emulator() as emulator:
        yield emulator


async def ask(telegram: Emulator, proxy: str) -> str:
    async with open_client(telegram.token, telegram.url, proxy) as api:
        me = await api.call("getMe", {})
    return str(me["username"])


def read_port(telegram: Emulator) -> str:
    return telegram.url.rpartition("/")[2].rpartition(":")[2]


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_calls_and_files_go_through_the_proxy(telegram: Emulator, tmp_path: Path, scheme: Scheme) -> None:
    person = telegram.world.add_person("Sam")
    telegram.world.starts(person)
    (tmp_path / "names.csv").write_text("name\n" * 1000)
    async with run_proxy(scheme) as proxy:
        async with open_client(telegram.token, telegram.url, proxy.url()) as api:
            await api.call("sendMessage", {"chat_id": person.id, "text": "Hello"})
            await api.upload("sendDocument", {"chat_id": person.id}, "document", tmp_path / "names.csv", "names.csv")
        assert set(proxy.asked) == {f"127.0.0.1:{read_port(telegram)}"}
        assert proxy.refused == 0


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_wrong_password_means_not_sent(telegram: Emulator, scheme: Scheme) -> None:
    async with run_proxy(scheme) as proxy:
        with pytest.raises(NeverSentError) as refused:
            await ask(telegram, proxy.url(password="hunter2"))
        assert proxy.asked == []
        assert proxy.refused
    assert str(refused.value).startswith("TELEGRAM_PROXY: it ")
    assert "hunter2" not in str(refused.value)
    assert "localhost" not in str(refused.value)


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_missing_proxy_means_not_sent(telegram: Emulator, scheme: Scheme) -> None:
    proxy = Proxy(scheme, find_free_port())
    with pytest.raises(NeverSentError, match="TELEGRAM_PROXY: it cannot be reached"):
        await ask(telegram, proxy.url())


async def test_proxy_that_cannot_reach_telegram_means_not_sent() -> None:
    url = f"http://127.0.0.1:{find_free_port()}"
    async with run_proxy("socks5") as proxy, open_client("1:abc", url, proxy.url()) as api:
        with pytest.raises(NeverSentError, match="TELEGRAM_PROXY: it refuses"):
            await api.call("getMe", {})


async def test_socks_proxy_looks_up_telegrams_address(telegram: Emulator) -> None:
    async with run_proxy("socks5") as proxy:
        for scheme in ("socks5", "socks5h"):
            url = telegram.url.replace("127.0.0.1", "localhost")
            async with open_client(telegram.token, url, proxy.url().replace("socks5", scheme)) as api:
                await api.call("getMe", {})
        assert {asked.partition(":")[0] for asked in proxy.asked} == {"localhost"}


MAIN = "import sys; from chatbot.__main__ import main; sys.exit(main(['run']))"
"""Runs the bot in a new process, because `SSL_CERT_FILE` is read once."""


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
async def test_bot_reaches_telegram_by_tls_through_the_proxy(
    telegram: Emulator, tmp_path: Path, scheme: Literal["http", "https", "socks5"]
) -> None:
    certificates = make_certificates(tmp_path)
    tls = certificates.serving() if scheme == "https" else None
    async with tls_before(int(read_port(telegram)), certificates) as port, run_proxy(scheme, tls) as proxy:
        settings = {
            "TELEGRAM_API_URL": f"https://localhost:{port}",
            "TELEGRAM_PROXY": proxy.url(),
            "SSL_CERT_FILE": str(certificates.ca),
            "LOG_LEVEL": "DEBUG",
        }
        async with BotProcess(telegram, tmp_path, "-c", MAIN, **settings) as bot:
            await bot.says("listening as")
            log = "\n".join(bot.log)
        assert set(proxy.asked) == {f"localhost:{port}"}
    assert bot.troubles == [line for line in bot.troubles if " DEBUG " in line]
    assert PASSWORD not in log
    assert "s3cr3t" not in log
