"""Types the lines of docs/install.md into a clean Debian, from the clone to a signature, and times each."""

import argparse
import asyncio
import os
import re
import shutil
import sys
import time
from pathlib import Path

from chatbot.emulator import Emulator
from tests.support.actor import Actor
from tests.support.crowd import Supporter
from tests.support.documents import DOCUMENTS, ROOT
from tests.support.recorded_calls import Wire
from tests.support.typed_terminal import TypedTerminal

WAYS = {"computer": "1", "compose": "2", "systemd": "3"}
"""The number of each way's heading."""
TIDY = "docker compose down"
"""Removes the container and its volume."""
LONGEST = 900
"""Seconds for one line."""
DONE = re.compile(r"\[done ([0-9]+)\] $")
ASKED = re.compile(r"^(?:\[[^\n]*\] )?> $|\[Y/n\] $", re.MULTILINE)


class Shell(TypedTerminal):
    """A shell on another root, whose prompt tells how the last line ended."""

    def __init__(self, *program: str) -> None:
        super().__init__(Path("/"))
        self.program = program
        self.read = 0

    async def until_it_waits(self, *others: str) -> str:
        """Wait until a line is done, something is asked, or other words are written; return what was written."""
        async with asyncio.timeout(LONGEST):
            while True:
                written = self.screen[self.read :]
                if DONE.search(written) or ASKED.search(written) or any(words in written for words in others):
                    self.read += len(written)
                    return written
                self._changed.clear()
                await self._changed.wait()


class Walk:
    """One way through the page, with the time of each line."""

    def __init__(self, emulator: Emulator, wire: Wire, shell: Shell) -> None:
        self.emulator = emulator
        self.wire = wire
        self.shell = shell
        self.began = time.monotonic()

    def tell(self, what: str) -> None:
        """Print a line with the seconds since the beginning."""
        sys.stdout.write(f"{time.monotonic() - self.began:7.1f} s  {what}\n")
        sys.stdout.flush()

    async def types(self, line: str, *others: str) -> str:
        """Type a line, answer what it asks, check that it succeeded, and return all that was written."""
        self.shell.types(line)
        written, answers = "", iter(["", self.emulator.token])
        while True:
            written += await self.shell.until_it_waits(*others)
            if ended := DONE.search(written):
                assert ended[1] == "0", written
                break
            if others and any(words in written for words in others):
                break
            self.shell.types("y" if written.endswith("[Y/n] ") else next(answers, ""))
        self.tell(line)
        return written

    async def sign(self, written: str) -> None:
        """Follow the link of the owner that was written, and sign."""
        world = self.emulator.world
        [payload] = re.findall(r"^ {4}https://t\.me/\w+\?start=(\S+)\s*$", written, re.MULTILINE)
        yuna = Actor(world, self.wire, world.add_person("유나", language_code="ko"))
        await yuna.says(f"/start {payload}")
        await yuna.presses(yuna.buttons[0]["callback_data"])
        assert "/desk" in str(yuna) or "🧭" in str(yuna), yuna
        self.tell("유나 owns the petition")
        person = world.add_person("Sam", language_code="en")
        number = await Supporter(world, person, "CA").signs()
        self.tell(f"Sam has signed: {number:,}")


def read_lines(way: str) -> list[str]:
    """Return the lines of the first block in the section of this way."""
    section = re.split(r"^## ", DOCUMENTS["docs/install.md"], flags=re.MULTILINE)
    [text] = [each for each in section if each.startswith(f"{WAYS[way]}. ")]
    [block, *_] = re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return str(block).splitlines()


async def walk(way: str, root: Path, user: str, lang: str, source: str) -> None:
    """Type all lines of one way, and sign."""
    wire = Wire(checked=False)
    async with Emulator(on_request=wire.on_request, on_answer=wire.on_answer) as emulator:
        settings = {"TELEGRAM_API_URL": emulator.url, "LANG": lang, "TERM": "xterm-256color", "PS1": "[done $?] "}
        settings |= {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        given = [f"{name}={value}" for name, value in settings.items()]
        login = ("runuser", "-u", user, "--") if user != "root" else ()
        home = "/root" if user == "root" else f"/home/{user}"
        where = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        if way == "compose":
            where = f"PATH={ROOT / 'tests' / 'benchmarks'}:/usr/bin:/bin"
            given.append(f"PODMAN={ROOT / 'build' / 'image' / 'podman'}")
        entered = () if way == "compose" else ("chroot", str(root))
        shell = Shell(*entered, *login, "env", "-i", where, f"HOME={home}", *given, "bash", "--norc")
        async with shell:
            going = Walk(emulator, wire, shell)
            await going.types(f"cd {root if way == 'compose' else home}")
            if way == "compose":
                await going.types(TIDY)  # of a walk that failed
            shown = ""
            lines = read_lines(way)
            if way == "computer":
                lines[:0] = [f"git clone {source} petition && cd petition"]
            for line in lines:
                line = line.replace("THE-ADDRESS-OF-THIS-REPOSITORY", source)
                if line.startswith("systemctl "):  # a chroot has no systemd, so run the command of its unit
                    unit = (ROOT / "docs" / "petition.service").read_text("utf-8")
                    [command] = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)
                    line = f"runuser -u petition -- {command}"
                if line.startswith("journalctl "):
                    continue
                if line.endswith(" run") or line.startswith("docker compose logs "):
                    await going.types(line, "listening as")
                    await going.sign(shown)
                    shell.presses("\x03")
                    await shell.until_it_waits()
                    going.tell("Ctrl-C")
                    continue
                written = await going.types(line)
                shown = written if "t.me/" in written else shown
            if way == "compose":
                await going.types(TIDY)
            sys.stdout.write(re.sub(r"^\x1b.*\n", "", shown, flags=re.MULTILINE))


def main() -> None:
    """Read the command line and walk."""
    parser = argparse.ArgumentParser()
    parser.add_argument("way", choices=WAYS)
    parser.add_argument("root", type=Path, help="a clean Debian; an empty folder for compose")
    parser.add_argument("source", help="the address of the repository, as git://127.0.0.1/petition")
    parser.add_argument("--user", default="root")
    parser.add_argument("--lang", default="C.UTF-8")
    given = parser.parse_args()
    assert shutil.which("chroot")
    assert given.way == "compose" or (given.root / "proc" / "self").exists(), "mount /proc and /dev there"
    asyncio.run(walk(given.way, given.root, given.user, given.lang, given.source))


if __name__ == "__main__":
    main()
