"""Addresses of PostgreSQL servers, as hosting providers give them: accepted, or refused without being repeated."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from chatbot.emulator.web.closing import stop_accepting
from chatbot.storage import (
    DatabaseUnavailableError,
    UnsupportedDatabaseError,
    UnusableDatabaseError,
    open_database,
)
from chatbot.storage.engine.postgres.address import read_address
from tests.storage.conftest import on_postgres
from tests.support.free_ports import find_free_port
from tests.support.postgres_server import PostgresServer
from tests.support.tls import make_certificates, tls_before_postgres

SECRET = "hunter2"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@h.compute.amazonaws.com:5432/d", "postgresql://u:p@h.compute.amazonaws.com:5432/d"),
        ("postgresql://u:p@ep-x.neon.tech/d?sslmode=require&channel_binding=require",
         "postgresql://u:p@ep-x.neon.tech/d?sslmode=require"),
        ("postgresql://postgres.ref:p@aws-0-eu.pooler.supabase.com:5432/postgres",
         "postgresql://postgres.ref:p@aws-0-eu.pooler.supabase.com:5432/postgres"),
        ("postgres://u:p@x.flycast:5432/d?sslmode=disable", "postgresql://u:p@x.flycast:5432/d?sslmode=disable"),
        ("postgresql://u:p@[fdaa::3]:5432/d", "postgresql://u:p@[fdaa::3]:5432/d"),
        ("postgresql://u:p@h/d?ssl=true", "postgresql://u:p@h/d?sslmode=require"),
        ("postgresql://u:p@h/d?sslmode=no-verify", "postgresql://u:p@h/d?sslmode=require"),
        ("postgresql://u:p@h/d?connect_timeout=10", "postgresql://u:p@h/d"),
        ("postgresql://u:a@b:c@h/d", "postgresql://u:a%40b%3Ac@h/d"),
        ("postgresql://u:a%40b@h/d", "postgresql://u:a%40b@h/d"),
        ("postgresql://u@h,h2:5433/d?target_session_attrs=read-write",
         "postgresql://u@h,h2:5433/d?target_session_attrs=read-write"),
        ("postgresql:///d?host=/run/postgresql", "postgresql:///d?host=%2Frun%2Fpostgresql"),
        ("postgresql://u:p@h/d?options=-c%20work_mem%3D8MB", "postgresql://u:p@h/d?options=-c%20work_mem%3D8MB"),
    ],
)  # fmt: skip
def test_address_from_a_dashboard_is_accepted(given: str, used: str) -> None:
    assert read_address(given).connecting()["dsn"] == used


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (f"postgresql://u:{SECRET}/x@h/d", "write these characters of the password"),
        (f"postgresql://u:{SECRET}#x@h/d", "write these characters of the password"),
        (f"postgresql://u:{SECRET}?x@h/d", "write these characters of the password"),
        (f"postgresql://u:{SECRET}@h:99999/d", "cannot be read"),
        (f"postgresql://u:{SECRET}@h/d?sslmode=always", "sslmode must be one of disable, allow"),
        (f"postgresql://u:{SECRET}@h/d?pgbouncer=true&connection_limit=1", "“pgbouncer=true” names a"),
        (f"postgresql://u:{SECRET}@h/d?sslmode=verify-full&sslrootcert=/no/such.pem", "the file of sslrootcert"),
    ],
)  # fmt: skip
async def test_address_that_cannot_work_is_refused(given: str, told: str) -> None:
    with pytest.raises(UnsupportedDatabaseError) as refused:
        await open_database(given)
    assert told in str(refused.value)
    assert SECRET not in str(refused.value)
    assert "\n" not in str(refused.value)


def test_programs_get_no_password_on_their_command_line() -> None:
    address = read_address(f"postgres://u:{SECRET}@h/d?sslmode=require&channel_binding=require&search_path=x")
    assert address.for_programs() == ("postgresql://u@h/d?sslmode=require&channel_binding=require", SECRET)
    assert read_address(f"postgres://u@h/d?password={SECRET}").for_programs() == ("postgresql://u@h/d", SECRET)
    assert read_address("postgres://u:a%40b@h/d").for_programs() == ("postgresql://u@h/d", "a@b")


def test_address_with_a_passphrase_is_refused_for_programs() -> None:
    """A program would have to get it on its command line, which everybody on the machine can read."""
    with pytest.raises(UnsupportedDatabaseError) as refused:
        read_address(f"postgres://u@h/d?sslkey=k&sslpassword={SECRET}").for_programs()
    assert "sslpassword" in str(refused.value)
    assert SECRET not in str(refused.value)


# A server that refuses


@asynccontextmanager
async def refusing_server(code: str, message: str) -> AsyncIterator[str]:
    """A server that answers every connection with this error, as the poolers of hosting providers do."""
    fields = b"".join(name + value.encode() + b"\0" for name, value in ((b"S", "FATAL"), (b"C", code), (b"M", message)))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            length = struct.unpack("!I", await reader.readexactly(4))[0]
            if (await reader.readexactly(length - 4))[:4] != b"\x04\xd2\x16\x2f":
                break
            writer.write(b"N")  # no TLS
        writer.write(b"E" + struct.pack("!I", len(fields) + 5) + fields + b"\0")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"postgresql://u:{SECRET}@127.0.0.1:{server.sockets[0].getsockname()[1]}/d"
    finally:
        await stop_accepting(server)


@pytest.mark.parametrize(
    ("code", "message", "told"),
    [
        ("XX000", "Tenant or user not found", "the database refuses the connection (it says: Tenant or user not found"),
        ("53300", "remaining connection slots are reserved", "has no free connection (it says: remaining connection"),
        ("57P03", "the database system is starting up", "is starting or going down (it says: the database system is"),
        ("28P01", 'password authentication failed for user "u"', "does not let us in (it says: password"),
        ("3D000", 'database "d" does not exist', 'does not exist (it says: database "d" does not exist'),
    ],
)
async def test_error_quotes_the_refusal_of_the_server(code: str, message: str, told: str) -> None:
    async with refusing_server(code, message) as url:
        with pytest.raises(DatabaseUnavailableError) as refused:
            await open_database(url)
    assert told in str(refused.value)
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("message", ["unsupported startup parameter: x", "unsupported startup parameter in options: x"])
async def test_error_names_a_pooler_that_refuses_the_settings(message: str) -> None:
    async with refusing_server("08P01", message) as url:
        with pytest.raises(UnusableDatabaseError, match="connection pooler"):
            await open_database(url)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("postgresql://u@no-such-host.invalid/d", "nobody knows its host name"),
        ("postgresql://u@127.0.0.1:{port}/d", "nothing answers at its host and port"),
        ("postgresql://u@localhost:{port}/d", "nothing answers at its host and port"),
    ],
)
async def test_error_explains_an_unreachable_server(address: str, told: str) -> None:
    with pytest.raises(DatabaseUnavailableError, match=told):
        await open_database(address.format(port=find_free_port()))


# The real server


@on_postgres
@pytest.mark.parametrize("more", ["channel_binding=prefer", "ssl=false", "connect_timeout=5", "work_mem=8MB"])
async def test_server_accepts_the_parameter(url: str, more: str) -> None:
    database = await open_database(f"{url}?{more}")
    await database.close()


@on_postgres
@pytest.mark.parametrize("name", ["connection_limit", "pool_timeout", "schema"])
async def test_error_names_a_parameter_of_another_client(url: str, name: str) -> None:
    with pytest.raises(UnsupportedDatabaseError, match=f"leave out “{name}”"):
        await open_database(f"{url}?{name}=1")


@on_postgres
async def test_error_explains_missing_rights(
    url: str, server: PostgresServer, bystander: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    with server.fresh_database() as empty:
        await bystander.execute("DROP ROLE IF EXISTS guest")
        await bystander.execute("CREATE ROLE guest LOGIN CONNECTION LIMIT 3")
        try:
            with pytest.raises(DatabaseUnavailableError) as refused:
                await open_database(empty.replace("chatbot@", "guest@"))
        finally:
            await bystander.execute("DROP ROLE guest")
    assert "ALTER DATABASE" in str(refused.value)
    assert "OWNER TO" in str(refused.value)


@on_postgres
async def test_certificate_is_checked_against_the_file_of_its_ca(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificates = make_certificates(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    parts = urlsplit(url)
    assert parts.port
    async with tls_before_postgres(parts.port, certificates) as port:
        secure = url.replace(f"127.0.0.1:{parts.port}", f"localhost:{port}")
        for query in (f"sslmode=verify-full&sslrootcert={certificates.ca}", "sslmode=require", "ssl=true"):
            await (await open_database(f"{secure}?{query}")).close()
        for query in ("sslmode=verify-full", "sslmode=verify-full&sslrootcert=system", "sslmode=verify-ca"):
            with pytest.raises(DatabaseUnavailableError, match="not trusted here: name the file of its CA"):
                await open_database(f"{secure}?{query}")


@on_postgres
async def test_error_says_that_the_server_has_no_tls(url: str) -> None:
    with pytest.raises(DatabaseUnavailableError, match="it has no TLS: leave out sslmode"):
        await open_database(f"{url}?sslmode=require")
