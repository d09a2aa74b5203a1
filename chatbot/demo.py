"""The rehearsal: the real bot and a pretend Telegram, with a page to play everybody. No token, no network."""

import errno
import shutil
import sys
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from chatbot.bootstrap import run
from chatbot.emulator.saving import files_beside
from chatbot.emulator.server import TOKEN, Emulator
from chatbot.settings import Settings, SettingsError

DEFAULT_PORT: Final = 8080
DIRECTORY: Final = Path("demo")
"""Where the demo keeps its database and its chats between runs, below the current directory."""
YUNA: Final = 3003
CAST: Final[tuple[dict[str, Any], ...]] = (
    {"person_id": 1001, "first_name": "하나", "username": "hana", "language_code": "ko"},
    {"person_id": 2002, "first_name": "Sam", "username": "sam", "language_code": "en"},
    {"person_id": YUNA, "first_name": "유나", "username": "yuna", "language_code": "ko"},
)
"""하나 and Sam are supporters, 유나 is the organizer; the page adds whoever else is wanted."""


async def demo(settings: Settings, *, port: int = DEFAULT_PORT, fresh: bool = False) -> None:
    """Serve the page at `http://127.0.0.1:<port>` with the bot behind it, until SIGINT or SIGTERM.

    Takes the campaign from `settings` and nothing else. `fresh` begins with empty chats and no signatures. Raises
    `SettingsError` where the port is taken or the directory cannot be written, and whatever `run` raises.
    """
    database, world = DIRECTORY / "chatbot.db", DIRECTORY / "world.json"
    try:
        DIRECTORY.mkdir(exist_ok=True)
        if fresh:
            for kept in DIRECTORY.glob("chatbot.db*"):
                kept.unlink()
            world.unlink(missing_ok=True)
            shutil.rmtree(files_beside(world), ignore_errors=True)
    except OSError as error:
        raise SettingsError(
            f"{DIRECTORY}/: cannot be written ({error.strerror}); start it in another directory"
        ) from None
    try:
        emulator = Emulator(TOKEN, port=port, people=CAST, state_file=world, bot_username="petition_demo_bot")
    except (OSError, ValueError, KeyError, TypeError):
        raise SettingsError(f"{world}: cannot be read; begin anew with `python -m chatbot demo --fresh`") from None
    try:
        await emulator.start()
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise SettingsError(f"--port: {port} cannot be used ({error.strerror}); choose another") from None
    try:
        sys.stdout.write(f"The petition is ready to try: open {emulator.url} (Ctrl-C ends it)\n")
        sys.stdout.flush()
        await run(
            settings.model_copy(
                update={
                    "telegram_token": SecretStr(TOKEN),
                    "telegram_api_url": emulator.url,
                    "database_url": f"sqlite:///{database}",
                    "organizers": (YUNA,),
                }
            )
        )
    finally:
        await emulator.stop()
