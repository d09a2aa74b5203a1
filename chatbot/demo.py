"""The rehearsal: the real bot and a pretend Telegram, with a page to play everybody. No token, no network."""

import errno
import os
import shutil
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from chatbot.bootstrap import run
from chatbot.emulator.saving import files_beside
from chatbot.emulator.server import TOKEN, Emulator
from chatbot.emulator.world import World
from chatbot.petition.model import Language
from chatbot.settings import Settings, SettingsError
from chatbot.storage import Transaction, open_database, subscriptions, supporters

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
CROWD: Final[Mapping[int, Language]] = {8_000_000_000 + each: "en" if each % 4 == 0 else "ko" for each in range(1, 361)}
"""Subscribers, so that 유나 can watch an update on its way for a while: they read, and nobody plays them."""
_BLOCKING, _DEACTIVATED = 30, 100
"""Every so manieth of them has blocked the bot, or left Telegram."""


async def demo(settings: Settings, *, port: int = DEFAULT_PORT, fresh: bool = False) -> None:
    """Serve the page at `http://127.0.0.1:<port>` with the bot behind it, until SIGINT or SIGTERM.

    Takes the campaign from `settings` and nothing else. `fresh` begins with empty chats and no signatures. Raises
    `SettingsError` where the port is taken or the directory cannot be written, and whatever `run` raises.
    """
    database, world = DIRECTORY / "chatbot.db", DIRECTORY / "world.json"
    with _naming_the_port(port):  # before anything is deleted, which may belong to a demo that runs there
        socket.create_server(("127.0.0.1", port)).close()
    try:
        DIRECTORY.mkdir(exist_ok=True)
        if fresh:
            for kept in DIRECTORY.glob("chatbot.db*"):
                if kept.is_file():  # where files are made tidies itself up
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
    with _naming_the_port(port):
        await emulator.start()
    gather(emulator.world)
    try:
        await subscribe(f"sqlite:///{database}")
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


def gather(world: World) -> None:
    """Let the crowd be there, in the pretend Telegram as in the database, whichever of them was there before."""
    for number, (person_id, language) in enumerate(CROWD.items(), 1):
        if person_id in world.chats:
            continue
        person = world.add_person("…", language_code=language, person_id=person_id)
        person.started, person.listed = True, False
        person.blocked, person.deactivated = number % _BLOCKING == 0, number % _DEACTIVATED == 0


async def subscribe(url: str) -> None:
    """Let the crowd be subscribed in a new database at `url`; who has unsubscribed in an old one stays so."""
    database = await open_database(url)

    async def work(tx: Transaction) -> None:
        now = datetime.now(UTC)
        if await tx.one("SELECT 1 FROM supporters WHERE id = :id", id=next(iter(CROWD))):
            return
        for person_id, language in CROWD.items():
            await supporters.meet(tx, person_id, language=language, now=now)
            await subscriptions.subscribe(tx, person_id, language, now)

    try:
        await database.transact(work)
    finally:
        await database.close()


@contextmanager
def _naming_the_port(port: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise SettingsError(f"--port: {port} cannot be used ({os.strerror(error.errno)}); choose another") from None
