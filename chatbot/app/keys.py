"""The commands `keys` and `seal`: making a key pair, and sealing names that are stored in plain text."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from chatbot.app.database import open_named_database
from chatbot.settings import Settings, SettingsError
from chatbot.storage import Database, exists
from chatbot.storage.engine.database import Work
from chatbot.storage.privacy.sealing import seal_drafts, seal_signatures

if TYPE_CHECKING:
    from chatbot.petition.sealing.keys import Seal

_AT_ONCE: Final = 200
_EXPLANATION: Final = """\
# The private key of a petition's sealed names. Whoever has this file can read every name and reason; without it nobody
# can, ever. Keep it away from the machine the bot runs on, keep a second copy, and give it only to who must read them.
"""


def make_keys(private_file: Path, out: TextIO) -> None:
    """Make a key pair: write the private key to a new file only its owner can read, and the public key to `out`.

    Raises `SettingsError` if the file exists or cannot be written.
    """
    # Imported here, so that a bot without sealed names does not load cryptography.
    from chatbot.petition.sealing.keys import make_pair

    public, private = make_pair()
    try:
        descriptor = os.open(private_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{_EXPLANATION}{private}\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise SettingsError(
            f"{private_file}: already exists, and a key is never overwritten; name a new file"
        ) from None
    except OSError as error:
        raise SettingsError(f"{private_file}: cannot be written ({error.strerror})") from None
    out.write(
        f"{private_file} holds the private key: take it away from this machine and keep a copy of it.\n"
        f"Give the bot the public one:\n\nSEALING_KEY={public}\n"
    )


async def seal_all(settings: Settings, out: TextIO) -> None:
    """Seal every name and reason stored in plain text, in batches; the bot may be running.

    Raises `SettingsError`.
    """
    seal = read_seal(settings)
    if seal is None:
        raise SettingsError("SEALING_KEY: missing; `python -m chatbot keys petition.key` makes the pair of keys")
    if not exists(settings.database_url):
        raise SettingsError("DATABASE_URL: there is no such database; nothing to seal")
    database = await open_named_database("DATABASE_URL", settings.database_url)
    try:
        signed = await _repeat(database, seal_signatures, seal.close)
        drafts = await _repeat(database, seal_drafts, seal.close)
        rewritten = await database.rewrite()
    finally:
        await database.close()
    out.write(
        f"{signed:,} signatures and {drafts:,} drafts were sealed; all others were already.\n"
        "Backups made before hold the names in clear: delete them.\n"
    )
    if not rewritten:
        out.write(
            "Copies in clear may be left in its files: do this once more when it is less busy, with room on its disk.\n"
        )


async def _repeat(database: Database, seal_some: Work[..., tuple[int, int | None]], close: Callable[[str], str]) -> int:
    sealed = 0
    after: int | None = -(2**62)
    while after is not None:
        found, after = await database.transact(seal_some, after, limit=_AT_ONCE, close=close)
        sealed += found
    return sealed


def read_seal(settings: Settings) -> "Seal | None":
    """Read `SEALING_KEY`, the public keys that seal names; None if it is not set.

    Raises `SettingsError`.
    """
    if settings.sealing_key is None:
        return None
    from chatbot.petition.sealing.keys import KeyRefusedError, Seal

    try:
        return Seal.read(settings.sealing_key)
    except KeyRefusedError as refused:
        raise SettingsError(f"SEALING_KEY: {refused}") from None
