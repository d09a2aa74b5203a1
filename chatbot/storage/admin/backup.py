"""Backups: a copy of one moment, made while the bot runs."""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from chatbot.storage.engine.database import DatabaseUnavailableError
from chatbot.storage.engine.sqlite_files import copy_file


def copy(url: str, target: Path) -> None:
    """Write the database at `url` into the file `target`, which must not exist; only its owner can read it.

    An SQLite file becomes an SQLite file; a PostgreSQL database becomes the archive that `pg_restore` reads. Raises
    `FileExistsError`, or `DatabaseUnavailableError` with the reason, and then leaves no file.
    """
    if url.startswith("sqlite:///"):
        copy_file(Path(url.removeprefix("sqlite:///")).absolute(), target)
        return
    program = shutil.which("pg_dump")
    if program is None:
        raise DatabaseUnavailableError("pg_dump is not installed here; it comes with PostgreSQL's client")
    address, password = _split_password(url)
    environment = {**os.environ, "PGPASSWORD": password} if password else None
    target.touch(mode=0o600, exist_ok=False)
    with target.open("wb") as file:
        dump = subprocess.run(  # noqa: S603 - PostgreSQL's program, the configured address
            [program, "--format=custom", f"--dbname={address}"],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.PIPE,
            env=environment,
            check=False,
        )
    if dump.returncode:
        target.unlink()
        told = dump.stderr.decode("utf-8", "replace").strip().splitlines()
        raise DatabaseUnavailableError(told[-1] if told else "pg_dump failed")


def _split_password(url: str) -> tuple[str, str | None]:
    """Split off the password, which every user of the machine would see in the list of processes."""
    parts = urlsplit(url)
    if parts.password is None:
        return url, None
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}@{host}")), unquote(parts.password)
