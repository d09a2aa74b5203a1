"""The commands of the documents for servers and hosts, run as written, as far as one machine can."""

import asyncio
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatbot.emulator import Emulator
from tests.support.bot_process import BotProcess, environment
from tests.support.crowd import Supporter
from tests.support.postgres_server import PostgresServer

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
INSTALL = (ROOT / "docs" / "install.md").read_text("utf-8")
OPERATING = (ROOT / "docs" / "operating.md").read_text("utf-8")
PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text("utf-8").splitlines())
STOPPED_WITHIN = 10
"""Seconds; hosts allow more."""


@pytest.fixture
async def telegram() -> AsyncIterator[Emulator]:
    async with Emulator(webhook_pause=0.02) as emulator:
        yield emulator


def program(line: str) -> list[str]:
    """Return the arguments that a line gives to the Python of the environment."""
    python, *arguments = shlex.split(line)
    assert Path(python).name == "python"
    return arguments


async def carry_out(*command: str | Path, **settings: str) -> str:
    """Run a command of the documents to its end; return what it printed."""
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=environment(**settings), stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, command
    return printed.decode()


async def stop(*processes: BotProcess) -> None:
    """Start a process and stop it with SIGTERM, as hosts and systemd do."""
    for process in processes:
        process.kill(signal.SIGTERM)
    for process in processes:
        assert await process.ended(STOPPED_WITHIN) == 0


async def sign(telegram: Emulator) -> int:
    """Let a new person sign; return their number."""
    person = telegram.world.add_person("Sam", language_code="en")
    return await Supporter(telegram.world, person, "CA").signs()


# A host that reads the Procfile


async def test_host_runs_the_procfile(
    telegram: Emulator, server: PostgresServer, tmp_path: Path, unused_tcp_port: int
) -> None:
    with server.fresh_database() as database:
        # Some hosts still write the address like this.
        settings = {"DATABASE_URL": database.replace("postgresql://", "postgres://"), "PORT": str(unused_tcp_port)}
        told = await carry_out(sys.executable, *program(PROCFILE["release"]), **settings)
        assert told == "The database is up to date.\n"
        settings["WEBHOOK_URL"] = f"http://127.0.0.1:{unused_tcp_port}/telegram"
        web = BotProcess(telegram, tmp_path, *program(PROCFILE["web"]), **settings)
        worker = BotProcess(telegram, tmp_path, *program(PROCFILE["worker"]), **settings)
        async with web, worker:
            await web.says("listening as")
            await worker.says("sending broadcasts")
            assert await sign(telegram) == 178_922
            await stop(web, worker)
            await web.starts()
            assert await sign(telegram) == 178_923, "what was signed before the restart is kept"
            await stop(web)
        assert web.troubles + worker.troubles == []


# A server with systemd


def read_unit() -> str:
    [unit] = re.findall(r"^```ini\n(.*?)^```$", INSTALL, re.DOTALL | re.MULTILINE)
    return unit


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_accepts_the_unit(tmp_path: Path) -> None:
    file = tmp_path / "petition.service"
    # There is no /opt/petition on this machine.
    file.write_text(re.sub("(?m)^ExecStart=[^ ]+", f"ExecStart={Path(sys.executable).resolve()}", read_unit()))
    told = subprocess.run(["systemd-analyze", "verify", file], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
    review = ["systemd-analyze", "security", "--offline=true", "--threshold=30", file]
    assert subprocess.run(review, stdout=subprocess.DEVNULL, check=False).returncode == 0


async def test_unit_starts_the_bot_and_backup_restores_it(telegram: Emulator, tmp_path: Path) -> None:
    """Start it with its settings and its command, in a test directory instead of the machine's own."""
    state = tmp_path / "state"
    state.mkdir()
    (tmp_path / "telegram.token").write_text(telegram.token + "\n")

    def here(text: str) -> str:
        return text.replace("%d/", f"{tmp_path}/").replace("/var/lib/petition/", f"{state}/")

    unit = read_unit()
    settings = dict(line.split("=", 1) for line in re.findall("(?m)^Environment=(.*)", here(unit)))
    [command] = re.findall("(?m)^ExecStart=/opt/petition/.venv/bin/(.*)", unit)
    [copying] = re.findall(r"(?m)^runuser -u petition -- \.venv/bin/(python .* backup .*)", here(INSTALL))
    [restoring] = re.findall(r"(?m)^runuser -u petition -- \.venv/bin/(python .* restore .*)", here(INSTALL))
    bot = BotProcess(telegram, tmp_path, *program(command), TELEGRAM_TOKEN="", **settings)
    async with bot:
        await bot.says("listening as")
        assert await sign(telegram) == 178_922
        await carry_out(sys.executable, *program(copying), **settings)
        assert await sign(telegram) == 178_923
        await stop(bot)
        assert int(re.findall("(?m)^TimeoutStopSec=(.*)", unit)[0]) > STOPPED_WITHIN
        await carry_out(sys.executable, *program(restoring), "--yes", **settings)
        await bot.starts()
        assert await sign(telegram) == 178_923, "what came after the backup is gone, as it should be"
        await stop(bot)
    assert bot.troubles == []
    written = {name for name in os.listdir(tmp_path) if not name.startswith("log")}  # noqa: PTH208 - names are enough
    assert written == {"state", "telegram.token"}, "nothing is written but where systemd lets it"


# Restoring a backup on a server


async def test_pg_dump_restores_the_database(
    telegram: Emulator, server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join([str(server.binaries), os.environ["PATH"]]))
    copy = tmp_path / "copy"
    with server.fresh_database() as database:
        settings = {"DATABASE_URL": database}
        bot = BotProcess(telegram, tmp_path, *program(PROCFILE["polling"]), **settings)
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
