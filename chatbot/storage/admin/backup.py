"""Copies of the database, of one moment, made and verified while the bot runs."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

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


def run_program(command: list[str], password: str | None, **streams: Any) -> None:
    """Run one of PostgreSQL's programs. Raises `DatabaseUnavailableError` with the last line that it prints.

    No other user of the machine may see the password, so it is not on the command line.
    """
    environment = {**os.environ, "PGPASSWORD": password} if password else None
    ended = subprocess.run(  # noqa: S603 - PostgreSQL's program, the configured address
        [_find(command[0]), *command[1:]],
        env=environment,
        check=False,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        **streams,
    )
    if ended.returncode:
        raise DatabaseUnavailableError(_find_reason(command[0], ended.stderr))


def read_program(command: list[str]) -> Iterator[str]:
    """Yield the lines that one of PostgreSQL's programs writes. Raises what `run_program` does."""
    with (
        subprocess.Popen(  # noqa: S603 - PostgreSQL's program
            [_find(command[0]), *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process
    ):
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            yield line.decode("utf-8", "replace").removesuffix("\n")
        told = process.stderr.read()
    if process.returncode:
        raise DatabaseUnavailableError(_find_reason(command[0], told))


def _find(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        problem = Problem("{program} is not installed here; it comes with PostgreSQL's client", program=program)
        raise DatabaseUnavailableError(problem)
    return found


def _find_reason(program: str, told: bytes) -> Problem:
    lines = told.decode("utf-8", "replace").strip().splitlines()
    return Problem.quote(lines[-1]) if lines else Problem("{program} failed", program=program)
