"""The container image of .ci/image works with a read-only root and without any capability. Podman runs it."""

import asyncio
import json
import os
import re
import shutil
import tarfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from chatbot.emulator import Emulator
from tests.support.crowd import Supporter
from tests.support.limits import GIVE_UP
from tests.support.postgres_server import PostgresServer

ROOT = Path(__file__).parent.parent
PODMAN = ROOT / "build" / "image" / "podman"
IMAGE = "localhost/petition-chatbot"
[COMPOSE_ADDRESS] = re.findall(r"DATABASE_URL: (\S+)", (ROOT / "compose.postgres.yaml").read_text("utf-8"))
USER = 10_001
"""The id of the user in the image. No user of a machine is likely to have it."""
LOCKED_DOWN = ("--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--network=host", "--ulimit=host")
TOKEN = re.compile(rb"[0-9]{8,}:[A-Za-z0-9_-]{34,}")
STOPPED_WITHIN = 10
"""Seconds after SIGTERM until Docker kills a container."""

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not PODMAN.exists(), reason=".ci/image has not built the image")]


@pytest.fixture
async def telegram() -> AsyncIterator[Emulator]:
    async with Emulator() as emulator:
        yield emulator


@pytest.fixture
def volume() -> Iterator[Path]:
    """A folder of the image's user, for /data. It is on a disk; temporary folders may be in memory."""
    folder = PODMAN.with_name(f"volume-{uuid4().hex}")
    folder.mkdir(mode=0o700)
    os.chown(folder, USER, USER)
    yield folder
    shutil.rmtree(folder)


async def podman(*arguments: str | Path) -> tuple[int, str]:
    """Run podman; return its exit code and what it printed."""
    process = await asyncio.create_subprocess_exec(
        PODMAN, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    async with asyncio.timeout(GIVE_UP):
        printed, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, printed.decode()


async def carry_out(command: str, *options: str) -> tuple[int, str]:
    """Run one command of the bot in a new container."""
    return await podman("run", "--rm", "--no-healthcheck", *LOCKED_DOWN, *options, IMAGE, command)


def write_settings(volume: Path, telegram: Emulator) -> None:
    """Write what `setup` writes: the settings, and the token in a separate file."""
    token, settings = volume / "telegram.token", volume / "petition.env"
    token.write_text(telegram.token, "utf-8")
    settings.write_text(f"TELEGRAM_TOKEN_FILE=telegram.token\nTELEGRAM_API_URL={telegram.url}\n", "utf-8")
    for file in (token, settings):
        file.chmod(0o600)
        os.chown(file, USER, USER)


def list_names(volume: Path) -> set[str]:
    """Return the names of all files, after checking that no other user can read them."""
    files = list(volume.rglob("*"))
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    return {file.name for file in files}


def give_to_root(volume: Path) -> None:
    """Make root the owner of the folder, as `docker run -v` does if it makes the folder."""
    os.chown(volume, 0, 0)
    volume.chmod(0o755)


@asynccontextmanager
async def running(volume: Path, *options: str) -> AsyncIterator[str]:
    """Run the bot in a container, yield the container's name once the bot listens, and check that it stops in time."""
    name = f"petition-{uuid4().hex}"
    mounted = f"--volume={volume}:/data"
    process = await asyncio.create_subprocess_exec(
        *(PODMAN, "run", "--rm", "--no-healthcheck", f"--name={name}", *LOCKED_DOWN, mounted, *options, IMAGE),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(GIVE_UP):
            while b"listening as" not in (line := await process.stdout.readline()):
                assert line, "the bot ended"
        yield name
        code, printed = await podman("stop", f"--time={STOPPED_WITHIN}", name)
        assert code == 0, printed
        await process.stdout.read()
        assert await process.wait() == 0
    finally:
        await podman("rm", "--force", "--ignore", name)
        await process.communicate()


async def test_container_keeps_signatures_in_its_volume(telegram: Emulator, volume: Path) -> None:
    write_settings(volume, telegram)
    person = telegram.world.add_person("Sam", language_code="en")
    async with running(volume) as container:
        first = await Supporter(telegram.world, person, "CA").signs()
        async with asyncio.timeout(GIVE_UP):  # the bot writes a heartbeat every five seconds
            while (told := await podman("exec", container, "python", "-m", "chatbot", "healthy"))[0] != 0:
                assert "is starting" in told[1]
    assert list_names(volume) >= {"chatbot.db", "petition.env", "telegram.token"}
    other = telegram.world.add_person("하나", language_code="ko")
    async with running(volume):
        assert await Supporter(telegram.world, other, "KR").signs() == first + 1


async def test_log_and_description_of_a_container_have_no_secret(telegram: Emulator, volume: Path) -> None:
    write_settings(volume, telegram)
    async with running(volume, "--tty") as container:
        code, inspected = await podman("inspect", container)
        assert code == 0
        link = (volume / "owner-link.txt").read_text("utf-8")
        secret = link.partition("?start=")[2].strip()
        assert secret.startswith("own_")
        code, logged = await podman("logs", container)
        assert code == 0
        assert "the link in owner-link.txt makes an owner" in logged
    for told in (inspected, logged):
        assert secret not in told
        assert telegram.token not in told


async def test_layers_of_the_image_have_no_secret() -> None:
    code, history = await podman("history", "--no-trunc", "--format={{.CreatedBy}}", IMAGE)
    assert code == 0
    assert not re.search(r"(?i)token=|password=|secret=", history)
    archive = PODMAN.with_name(f"{uuid4().hex}.tar")
    try:
        code, printed = await podman("save", f"--output={archive}", IMAGE)
        assert code == 0, printed
        names, found = await asyncio.to_thread(read_layers, archive)
    finally:
        archive.unlink(missing_ok=True)
    assert "opt/petition/chatbot/__main__.py" in names
    private = re.compile(r"(?:.*/)?(?:petition\.env|telegram\.token|owner-link\.txt|\.env|\.git|.*\.db)")
    assert [name for name in names if private.fullmatch(name)] == []
    assert found == []


def read_layers(archive: Path) -> tuple[set[str], list[str]]:
    """Return the names of all files in all layers, and the names of our files that contain something like a token."""
    names: set[str] = set()
    found = []
    with tarfile.open(archive) as image:
        for layer in image:
            if not (opened := image.extractfile(layer)) or not layer.name.endswith(".tar"):
                continue
            with tarfile.open(fileobj=opened) as files:
                for each in files:
                    name = each.name.removeprefix("./")
                    names.add(name)
                    ours = (
                        name.startswith("opt/petition/") and "/.venv/" not in name and name.endswith((".py", ".toml"))
                    )
                    if ours and (content := files.extractfile(each)) and TOKEN.search(content.read()):
                        found.append(name)
    return names, found


async def test_container_without_a_volume_refuses_to_start(telegram: Emulator) -> None:
    token = f"--env=TELEGRAM_TOKEN={telegram.token}"
    code, printed = await carry_out("run", token, f"--env=TELEGRAM_API_URL={telegram.url}")
    assert code == 1
    [line] = printed.splitlines()
    assert line.startswith("DATABASE_URL: ")
    assert "volume" in line


async def test_container_without_a_volume_asks_nothing() -> None:
    code, printed = await carry_out("setup", "--tty")
    assert code == 1
    assert "/data is no volume" in printed


async def test_container_names_a_volume_that_it_may_not_write(telegram: Emulator, volume: Path) -> None:
    write_settings(volume, telegram)
    give_to_root(volume)
    code, printed = await carry_out("run", f"--volume={volume}:/data")
    assert code == 1
    [line] = printed.splitlines()
    assert "/data" in line
    assert f"chown {USER}" in line


async def test_container_reaches_postgresql_by_its_socket(
    telegram: Emulator, volume: Path, server: PostgresServer
) -> None:
    write_settings(volume, telegram)
    shared = f"--volume={server.sockets}:/var/run/postgresql"
    with server.fresh_database() as database:
        name = database.rpartition("/")[2]
        address = COMPOSE_ADDRESS.replace("petition@", "chatbot@").replace("/petition?", f"/{name}?")
        person = telegram.world.add_person("Sam", language_code="en")
        async with running(volume, shared, f"--env=DATABASE_URL={address}&port={server.port}"):
            await Supporter(telegram.world, person, "CA").signs()


@pytest.mark.skipif(not shutil.which("docker-compose"), reason="docker-compose is not installed")
@pytest.mark.parametrize("file", ["compose.yaml", "compose.postgres.yaml"])
async def test_compose_file_is_valid(file: str) -> None:
    settings = {**os.environ, "DOMAIN": "petition.example.org"}
    process = await asyncio.create_subprocess_exec(
        *("docker-compose", "--file", file, "config", "--quiet"), cwd=ROOT, env=settings
    )
    assert await process.wait() == 0


async def test_image_has_only_the_files_and_settings_of_the_bot() -> None:
    code, printed = await podman("image", "inspect", IMAGE)
    assert code == 0
    [image] = json.loads(printed)
    config = image["Config"]
    assert config["User"] == "petition"
    assert config["StopSignal"] == "SIGTERM"
    assert "container=oci" in config["Env"], (
        "without this variable, which Docker does not set, the bot may log the owner link"
    )
    assert not [variable for variable in config["Env"] if any(word in variable for word in ("TOKEN", "SECRET", "KEY"))]
    assert image["Healthcheck"]["Test"] == ["CMD", "python", "-m", "chatbot", "healthy"]
    listing = ("run", "--rm", "--no-healthcheck", *LOCKED_DOWN, "--entrypoint=ls", IMAGE, "-A", "/opt/petition")
    code, printed = await podman(*listing)
    assert code == 0
    assert set(printed.split()) == {".venv", "chatbot", "locales", "LICENSE", "THIRD-PARTY.txt"}
