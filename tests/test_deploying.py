"""The commands for servers and hosts work as the documents have them, as far as one machine can run them."""

import asyncio
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatbot.emulator import Emulator
from tests.support.bot_process import BotProcess, environment
from tests.support.crowd import Supporter, actions
from tests.support.limits import GIVE_UP
from tests.support.postgres_server import PostgresServer
from tests.support.typed_terminal import TypedTerminal

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
INSTALL = (ROOT / "docs" / "install.md").read_text("utf-8")
OPERATING = (ROOT / "docs" / "operating.md").read_text("utf-8")
PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text("utf-8").splitlines())
[OWNER] = re.findall(r"\*\*Run console\*\*: `(python .*?)`", INSTALL)
UNIT = (ROOT / "docs" / "petition.service").read_text("utf-8")
STATE, PROGRAM = "/var/lib/petition", "/opt/petition/.venv/bin/chatbot"
[STOPPED_WITHIN] = map(int, re.findall("(?m)^TimeoutStopSec=(.*)", UNIT))
"""Seconds after SIGTERM until systemd kills the bot; the hosts of the documents wait longer."""


@pytest.fixture
async def telegram() -> AsyncIterator[Emulator]:
    async with Emulator(webhook_pause=0.02) as emulator:
        yield emulator


def read_arguments(line: str) -> list[str]:
    """Return the arguments that a line gives to Python."""
    python, *arguments = shlex.split(line)
    assert Path(python).name == "python"
    return arguments


async def carry_out(*command: str | Path, folder: Path = ROOT, **settings: str) -> str:
    """Run a command of the documents; return what it printed."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, env=environment(**settings), stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, command
    return printed.decode()


async def stop(*processes: BotProcess) -> None:
    """Stop processes with SIGTERM, as hosts and systemd do, and check that each ends in time."""
    for process in processes:
        process.kill(signal.SIGTERM)
    for process in processes:
        assert await process.ended(STOPPED_WITHIN) == 0


async def sign(telegram: Emulator) -> int:
    """Add a person, who signs; return their number."""
    person = telegram.world.add_person("Sam", language_code="en")
    return await Supporter(telegram.world, person, "CA").signs()


async def become_owner(telegram: Emulator, printed: str) -> None:
    """Follow the link that a command printed, and confirm."""
    [payload] = re.findall(r"^ {4}https://t\.me/\w+\?start=(\S+)$", printed, re.MULTILINE)
    yuna = telegram.world.add_person("유나", language_code="en")
    watch = telegram.world.watch(yuna)
    telegram.world.starts(yuna, payload)
    asked = await watch.next_screen(timeout=GIVE_UP)
    telegram.world.presses(yuna, asked["message_id"], actions(asked)[0])
    assert "an owner of this petition now" in (await watch.next_screen(timeout=GIVE_UP))["text"]


# A host that reads the Procfile


async def test_host_runs_the_procfile(
    telegram: Emulator, server: PostgresServer, tmp_path: Path, unused_tcp_port: int
) -> None:
    with server.fresh_database() as database:
        # Some hosts still write the address with this scheme.
        settings = {"DATABASE_URL": database.replace("postgresql://", "postgres://"), "PORT": str(unused_tcp_port)}
        told = await carry_out(sys.executable, *read_arguments(PROCFILE["release"]), **settings)
        assert told == "The database is up to date.\n"
        settings["WEBHOOK_URL"] = f"http://127.0.0.1:{unused_tcp_port}/telegram"
        web = BotProcess(telegram, tmp_path, *read_arguments(PROCFILE["web"]), **settings)
        worker = BotProcess(telegram, tmp_path, *read_arguments(PROCFILE["worker"]), **settings)
        async with web, worker:
            await web.says("listening as")
            await worker.says("sending broadcasts")
            await become_owner(
                telegram, await carry_out(sys.executable, *read_arguments(OWNER), folder=tmp_path, **settings)
            )
            assert await sign(telegram) == 178_922
            await stop(web, worker)
            await web.starts()
            assert await sign(telegram) == 178_923, "the signature before the restart is kept"
            await stop(web)
        assert web.troubles + worker.troubles == []


# A server with systemd


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    file = tmp_path / "petition.service"
    # systemd checks that the program exists, and this machine has no /opt/petition.
    file.write_text(UNIT.replace(PROGRAM, str(Path(sys.executable).resolve())))
    told = subprocess.run(["systemd-analyze", "verify", file], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
    review = ["systemd-analyze", "security", "--offline=true", "--threshold=30", file]
    assert subprocess.run(review, stdout=subprocess.DEVNULL, check=False).returncode == 0


def read_commands(section: str, block: int) -> list[str]:
    """Return the lines of a block in a section of docs/install.md."""
    [text] = re.findall(rf"^## {re.escape(section)}\n(.*?)(?=^## )", INSTALL, re.DOTALL | re.MULTILINE)
    return str(re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)[block]).splitlines()


def find_arguments(line: str) -> list[str]:
    """Return the arguments that a line of the guide or of the unit gives to the bot."""
    return shlex.split(line.removeprefix("runuser -u petition -- ").removeprefix("ExecStart=").removeprefix(PROGRAM))


def test_guide_and_unit_name_the_same_folders() -> None:
    lines = read_commands("3. A server with systemd", 0)
    assert f"cd {STATE}" in lines
    assert "cp /opt/petition/docs/petition.service /etc/systemd/system/" in lines
    assert {f"WorkingDirectory={STATE}", "StateDirectory=petition"} <= set(UNIT.splitlines())
    assert f"ExecStart={PROGRAM} run" in UNIT
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["scripts"] == {"chatbot": "chatbot.__main__:main"}


async def test_set_up_service_starts_and_its_backup_is_restored(telegram: Emulator, tmp_path: Path) -> None:
    """The commands are those of the guide, in a temporary folder."""
    [setting_up] = [line for line in read_commands("3. A server with systemd", 0) if line.endswith(" setup")]
    keeping = [line for line in read_commands("3. A server with systemd", 1) if line.startswith("runuser ")]
    settings = {"TELEGRAM_API_URL": telegram.url, "LANG": "C"}
    async with TypedTerminal(tmp_path, *find_arguments(setting_up), **settings) as terminal:
        for typed in ("", telegram.token, "", "", "", ""):
            await terminal.expects("> ")
            terminal.types(typed)
        assert await terminal.ended() == 0, terminal.screen
    [started] = re.findall("(?m)^ExecStart=.*", UNIT)
    bot = BotProcess(telegram, tmp_path, "-m", "chatbot", *find_arguments(started), TELEGRAM_TOKEN="", DATABASE_URL="")
    async with bot:
        await bot.says("listening as")
        assert await sign(telegram) == 178_922
        backup, restore = (find_arguments(line) for line in keeping)
        await carry_out(sys.executable, "-m", "chatbot", *backup, folder=tmp_path)
        assert await sign(telegram) == 178_923
        await stop(bot)

        await carry_out(sys.executable, "-m", "chatbot", *restore, "--yes", folder=tmp_path)
        await bot.starts()
        assert await sign(telegram) == 178_923, "the signature after the backup is gone"
        await stop(bot)
    assert bot.troubles == []


# Restoring a backup on a server


async def test_backup_of_a_postgresql_database_is_restored(
    telegram: Emulator, server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join([str(server.binaries), os.environ["PATH"]]))
    copy = tmp_path / "copy"
    with server.fresh_database() as database:
        settings = {"DATABASE_URL": database}
        bot = BotProcess(telegram, tmp_path, *read_arguments(PROCFILE["polling"]), **settings)
        async with bot:
            await bot.says("listening as")
            assert await sign(telegram) == 178_922
            await carry_out(sys.executable, "-m", "chatbot", "backup", copy, **settings)
            assert await sign(telegram) == 178_923
            await stop(bot)
            backups = {"BACKUPS": str(tmp_path / "backups")}
            await carry_out(sys.executable, "-m", "chatbot", "restore", copy, "--yes", **settings, **backups)
            await carry_out(sys.executable, "-m", "chatbot", "check", **settings)
            await bot.starts()
            assert await sign(telegram) == 178_923
            await stop(bot)
        assert bot.troubles == []
