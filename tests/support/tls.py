"""Certificates for tests, and TLS in front of a PostgreSQL server."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from chatbot.emulator.web.closing import stop_accepting


@dataclass(frozen=True)
class Certificates:
    """A certificate of `localhost` and 127.0.0.1, its key, and the CA that signed it."""

    ca: Path
    certificate: Path
    key: Path

    def serving(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def make_certificates(folder: Path) -> Certificates:
    """Make a CA and a certificate signed by it."""
    made = Certificates(folder / "ca.pem", folder / "server.pem", folder / "server.key")
    new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    _run(*new, "-keyout", folder / "ca.key", "-out", made.ca, "-subj", "/CN=Test CA")
    _run(
        *new, "-keyout", made.key, "-out", made.certificate, "-subj", "/CN=localhost",
        "-CA", made.ca, "-CAkey", folder / "ca.key", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-addext", "basicConstraints=critical,CA:FALSE",
    )  # fmt: skip
    return made


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True)


@asynccontextmanager
async def tls_before_postgres(port: int, certificates: Certificates) -> AsyncIterator[int]:
    """Yield a port that speaks PostgreSQL's TLS, in front of the server at `port`."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, ssl.SSLError):
            if (await reader.readexactly(8))[4:] != b"\x04\xd2\x16\x2f":  # no SSLRequest: this server speaks only TLS
                writer.close()
                return
            writer.write(b"S")
            await writer.start_tls(certificates.serving())
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(_pipe(reader, inner_writer), _pipe(inner_reader, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        await stop_accepting(server)


@asynccontextmanager
async def tls_before(port: int, certificates: Certificates) -> AsyncIterator[int]:
    """Yield a port that speaks TLS, in front of a server at `port`."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ssl.SSLError):
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
            await asyncio.gather(_pipe(reader, inner_writer), _pipe(inner_reader, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=certificates.serving())
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        await stop_accepting(server)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError, ssl.SSLError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
        writer.close()
