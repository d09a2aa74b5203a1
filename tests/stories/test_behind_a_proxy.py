"""A webhook behind a real Caddy and a real nginx, with the documented files, and Telegram speaking https to them."""

import asyncio
import os
import re
import shutil
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import aiohttp.connector
import pytest

from chatbot.emulator import Emulator
from tests.support.bot_process import BotProcess
from tests.support.crowd import gather
from tests.support.documents import read_blocks
from tests.support.free_ports import find_free_port
from tests.support.limits import GIVE_UP
from tests.support.tls import make_certificates

pytestmark = pytest.mark.slow

SBIN = f"{os.environ['PATH']}{os.pathsep}/usr/sbin"
PROGRAMS = {name: shutil.which(name, path=SBIN) for name in ("caddy", "nginx")}
NGINX = """
daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{ worker_connections 512; }}
http {{
    access_log off; server_tokens off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/petition.conf;
}}
"""
"""What Debian's own file says, but for the places."""
CADDY = """
{{
    admin off
    local_certs
    skip_install_trust
    auto_https disable_redirects
    storage file_system {folder}
}}
"""
"""Certificates of a CA of its own, because no other one is asked from here."""


@pytest.fixture
async def telegram() -> AsyncIterator[Emulator]:
    async with Emulator(webhook_pause=0.02) as emulator:
        yield emulator


@asynccontextmanager
async def proxy(name: str, folder: Path, ports: tuple[int, int]) -> AsyncIterator[tuple[int, Path]]:
    """Run the proxy in front of these two ports as documented; yield its port and the certificate of its CA."""
    program = PROGRAMS[name]
    if program is None:
        pytest.skip(f"no {name} on this machine")
    port = find_free_port()
    [written] = read_blocks("docs/operating.md", name)
    for nth, each in enumerate(ports, 1):
        written = written.replace(f"10.0.0.1{nth}:8080", f"127.0.0.1:{each}")
    if name == "caddy":
        (folder / "Caddyfile").write_text(
            CADDY.format(folder=folder) + written.replace("petition.example.org", f"localhost:{port}")
        )
        command = [program, "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"]
        authority = folder / "pki" / "authorities" / "local" / "root.crt"
    else:
        certificates = make_certificates(folder)
        places = {"fullchain.pem": certificates.certificate, "privkey.pem": certificates.key}
        for file, place in places.items():
            written = re.sub(rf"\S+/{file}", str(place), written)
        written = written.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
        written = re.sub(r".*\[::\]:443.*\n", "", written).replace("petition.example.org", "localhost")
        (folder / "petition.conf").write_text(written)
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder))
        command = [program, "-c", folder / "nginx.conf", "-p", folder]
        authority = certificates.ca
    with (folder / "log").open("wb") as log:
        running = await asyncio.create_subprocess_exec(
            *command, stderr=log, stdout=log, env={"HOME": str(folder), "PATH": SBIN}
        )
    try:
        async with asyncio.timeout(GIVE_UP):
            while not await _is_up(port, authority):
                assert running.returncode is None, (folder / "log").read_text()
                await asyncio.sleep(0.05)  # it has no other sign of being ready
        yield port, authority
    finally:
        if running.returncode is None:
            running.terminate()
        await running.wait()


async def _is_up(port: int, authority: Path) -> bool:
    if not authority.exists():  # noqa: ASYNC240 - asks no disk for long
        return False
    try:
        return await ask(f"https://localhost:{port}/", ssl.create_default_context(cafile=authority)) > 0
    except (aiohttp.ClientError, OSError):
        return False


async def ask(url: str, context: ssl.SSLContext, method: str = "GET") -> int:
    async with aiohttp.ClientSession() as session, session.request(method, url, ssl=context, data=b"{}") as response:
        return response.status


@pytest.mark.parametrize("name", ["caddy", "nginx"])
async def test_people_sign_through_the_documented_proxy(
    telegram: Emulator, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ports = find_free_port(), find_free_port()
    folder = tmp_path / name
    folder.mkdir()
    async with proxy(name, folder, ports) as (port, authority):
        trusting = ssl.create_default_context(cafile=authority)
        # The emulator trusts whom the system trusts; here that is this CA.
        monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", trusting)
        settings = {
            "WEBHOOK_URL": f"https://localhost:{port}/telegram",
            "PORT": str(ports[0]),
            "HOST": "127.0.0.1",
            "METRICS_TOKEN": "a-token-for-the-metrics",
        }
        async with BotProcess(telegram, tmp_path, "-m", "chatbot", "web", **settings) as bot:
            await bot.says("listening as")
            crowd = gather(telegram.world, 40)
            signed = await asyncio.gather(*(supporter.signs() for supporter in crowd))
            assert len(set(signed)) == 40
            for path in ("/", "/healthz", "/readyz", "/metrics", "/telegram/more"):
                assert await ask(f"https://localhost:{port}{path}", trusting) == 404, path
            # Without the secret the bot answers and closes at once; a proxy that still sends the body says 502.
            assert await ask(f"https://localhost:{port}/telegram", trusting, "POST") in (404, 502)
            bot.kill()
            await bot.ended()
            late = gather(telegram.world, 5)
            signing = asyncio.gather(*(supporter.signs(patience=2.0) for supporter in late))
            await asyncio.sleep(0)
            await bot.starts()
            assert len(set(await signing)) == 5, "Telegram delivers once more what the proxy could not"
            assert [line for line in bot.troubles if "Telegram could not deliver" not in line] == []
