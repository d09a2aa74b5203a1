"""Making documents in child processes: a request as JSON on stdin, the answer as JSON on stdout, an exit code."""

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from chatbot.core_dumps import forbid_core_dumps
from chatbot.documents.table import Made
from chatbot.logs import log_strays, report_bug
from chatbot.petition.exports.request import ExportRequest
from chatbot.petition.languages import Language
from chatbot.problem import Problem
from chatbot.storage import DatabaseUnavailableError

logger = logging.getLogger(__name__)

LONGEST: Final = 3600.0
"""Longest time a child process may take, in seconds: a million signatures take some minutes."""
LARGEST_ANSWER: Final = 1_048_576
"""Bytes read of an answer. It has the paths of the files that were made, a hundred bytes each."""
_DATABASE_UNAVAILABLE: Final = 3
"""Exit code for a `DatabaseUnavailableError`: the caller may try again."""


class DocumentError(Exception):
    """The child process failed; its log says why."""


async def call(module: str, request: dict[str, Any], *, longest: float = LONGEST) -> Any:
    """Send `request` to `python -m module` and return its answer. The process never outlives this call.

    Raises `DatabaseUnavailableError` or `DocumentError`.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(orjson.dumps(request) + b"\n")
        # stdin stays open: the process exits at its end.
        async with asyncio.timeout(longest):
            answer = await _read_answer(process.stdout)
            code = await process.wait()
    except TimeoutError:
        raise DocumentError(f"it took longer than {longest / 60:.0f} minutes") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if code == _DATABASE_UNAVAILABLE:
        raise DatabaseUnavailableError(Problem("the database was unavailable to a child process"))
    if code != 0:
        raise DocumentError(f"exit code {code}")
    try:
        return orjson.loads(answer)
    except orjson.JSONDecodeError:
        raise DocumentError("the answer is not JSON") from None


async def _read_answer(stdout: asyncio.StreamReader) -> bytes:
    answer = b""
    while read := await stdout.read(LARGEST_ANSWER):
        answer += read
        if len(answer) > LARGEST_ANSWER:
            raise DocumentError(f"the answer has more than {LARGEST_ANSWER:,} bytes")
    return answer


def serve(work: Callable[[dict[str, Any]], Any]) -> int:
    """Answer one request in the child process; return the exit code. The process exits when its parent is gone."""
    log_strays()
    forbid_core_dumps()
    os.umask(0o077)
    with suppress(AttributeError):  # Windows
        os.nice(10)  # replies to people come first
    request = orjson.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_exit_with_stdin, daemon=True).start()
    try:
        answer = work(request)
    except DatabaseUnavailableError:
        return _DATABASE_UNAVAILABLE
    except Exception as bug:
        report_bug(logger, "a document was not made", bug)
        return 1
    sys.stdout.buffer.write(orjson.dumps(answer))
    return 0


def _exit_with_stdin() -> None:
    # os.read and not the buffer: the interpreter locks the buffer when it exits.
    while os.read(0, 4096):
        pass
    os._exit(1)


@dataclass(frozen=True, slots=True)
class DocumentProcess:
    """Makes exports in a child process. The fields are sent along because the process reads no settings."""

    database_url: str
    locales: Sequence[Path]
    """The campaign's directory, then the directory with the words missing there."""
    languages: Sequence[Language]
    """The offered languages: to find them anew would take as long as a small document."""
    log_level: str
    secrets: Sequence[str]
    longest: float = LONGEST

    async def make(self, export: ExportRequest, folder: Path) -> Made:
        """Make the export in `folder`. Raises `DatabaseUnavailableError` or `DocumentError`."""
        request = {
            "database_url": self.database_url,
            "locales": [str(each) for each in self.locales],
            "languages": list(self.languages),
            "log_level": self.log_level,
            "secrets": list(self.secrets),
            "export": export.to_details(),
            "folder": str(folder),
        }
        made = await call("chatbot.documents", request, longest=self.longest)
        return Made(tuple(Path(file) for file in made["files"]), made["rows"], made["named"])
