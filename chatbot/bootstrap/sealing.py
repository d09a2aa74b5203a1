"""Sealed names on the command line: the pair of keys, and sealing what was signed in clear before."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from chatbot.settings import Settings, SettingsError

if TYPE_CHECKING:
    from chatbot.petition.sealing import Seal

_EXPLANATION: Final = """\
# The private key of a petition's sealed names. Whoever has this file can read every name and reason; without it nobody
# can, ever. Keep it away from the machine the bot runs on, keep a second copy, and give it only to who must read them.
"""


def make_keys(private_file: Path, out: TextIO) -> None:
    """Make a pair of keys: the private one goes into a new file that only its owner can read, the public one to `out`.

    Raises `SettingsError` where the file is there already or cannot be written.
    """
    # Imported here: who seals nothing carries no cryptography about.
    from chatbot.petition.sealing import make_pair

    public, private = make_pair()
    try:
        descriptor = os.open(private_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{_EXPLANATION}{private}\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise SettingsError(
            f"{private_file}: is there already, and a key is never written over; name a new file"
        ) from None
    except OSError as error:
        raise SettingsError(f"{private_file}: cannot be written ({error.strerror})") from None
    out.write(
        f"{private_file} holds the private key: take it away from this machine and keep a copy of it.\n"
        f"Give the bot the public one:\n\nSEALING_KEY={public}\n"
    )


def read_seal(settings: Settings) -> "Seal | None":
    """Give what closes names for the holders of the keys in `SEALING_KEY`; None where nothing is sealed.

    Raises `SettingsError`.
    """
    if settings.sealing_key is None:
        return None
    from chatbot.petition.sealing import KeyRefused, Seal

    try:
        return Seal.read(settings.sealing_key)
    except KeyRefused as refused:
        raise SettingsError(f"SEALING_KEY: {refused}") from None
