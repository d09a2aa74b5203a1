"""A command at a real terminal in which a test types: a pseudo-terminal of 80 columns."""

import asyncio
import codecs
import fcntl
import os
import pty
import re
import signal
import struct
import sys
import termios
from asyncio.subprocess import Process
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.bot_process import environment
from tests.support.limits import GIVE_UP, SOON


def _begin_as_in_a_shell() -> None:
    """Take the terminal, and restore Ctrl-C: a process started in the background inherits that it is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class TypedTerminal:
    """`python -m chatbot …` at a terminal of its own; it is killed at the end of the block if it still runs."""

    def __init__(self, folder: Path, *arguments: str, **settings: str) -> None:
        self.folder = folder
        self.program = (sys.executable, "-m", "chatbot", *arguments)
        self.settings = settings
        self.screen = ""
        """Everything that was written to the terminal."""
        self._seen = 0
        self._changed = asyncio.Event()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._master = -1
        self._process: Process | None = None

    async def __aenter__(self) -> Self:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self._process = await asyncio.create_subprocess_exec(
            *self.program,
            cwd=self.folder,
            env=environment(TERM="xterm-256color", **self.settings),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=_begin_as_in_a_shell,
        )
        os.close(slave)
        asyncio.get_running_loop().add_reader(self._master, self._read)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
        await self._process.wait()
        self.hangs_up()

    def _read(self) -> None:
        try:
            more = os.read(self._master, 65_536)
        except OSError:  # the process has ended
            more = b""
        if not more:
            asyncio.get_running_loop().remove_reader(self._master)
        self.screen += re.sub(r"\x1b\[\?[0-9]+[hl]", "", self._decoder.decode(more)).replace("\r\n", "\n")
        self._changed.set()

    async def expects(self, words: str) -> str:
        """Wait until these words are written, after those expected before; return all up to them."""
        async with asyncio.timeout(GIVE_UP):
            while (place := self.screen.find(words, self._seen)) < 0:
                self._changed.clear()
                await self._changed.wait()
        before, self._seen = self.screen[self._seen : place], place + len(words)
        return before

    def types(self, text: str) -> None:
        """Type a line."""
        os.write(self._master, f"{text}\n".encode())

    def presses(self, key: str) -> None:
        """Press a key such as Ctrl-C, which is "\\x03"."""
        os.write(self._master, key.encode())

    async def ended_by(self, key: str, words: str) -> int:
        """Press a key such as Ctrl-C until the command says these words and ends; return its exit code.

        Python may overlook a signal that comes just before it begins to wait, until another one arrives, so the key is
        pressed again, but not early: a busy machine needs time for the first, and a third that arrives would end the
        command without these words.
        """
        for tries in range(3):
            self.presses(key)
            try:
                async with asyncio.timeout(GIVE_UP if tries == 2 else SOON):
                    await self.expects(words)
            except TimeoutError:
                continue
            break
        return await self.ended()

    def hangs_up(self) -> None:
        """Close the terminal."""
        if self._master >= 0:
            asyncio.get_running_loop().remove_reader(self._master)
            os.close(self._master)
            self._master = -1

    @property
    def shows_typing(self) -> bool:
        """Whether what is typed now would be shown."""
        return bool(termios.tcgetattr(self._master)[3] & termios.ECHO)

    async def ended(self) -> int:
        """Return the exit code, once the command has ended."""
        assert self._process is not None
        async with asyncio.timeout(GIVE_UP):
            return await self._process.wait()
