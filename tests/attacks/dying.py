"""Process that is killed while it makes files with names: `python -m tests.attacks.dying DATABASE_URL FILE`."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from chatbot.jobs.file_places import find_folder
from tests.attacks.crowded import name_of


async def die(url: str, file: Path) -> None:
    """Begin a file for a chat and one beside `file`, then wait for the kill."""
    folder = find_folder(url)
    async with folder.open() as inside, folder.open_beside(file) as beside:
        for person, place in enumerate((inside, beside), 10**9):
            (place / "part-1.csv").write_text(name_of(person))
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(die(sys.argv[1], Path(sys.argv[2])))
