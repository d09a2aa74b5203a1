"""Where files are made on their way to a chat: nobody else can look in, and nothing stays, not even after a crash."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path


class Folder:
    """A directory for nothing but this. It is used by the one process that carries out errands."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def tidy(self) -> None:
        """Remove what a crash left there."""
        await asyncio.to_thread(shutil.rmtree, self.path, ignore_errors=True)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Path]:
        """A new directory with mode 0700 in it, gone with all that is in it when the block ends."""
        made = Path(await asyncio.to_thread(self._make))
        try:
            yield made
        finally:
            # Not in a thread: also when this is cut off, it is gone.
            shutil.rmtree(made, ignore_errors=True)

    def _make(self) -> str:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path.chmod(0o700)  # refused where somebody else made it before us
        return tempfile.mkdtemp(dir=self.path)
