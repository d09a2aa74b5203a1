"""Having a document made by a process of its own, see `chatbot.documents.__main__`."""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from chatbot.documents.__main__ import AWAY
from chatbot.documents.table import Made
from chatbot.petition.exports.request import ExportRequest
from chatbot.storage import DatabaseUnavailableError

LONGEST: Final = 3600.0
"""Seconds a document may take: a million signatures take some minutes."""


class DocumentError(Exception):
    """The process that was to make a document failed; its log says why."""


@dataclass(frozen=True, slots=True)
class DocumentProcess:
    """Makes documents. All of this is handed to the process, which has no settings of its own."""

    database_url: str
    locales: Sequence[Path]
    """The campaign's directory, and where words come from that it does not have."""
    log_level: str
    secrets: Sequence[str]
    longest: float = LONGEST

    async def make(self, order: ExportRequest, folder: Path) -> Made:
        """Make what was ordered; the process ends with this call, however it ends.

        Raises `DatabaseUnavailableError` or `DocumentError`.
        """
        asked = {
            "database_url": self.database_url,
            "locales": [str(each) for each in self.locales],
            "log_level": self.log_level,
            "secrets": list(self.secrets),
            "order": order.to_details(),
            "folder": str(folder),
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "chatbot.documents"), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(orjson.dumps(asked) + b"\n")
            # Its input stays open: the end of it would end the process.
            async with asyncio.timeout(self.longest):
                told = await process.stdout.read()
                code = await process.wait()
        except TimeoutError:
            raise DocumentError(f"it took longer than {self.longest / 60:.0f} minutes") from None
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if code == AWAY:
            raise DatabaseUnavailableError("the database was away while a document was made")
        if code != 0:
            raise DocumentError(f"exit code {code}")
        made = orjson.loads(told)
        return Made(tuple(Path(file) for file in made["files"]), made["rows"])
