"""A real PostgreSQL server for the tests, if it is installed: new, in a temporary directory."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

import asyncpg

from chatbot.storage import open_database
from tests.support.free_ports import find_free_port
from tests.support.limits import GIVE_UP

_NUMBERS = count(1)


def find_binaries() -> Path | None:
    """Find `initdb` and `postgres`: in the newest of Debian's directories, or on the PATH."""
    for directory in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: -float(each.parent.name)):
        if (directory / "initdb").exists() and (directory / "postgres").exists():
            return directory
    found = shutil.which("initdb")
    return Path(found).parent if found and shutil.which("postgres") else None


_SHAPE = """
SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
    SELECT concat_ws(' ', attrelid::regclass, attname, atttypid::regtype, attnotnull, atthasdef) AS line
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
    UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
    WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT number || name FROM migrations
    UNION ALL SELECT conrelid::regclass || pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace) AS shape
"""
_DISCONNECT = """
SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# TRUNCATE takes 2 ms for each table, so only tables with pages are truncated. It resets their statistics as well.
_EMPTY = """
DO $$ DECLARE used TEXT; BEGIN
    SELECT string_agg(oid::regclass::text, ', ') INTO used FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT LIKE 'migration%'
    AND pg_relation_size(oid) > 0;
    IF used IS NOT NULL THEN EXECUTE 'TRUNCATE ' || used || ' CASCADE'; END IF;
END $$
"""
_ANSWERED = "that was all"


class _Console:
    """`psql`, kept open: a connection of its own for each question would cost 10 ms."""

    def __init__(self, binaries: Path, url: str) -> None:
        command = [binaries / "psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-d", url]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def ask(self, sql: str) -> str | None:
        """Return what the statements say; None if one fails or the server is away."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(f"{sql};\n\\echo {_ANSWERED}\n")
            self._process.stdin.flush()
        answer = ""
        for line in self._process.stdout:
            if line.strip() == _ANSWERED:
                return answer.strip()
            answer += line
        return None

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


class PostgresServer:
    """A server on a free port of this machine. It can be killed and restarted; its files stay."""

    def __init__(self, binaries: Path, directory: Path) -> None:
        self.binaries = binaries
        self.directory = directory
        self.sockets = directory / "sockets"
        """Holds a socket to which every user of the machine may connect."""
        self.port = find_free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._model = ""
        """The template database, with the tables that `open_database` makes."""
        self._shape = ""
        """Describes its tables."""
        self._idle: list[tuple[str, _Console]] = []
        # The server refuses to run as root.
        self._user = "nobody" if os.geteuid() == 0 else None
        if self._user:
            os.chown(directory, pwd.getpwnam(self._user).pw_uid, -1)
        self.sockets.mkdir()
        self.sockets.chmod(0o777)

    def __enter__(self) -> Self:
        files = ["-D", str(self.directory / "data"), "-U", "chatbot", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"]
        subprocess.run([self.binaries / "initdb", *files], check=True, stdout=subprocess.DEVNULL, user=self._user)
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _, console in self._idle:
            console.close()
        self.kill()

    def start(self) -> None:
        """Start the server, and return once it accepts connections."""
        options = {
            "unix_socket_directories": str(self.sockets),
            "fsync": "off",
            "full_page_writes": "off",
            "max_connections": "200",
        }
        # Some tests cause deadlocks, and a second for each would be too long.
        options["deadlock_timeout"] = "20ms"
        options["autovacuum"] = "off"  # statistics in the middle of a test would change the plans it reads
        command = [self.binaries / "postgres", "-D", self.directory / "data", "-p", str(self.port)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        asyncio.run(self._start_until_ready(command))

    def kill(self) -> None:
        """Kill the server and all its processes with SIGKILL."""
        if self._process is not None:
            # Stopped first, so that it starts no new processes while they are killed one by one.
            self._process.send_signal(signal.SIGSTOP)
            subprocess.run(["pkill", "-9", "-P", str(self._process.pid)], check=False)
            self._process.kill()
            self._process.wait()
            self._process = None

    def url(self, database: str = "postgres") -> str:
        """Return the address of one of its databases."""
        return f"postgresql://chatbot@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def fresh_database(self, disk: Path | None = None) -> Iterator[str]:
        """Yield the address of a new, empty database, whose files are on `disk` if that is given."""
        name, place = f"petition{next(_NUMBERS)}", ""
        if disk is not None:
            if self._user:
                os.chown(disk, pwd.getpwnam(self._user).pw_uid, -1)
            place = f"TABLESPACE on_{name}"
            self._execute(f"CREATE {place} LOCATION '{disk}'")
        self._execute(f"CREATE DATABASE {name} STRATEGY file_copy {place}")
        yield self.url(name)
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")
        if place:
            self._execute(f"DROP {place}")

    @contextmanager
    def lent_database(self) -> Iterator[str]:
        """Yield the address of an empty database with all tables, reused from earlier tests.

        A database whose tables were changed by a test is dropped.
        """
        if not self._model:
            self._model = f"petition{next(_NUMBERS)}"
            self._execute(f"CREATE DATABASE {self._model}")
            asyncio.run(_migrate(self.url(self._model)))
            self._shape = self._query(_SHAPE, self.url(self._model))
        if self._idle:
            name, console = self._idle.pop()
        else:
            name = f"petition{next(_NUMBERS)}"
            self._execute(f"CREATE DATABASE {name} TEMPLATE {self._model} STRATEGY file_copy")
            console = _Console(self.binaries, self.url(name))
        yield self.url(name)
        # The test may have killed the server, and with it the console.
        if (console.ask(f"{_DISCONNECT}; {_SHAPE}; {_EMPTY}") or "").endswith(self._shape):
            self._idle.append((name, console))
        else:
            console.close()
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _execute(self, sql: str) -> None:
        self._query(sql, self.url())

    def _query(self, sql: str, database: str) -> str:
        command = [self.binaries / "psql", "-qAt", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql]
        return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    async def _start_until_ready(self, command: list[str | Path]) -> None:
        async with asyncio.timeout(GIVE_UP):
            while True:
                # If a killed server has not quite ended yet, the first start fails at once.
                if self._process is None or self._process.poll() is not None:
                    with (self.directory / "log").open("ab") as log:
                        self._process = subprocess.Popen(  # noqa: ASYNC220 - a test may wait for it
                            command, stdout=log, stderr=log, user=self._user
                        )
                try:
                    connection = await asyncpg.connect(self.url())
                except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
                    await asyncio.sleep(0.05)  # only a connection tells that it is ready
                else:
                    await connection.close()
                    return


@contextmanager
def postgres_server() -> Iterator[PostgresServer | None]:
    """Start a server for the block; None if PostgreSQL is not installed."""
    binaries = find_binaries()
    if binaries is None:
        yield None
        return
    with (
        tempfile.TemporaryDirectory(prefix="petition-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")) as directory,
        PostgresServer(binaries, Path(directory)) as server,
    ):
        yield server


async def _migrate(url: str) -> None:
    await (await open_database(url)).close()
