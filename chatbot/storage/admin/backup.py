"""Copies of the database, of one moment, made and verified while the bot runs."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final

from chatbot.problem import Problem
from chatbot.storage.engine.database import DatabaseDamagedError, DatabaseUnavailableError
from chatbot.storage.engine.postgres.address import read_address
from chatbot.storage.engine.sqlite_files import copy_file
from chatbot.storage.engine.sqlite_transaction import describe

_SQLITE: Final = "sqlite:///"


def copy(url: str, target: Path) -> None:
    """Write the database at `url` into the file `target`, which must not exist; only its owner can read it.

    An SQLite file becomes an SQLite file; a PostgreSQL database becomes the archive that `pg_restore` reads. The copy
    is read once before it counts. Raises `FileExistsError`, or `DatabaseUnavailableError` with the reason, and then
    leaves no file.
    """
    if url.startswith(_SQLITE):
        copy_file(Path(url.removeprefix(_SQLITE)).absolute(), target)
        verify = _verify_file
    else:
        _dump(url, target)
        verify = _verify_archive
    try:
        verify(target)
    except BaseException:
        target.unlink()
        raise


def can_dump() -> bool:
    """Whether PostgreSQL's program for copies is installed."""
    return shutil.which("pg_dump") is not None


def _dump(url: str, target: Path) -> None:
    target.touch(mode=0o600, exist_ok=False)
    address, password = read_address(url).for_programs()
    try:
        with target.open("wb") as file:
            run_program(["pg_dump", "--format=custom", f"--dbname={address}"], password, stdout=file)
    except BaseException:
        target.unlink()
        raise


def _verify_file(copy: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA quick_check(3)")]
    except sqlite3.Error as error:
        raise DatabaseDamagedError(describe(error)) from None
    if found != ["ok"]:
        raise DatabaseDamagedError(Problem("the database is damaged: {said}", said=found[0].splitlines()[-1]))


def _verify_archive(copy: Path) -> None:
    if shutil.which("pg_restore") is not None:
        run_program(["pg_restore", "--list", str(copy)], None, stdout=subprocess.DEVNULL)


def run_program(command: list[str], password: str | None, **streams: object) -> "subprocess.CompletedProcess[bytes]":
    """Run one of PostgreSQL's programs. Raises `DatabaseUnavailableError` with the last line that it prints.

    No other user of the machine may see the password, so it is not on the command line.
    """
    program = shutil.which(command[0])
    if program is None:
        problem = Problem("{program} is not installed here; it comes with PostgreSQL's client", program=command[0])
        raise DatabaseUnavailableError(problem)
    environment = {**os.environ, "PGPASSWORD": password} if password else None
    options = {"stdin": subprocess.DEVNULL, "stderr": subprocess.PIPE, **streams}
    ended = subprocess.run([program, *command[1:]], env=environment, check=False, **options)  # type: ignore[call-overload]  # noqa: S603 - PostgreSQL's program, the configured address
    if ended.returncode:
        told = ended.stderr.decode("utf-8", "replace").strip().splitlines()
        failed = Problem.quote(told[-1]) if told else Problem("{program} failed", program=command[0])
        raise DatabaseUnavailableError(failed)
    return ended  # type: ignore[no-any-return]
