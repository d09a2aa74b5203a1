"""The compose files run the bot: docker-compose speaks to podman, which has the image that .ci/image built.

PostgreSQL and Caddy are this machine's programs, in images with the names of the real ones: no registry is needed.
"""

import asyncio
import json
import os
import re
import shutil
import ssl
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import aiohttp.connector
import pytest

from chatbot.emulator import Emulator
from tests.support.crowd import Supporter
from tests.support.free_ports import find_free_port
from tests.support.limits import GIVE_UP
from tests.support.typed_terminal import TypedTerminal
from tests.test_image import IMAGE, PODMAN, ROOT, USER, podman

LIMITS = {"core": 0, "nofile": 1024, "nproc": 1024}
"""Without a value podman would raise these limits, which a root without all capabilities may not."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PODMAN.exists(), reason=".ci/image has not built the image"),
    pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not installed"),
    pytest.mark.skipif(not Path("/usr/lib/podman/netavark").exists(), reason="podman has no networks without netavark"),
]


class Project:
    """The services of one compose file, under a unique name."""

    def __init__(self, file: Path, engine: str, folder: Path, services: dict[str, Any], **settings: str) -> None:
        self.name = f"p{uuid4().hex[:10]}"
        changes = folder / "changes.json"
        changes.write_text(json.dumps({"services": services}))
        self.command: tuple[str, ...] = ("docker-compose", f"--project-name={self.name}", f"--project-directory={ROOT}")
        self.command += (f"--file={file}", f"--file={changes}")
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "DOCKER_HOST": engine, **settings}

    async def does(self, *arguments: str) -> str:
        """Run one command of docker-compose; return what it printed."""
        process = await asyncio.create_subprocess_exec(
            *self.command, *arguments,
            env=self.environment, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        async with asyncio.timeout(2 * GIVE_UP):
            printed, _ = await process.communicate()
        assert process.returncode == 0, printed.decode()
        return printed.decode()

    def find(self, service: str) -> str:
        """Return the name of the container of a service."""
        return f"{self.name}_{service}_1"

    async def find_volume(self, name: str) -> Path:
        """Return the folder of a volume's files."""
        code, printed = await podman("volume", "inspect", f"{self.name}_{name}")
        assert code == 0, printed
        return Path(json.loads(printed)[0]["Mountpoint"])

    async def becomes_healthy(self, *services: str) -> None:
        """Run the health checks of the containers until they succeed: podman leaves that to systemd."""
        async with asyncio.timeout(2 * GIVE_UP):
            for service in services:
                while (await podman("healthcheck", "run", self.find(service)))[0] != 0:  # noqa: ASYNC110 - nothing tells
                    await asyncio.sleep(0.5)

    async def ended_well(self, *services: str) -> bool:
        """Whether the containers stopped before they were killed."""
        told = [await podman("inspect", "--format={{.State.ExitCode}}", self.find(each)) for each in services]
        return all(each == (0, "0\n") for each in told)


@pytest.fixture
async def telegram() -> AsyncIterator[Emulator]:
    async with Emulator(host="0.0.0.0", webhook_pause=0.1) as emulator:
        yield emulator


@pytest.fixture
async def engine() -> AsyncIterator[str]:
    """The address of a socket where podman serves the API of Docker."""
    with tempfile.TemporaryDirectory() as folder:  # the path of a socket must be short
        socket = Path(folder) / "podman.sock"
        service = await asyncio.create_subprocess_exec(
            *(PODMAN, "system", "service", "--time=0", f"unix://{socket}"), stderr=asyncio.subprocess.DEVNULL
        )
        try:
            async with asyncio.timeout(GIVE_UP):
                while not socket.exists():  # noqa: ASYNC110 - podman gives no other sign that it is ready
                    await asyncio.sleep(0.1)
            assert (await podman("tag", IMAGE, "docker.io/library/petition-chatbot"))[0] == 0
            await _skip_without_networks()
            yield f"unix://{socket}"
        finally:
            service.terminate()
            await service.wait()


async def _skip_without_networks() -> None:
    """Skip the test if containers get no network, such as on a machine that does not permit it."""
    network = f"p{uuid4().hex[:10]}"
    await podman("network", "create", network)
    code, printed = await podman("run", "--rm", f"--network={network}", "--entrypoint=true", IMAGE)
    await podman("network", "rm", "--force", network)
    if code != 0:
        pytest.skip(f"containers have no network here: {printed.strip()[-200:]}")


@asynccontextmanager
async def set_up(project: Project, telegram: Emulator) -> AsyncIterator[None]:
    """Make the containers and write what `setup` writes; remove everything when the block ends."""
    try:
        await project.does("up", "--no-build", "--no-start")
        volume = await project.find_volume("petition")
        (volume / "telegram.token").write_text(telegram.token)
        (volume / "petition.env").write_text("TELEGRAM_TOKEN_FILE=telegram.token\n")
        for file in (volume, *volume.iterdir()):
            file.chmod(0o700 if file == volume else 0o600)
            os.chown(file, USER, USER)
        yield
    finally:
        await project.does("down", "--volumes", "--timeout=1")


def find_bot(telegram: Emulator) -> dict[str, Any]:
    """Return what the bot's services need besides the compose file, above all the address of the emulator."""
    address = telegram.url.replace("0.0.0.0", "host.containers.internal")
    return {"ulimits": LIMITS, "environment": {"TELEGRAM_API_URL": address}}


async def sign(telegram: Emulator, name: str) -> int:
    person = telegram.world.add_person(name, language_code="en")
    return await Supporter(telegram.world, person, "CA").signs(within=2 * GIVE_UP, patience=10)


async def test_compose_file_with_sqlite_keeps_signatures_when_stopped_and_removed(
    telegram: Emulator, engine: str, tmp_path: Path
) -> None:
    project = Project(ROOT / "compose.yaml", engine, tmp_path, {"bot": find_bot(telegram)})
    async with set_up(project, telegram):
        await project.does("up", "--no-build", "--detach")
        first = await sign(telegram, "Sam")
        await project.becomes_healthy("bot")
        await project.does("stop")
        assert await project.ended_well("bot")
        await project.does("start")
        assert await sign(telegram, "하나") == first + 1
        await project.does("down")
        await project.does("up", "--no-build", "--detach")
        assert await sign(telegram, "유나") == first + 2
        await project.becomes_healthy("bot")
        assert "healthy: run" in await project.does("exec", "-T", "bot", "python", "-m", "chatbot", "healthy")


async def test_setup_asks_at_a_terminal_and_the_bot_starts_with_its_answers(
    telegram: Emulator, engine: str, tmp_path: Path
) -> None:
    """These are the commands of docs/install.md, way 2."""
    project = Project(ROOT / "compose.yaml", engine, tmp_path, {"bot": find_bot(telegram)})
    try:
        # docker-compose 1 warns that it uses what later versions of Python lack.
        terminal = TypedTerminal(tmp_path, **project.environment, PYTHONWARNINGS="ignore")
        terminal.program = (*project.command, "run", "--rm", "bot", "setup")
        async with terminal:
            for answer in ("", telegram.token, "", "", "", ""):
                await terminal.expects("> ")
                terminal.types(answer)
            assert await terminal.ended() == 0, terminal.screen
        assert "docker compose up -d" in terminal.screen
        assert telegram.token not in terminal.screen
        await project.does("up", "--no-build", "--detach")
        assert await sign(telegram, "Sam")
    finally:
        await project.does("down", "--volumes", "--timeout=1")


async def test_compose_file_with_postgresql_serves_through_its_proxy(
    telegram: Emulator, engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if (await podman("image", "exists", "docker.io/library/postgres:17"))[0] != 0:
        pytest.skip("no PostgreSQL server on this machine")
    if (await podman("image", "exists", "docker.io/library/caddy:2"))[0] != 0:
        pytest.skip("no Caddy on this machine")
    port = find_free_port()
    file = tmp_path / "compose.yaml"
    written = (ROOT / "compose.postgres.yaml").read_text("utf-8")
    file.write_text(re.sub(r"ports: \[.*\]", f'ports: ["127.0.0.1:{port}:{port}"]', written))
    bot = find_bot(telegram)
    services = {"web": bot, "worker": bot, "db": {"ulimits": LIMITS}, "proxy": {"ulimits": LIMITS}}
    # For `localhost` Caddy signs its certificate itself, and asks no authority on the internet.
    project = Project(file, engine, tmp_path, services, DOMAIN=f"localhost:{port}")
    trusting = ssl.create_default_context()
    monkeypatch.setattr(aiohttp.connector, "_SSL_CONTEXT_VERIFIED", trusting)
    async with set_up(project, telegram):
        up = asyncio.create_task(project.does("up", "--no-build", "--detach"))
        await project.becomes_healthy("db")  # docker-compose waits for it before it starts the bot
        await up
        authority = await project.find_volume("certificates") / "caddy/pki/authorities/local/root.crt"
        async with asyncio.timeout(GIVE_UP):
            while not authority.exists():  # noqa: ASYNC110 - Caddy gives no other sign of it
                await asyncio.sleep(0.1)
        trusting.load_verify_locations(authority)
        first = await sign(telegram, "Sam")
        await project.becomes_healthy("web", "worker")
        async with aiohttp.ClientSession() as session:
            for path in ("/", "/healthz", "/metrics", "/telegram/more"):
                async with session.get(f"https://localhost:{port}{path}", ssl=trusting) as response:
                    assert response.status == 404, path
        await project.does("stop")
        assert await project.ended_well("web", "worker", "db", "proxy")
        again = asyncio.create_task(project.does("up", "--no-build", "--detach"))
        await project.becomes_healthy("db")
        await again
        assert await sign(telegram, "하나") == first + 1
        await project.does("exec", "-T", "web", "python", "-m", "chatbot", "backup", "copy.dump")
