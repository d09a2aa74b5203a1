"""The address of a PostgreSQL server as dashboards of hosts give it, made fit for asyncpg and for `pg_dump`.

Hosts add parameters for other clients, and put passwords into it as they are. What can be taken is taken; the server
itself refuses the rest by name. Messages never repeat the address, which may hold a password.
"""

import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlencode

from chatbot.problem import Problem
from chatbot.storage.engine.database import UnsupportedDatabaseError

_PARTS: Final = re.compile(
    r"postgres(?:ql)?://(?P<authority>[^/?#]*)(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?(?P<rest>#.*)?", re.DOTALL
)
UNREADABLE: Final = Problem(
    "the address of the PostgreSQL server cannot be read; write these characters of the password as % and two digits: "
    "@ %40, : %3A, / %2F, ? %3F, # %23"
)
_LIBPQ_ONLY: Final = (
    "channel_binding", "connect_timeout", "fallback_application_name", "gssencmode", "keepalives", "keepalives_count",
    "keepalives_idle", "keepalives_interval", "load_balance_hosts", "require_auth", "sslcompression", "sslsni",
    "tcp_user_timeout", "uselibpqcompat",
)  # fmt: skip
"""Parameters of PostgreSQL's own clients, of which asyncpg knows nothing: they pick no other database."""
_BOTH: Final = (
    "host", "port", "dbname", "user", "password", "passfile", "service", "options", "sslmode", "sslcert", "sslkey",
    "sslrootcert", "sslcrl", "sslpassword", "sslnegotiation", "target_session_attrs", "krbsrvname", "gsslib",
    "ssl_min_protocol_version", "ssl_max_protocol_version",
)  # fmt: skip
_TLS: Final = {"true": "require", "1": "require", "false": "disable", "0": "disable"}
"""Values of `ssl`, as clients of other languages write it. They mean what `sslmode` means."""
_MODES: Final = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_VERIFYING: Final = ("verify-ca", "verify-full")
_BUNDLES: Final = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
"""Where systems keep the certificates they trust."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """How to reach a database on a server."""

    authority: str
    path: str
    query: tuple[tuple[str, str], ...]

    def connecting(self) -> dict[str, Any]:
        """Return the arguments of `asyncpg.connect` and `create_pool`. Raises `UnsupportedDatabaseError`."""
        query = [(name, value) for name, value in self.query if name not in _LIBPQ_ONLY]
        if not self._trusts_the_system():
            return {"dsn": self._write(query)}
        context = _make_context(check_hostname=dict(query)["sslmode"] == "verify-full")
        return {"dsn": self._write([each for each in query if each[0] != "sslrootcert"]), "ssl": context}

    def for_programs(self) -> tuple[str, str | None]:
        """Return the address for PostgreSQL's programs, and the password separately.

        Every user of the machine sees the address in the list of processes. Raises `UnsupportedDatabaseError` for the
        one secret that these programs take nowhere else.
        """
        if "sslpassword" in dict(self.query):
            raise UnsupportedDatabaseError(
                Problem(
                    "PostgreSQL's programs would show sslpassword in the list of processes; name a key without a "
                    "passphrase in sslkey, which only the bot's user can read"
                )
            )
        query = [(name, value) for name, value in self.query if name in (*_LIBPQ_ONLY, *_BOTH)]
        if self._trusts_the_system() and (bundle := next(filter(_is_file, _BUNDLES), None)):
            query = [*((name, value) for name, value in query if name != "sslrootcert"), ("sslrootcert", bundle)]
        password = dict(query).get("password")
        query = [each for each in query if each[0] not in ("password", "uselibpqcompat")]
        user, has_user, host = self.authority.rpartition("@")
        name, has_password, in_authority = user.partition(":")
        if has_password:
            password = unquote(in_authority)
        authority = f"{name}{has_user}{host}"
        return ServerAddress(authority, self.path, ())._write(query), password

    def _trusts_the_system(self) -> bool:
        """Whether the server's certificate is to be checked without naming a certificate authority."""
        given = dict(self.query)
        own = Path("~/.postgresql/root.crt")
        return given.get("sslmode") in _VERIFYING and (
            given.get("sslrootcert") == "system" or ("sslrootcert" not in given and not _is_file(own.expanduser()))
        )

    def _write(self, query: list[tuple[str, str]]) -> str:
        written = f"?{urlencode(query, quote_via=quote)}" if query else ""
        return f"postgresql://{self.authority}{self.path}{written}"


def read_address(url: str) -> ServerAddress:
    """Read an address. Raises `UnsupportedDatabaseError` if it can mean nothing."""
    parts = _PARTS.fullmatch(url)
    if parts is None or parts["rest"] or ("@" in (parts["path"] or "") and "@" not in parts["authority"]):
        raise UnsupportedDatabaseError(UNREADABLE)
    user, has_user, host = parts["authority"].rpartition("@")
    _refuse_odd_port(host)
    name, has_password, password = user.partition(":")
    # Encoded anew: a password that a dashboard shows as it is may contain an @.
    authority = f"{quote(unquote(name), safe='')}{has_password}{quote(unquote(password), safe='')}{has_user}{host}"
    return ServerAddress(authority, parts["path"] or "", tuple(_read_query(parts["query"] or "")))


def _refuse_odd_port(hosts: str) -> None:
    for host in hosts.split(","):
        port = re.fullmatch(r"(?:\[[^\]]*\]|[^:]*)(?::([0-9]*))?", host)
        if port is None or int(port[1] or 0) > 65_535:
            raise UnsupportedDatabaseError(UNREADABLE)


def _read_query(text: str) -> list[tuple[str, str]]:
    query = []
    for name, value in parse_qsl(text):
        if name == "ssl" or (name == "sslmode" and value == "no-verify"):
            name, value = "sslmode", _TLS.get(value.lower(), "require" if value == "no-verify" else value)
        if name == "sslmode" and value not in _MODES:
            raise UnsupportedDatabaseError(Problem("sslmode must be one of {known}", known=", ".join(_MODES)))
        if name == "pgbouncer" and value.lower() == "true":
            problem = Problem(
                "“pgbouncer=true” names a connection pooler in transaction mode, which keeps no locks; "
                "give the server's own address, without it"
            )
            raise UnsupportedDatabaseError(problem)
        if name == "sslrootcert" and value != "system" and not _is_file(Path(value)):
            raise UnsupportedDatabaseError(Problem("the file of sslrootcert cannot be read by this user"))
        query.append((name, value))
    return query


def _is_file(path: str | Path) -> bool:
    try:
        with Path(path).open("rb"):
            return True
    except OSError:
        return False


def _make_context(*, check_hostname: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = check_hostname
    return context
