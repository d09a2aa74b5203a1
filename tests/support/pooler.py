"""A real PgBouncer in front of a PostgreSQL server, if it is installed."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.support.free_ports import find_free_port
from tests.support.limits import GIVE_UP

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")


@contextmanager
def pgbouncer(url: str, **options: str) -> Iterator[str]:
    """Start one in front of the database at `url`, with these options; yield the address to reach the database by."""
    assert PROGRAM is not None
    parts, port = urlsplit(url), find_free_port()
    user = "nobody" if os.geteuid() == 0 else None  # it refuses to run as root
    with tempfile.TemporaryDirectory(prefix="petition-") as directory:
        file, log = Path(directory) / "pgbouncer.ini", Path(directory) / "log"
        if user:
            os.chown(directory, pwd.getpwnam(user).pw_uid, -1)
        settings = {
            "listen_addr": "127.0.0.1", "listen_port": str(port), "unix_socket_dir": "", "auth_type": "any",
            "logfile": str(log),
        } | options  # fmt: skip
        written = "".join(f"{name} = {value}\n" for name, value in settings.items())
        file.write_text(
            f"[databases]\n* = host={parts.hostname} port={parts.port} user={parts.username}\n[pgbouncer]\n{written}"
        )
        process = subprocess.Popen([PROGRAM, "-q", file], user=user, stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + GIVE_UP
            while not log.exists() or "process up" not in log.read_text():
                assert time.monotonic() < deadline
                assert process.poll() is None, "it did not start"
                time.sleep(0.01)  # it has no other sign of being ready
            yield urlunsplit(parts._replace(netloc=f"{parts.username}@127.0.0.1:{port}"))
        finally:
            process.terminate()
            process.wait()
