"""Process that is killed while it writes names to files: `python -m tests.attacks.killed_writer DATABASE_URL FILE`."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from chatbot.jobs.file_places import find_folder
from tests.attacks.crowded import name_of


async def write_and_get_killed(url: str, file: Path) -> None:
    """Begin a file for a chat and another one beside `file`, then kill this process."""
    folder = find_folder(url)
    async with folder.open() as inside, folder.open_beside(file) as beside:
        for person, place in enumerate((inside, beside), 10**9):
            (place / "part-1.csv").write_text(name_of(person))
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(write_and_get_killed(sys.argv[1], Path(sys.argv[2])))
