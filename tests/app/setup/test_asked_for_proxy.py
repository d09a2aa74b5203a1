"""The guided set-up where Telegram is blocked: it asks for a proxy, tries it, and never shows its password."""

import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import aiohttp.connector
import pytest

from chatbot.emulator import Emulator
from chatbot.settings import read_settings
from chatbot.transport.bot_name import find_bot_name
from tests.app.setup.typist import Typist, end_early, read_files, set_up
from tests.support.free_ports import find_free_port
from tests.support.proxies import PASSWORD, Proxy, run_proxy
from tests.support.tls import Certificates, make_certificates, tls_before

pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture
def blocked(telegram: Emulator, monkeypatch: pytest.MonkeyPatch) -> int:
    """The port of Telegram, which only a proxy can reach."""
    port = find_free_port()
    monkeypatch.setenv("TELEGRAM_API_URL", f"http://127.0.0.1:{port}")
    return port


def lead(proxy: Proxy, blocked: int, telegram: Emulator) -> None:
    proxy.leads[blocked] = int(telegram.url.rpartition(":")[2])


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


def trust(monkeypatch: pytest.MonkeyPatch, authority: Path) -> None:
    """Trust this authority, as a process does that starts with SSL_CERT_FILE."""
    monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", ssl.create_default_context(cafile=authority))


@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
async def test_proxy_is_tried_and_written(
    telegram: Emulator,
    blocked: int,
    folder: Path,
    type_in: Callable[..., Typist],
    scheme: Literal["http", "https", "socks5"],
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if scheme == "https":
        trust(monkeypatch, certificates.ca)
    async with run_proxy(scheme, certificates.serving() if scheme == "https" else None) as proxy:
        lead(proxy, blocked, telegram)
        answers = ["1", telegram.token, "socks5://nowhere", proxy.url(password="wrong"), proxy.url(), "1", "", "", ""]
        typist = type_in(*answers)
        assert await set_up(typist), typist.told
        for told in (
            "Where Telegram is blocked, type the address of a proxy here",
            "A proxy looks like socks5://name:password@host:1080",
            "The proxy wants another name or password.",
            f"This is @{telegram.world.bot.username}.",
            f"Proxy: {scheme}://localhost:{proxy.port}\n",
        ):
            assert told in typist.told, told
        assert len(typist.hidden) == 4
        assert "s3cr3t" not in typist.told
        settings = read_settings()
        assert settings.telegram_proxy is not None
        assert settings.telegram_proxy.get_secret_value() == proxy.url()
        assert (folder / "petition.env").stat().st_mode & 0o077 == 0
        name = await find_bot_name(telegram.token, settings.telegram_api_url, proxy.url())
        assert name == telegram.world.bot.username

        before = {name: content for name, content in read_files(folder).items() if ".db" not in name}
        again = type_in(*[""] * 6)
        assert await set_up(again), again.told
        assert {name: content for name, content in read_files(folder).items() if ".db" not in name} == before
        assert "Nothing has changed." in again.told
        assert PASSWORD not in again.told


async def test_proxy_may_be_typed_before_the_token(
    telegram: Emulator, blocked: int, folder: Path, type_in: Callable[..., Typist]
) -> None:
    async with run_proxy("http") as proxy:
        lead(proxy, blocked, telegram)
        typist = type_in("1", proxy.url(), "-", proxy.url(), telegram.token, "1", "", "", "")
        assert await set_up(typist), typist.told
        assert typist.told.count("Telegram is asked through this proxy. Now paste the token.") == 2
        assert typist.told.count("There is no token in it.") == 1, "it is said only after a lone -"
        assert PASSWORD not in typist.told
    assert read_settings().telegram_proxy is not None


async def test_setup_says_whose_certificate_is_not_trusted(
    telegram: Emulator,
    folder: Path,
    type_in: Callable[..., Typist],
    certificates: Certificates,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It may be that of the proxy, or of a program in between. A proxy that speaks http has none."""
    async with tls_before(int(telegram.url.rpartition(":")[2]), certificates) as port:
        monkeypatch.setenv("TELEGRAM_API_URL", f"https://localhost:{port}")
        async with run_proxy("https", certificates.serving()) as proxy, run_proxy("http") as plain:
            no_https = plain.url().replace("http:", "https:")
            typist = type_in("1", telegram.token, proxy.url(), no_https, plain.url(), "")
            assert not await set_up(typist)
        told = [
            "a company's firewall or an antivirus program: its certificate is not trusted",
            "The proxy's certificate is not trusted.",
            "The proxy does not speak https; most are http://host:3128.",
            "a company's firewall or an antivirus program: its certificate is not trusted",
        ]
        at = 0
        for words in told:
            at = typist.told.index(words, at) + 1
        assert typist.told.count("SSL_CERT_FILE") >= 3
        assert PASSWORD not in typist.told


async def test_dead_proxy_can_be_given_up(telegram: Emulator, folder: Path, type_in: Callable[..., Typist]) -> None:
    dead = Proxy("socks5", find_free_port()).url()
    assert await set_up(type_in("1", telegram.token, "1", "", "", ""))
    (folder / "petition.env").write_text((folder / "petition.env").read_text() + f"TELEGRAM_PROXY='{dead}'\n")
    typist = type_in("1", dead, "-", "", "", "", "")
    assert await set_up(typist), typist.told
    assert typist.told.count("The proxy cannot be reached.") == 2, "once for the kept proxy, and once for the typed one"
    assert "TELEGRAM_PROXY" not in (folder / "petition.env").read_text()
    assert len(typist.hidden) == 2


async def test_proxy_of_the_environment_is_not_asked_for(
    telegram: Emulator, blocked: int, monkeypatch: pytest.MonkeyPatch, type_in: Callable[..., Typist], folder: Path
) -> None:
    async with run_proxy("http") as proxy:
        lead(proxy, blocked, telegram)
        monkeypatch.setenv("TELEGRAM_PROXY", proxy.url())
        typist = type_in("1", telegram.token, "1", "", "", "")
        assert await set_up(typist), typist.told
        typist = type_in("1", "socks5://localhost:1080")
        assert not await set_up(typist)
        assert "Set in the environment, so not asked for: TELEGRAM_PROXY" in typist.told
    assert "TELEGRAM_PROXY" not in (folder / "petition.env").read_text()


@pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError])
async def test_end_after_a_proxy_changes_nothing(
    telegram: Emulator, blocked: int, folder: Path, type_in: Callable[..., Typist], end: type[BaseException]
) -> None:
    async with run_proxy("socks5") as proxy:
        lead(proxy, blocked, telegram)
        await end_early(type_in("1", telegram.token, proxy.url()), end)
    assert read_files(folder) == {}
