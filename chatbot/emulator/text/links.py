"""The URLs that Telegram accepts in a link or a button, and its errors for others."""

import re

SCHEME = re.compile(r"([^:/?#@\[\]]*)://")
HOST = re.compile(r"(?:[A-Za-z0-9.\-_!$,~*'();&+=]|%[0-9A-Fa-f]{2}|[^\x00-\x7f])+")
PORT = re.compile(r":0*(\d{1,5})$")
PERSON_LINK = re.compile(r"tg:(?://)?user/?\?(?:[^#]*&)?id=(\d+)", re.IGNORECASE)


def person_in(url: str) -> int | None:
    """Return the person id of a `tg://user?id=…` link, which Telegram turns into a mention; None for other links."""
    found = PERSON_LINK.match(url)
    return int(found[1]) if found else None


def check(url: str) -> str:
    """Return the URL as Telegram stores it (lower-case host, a slash after it). Raises `ValueError` with the reason."""
    scheme, rest = _scheme(url)
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    tail = rest[len(authority) :].rstrip()
    host, port = _host(authority)
    if scheme in ("tg", "ton"):
        return f"{scheme}://{host}{tail}"
    if "." not in host and not host.startswith("["):
        raise ValueError("Wrong HTTP URL")
    if not tail.startswith("/"):
        tail = "/" + tail
    tail = re.sub(r"[\x00-\x20]", lambda found: f"%{ord(found[0]):02X}", tail)
    return f"{scheme}://{host}{port}{tail}"


def _scheme(url: str) -> tuple[str, str]:
    """Split off the scheme; http is the default."""
    inner = re.match(r"(tg|ton):(?://)?", url, re.IGNORECASE)
    if inner:
        return inner[1].lower(), url[inner.end() :]
    named = SCHEME.match(url)
    if not named:
        return "http", url
    scheme = named[1].lower()
    if scheme not in ("http", "https"):
        raise ValueError("Unsupported URL protocol")
    return scheme, url[named.end() :]


def _host(authority: str) -> tuple[str, str]:
    """Return the host in lower case and `:port` (empty if none); the part before an @ is not checked."""
    port = PORT.search(authority)
    if port:
        if not 0 < int(port[1]) <= 65535:
            raise ValueError("Wrong port number specified in the URL")
        authority = authority[: port.start()]
    host = authority.rpartition("@")[2].lower()
    if not host:
        raise ValueError("URL host is empty")
    if host == ".":
        raise ValueError("Host is invalid")
    if not host.startswith("[") and not HOST.fullmatch(host):
        raise ValueError("Disallowed character in URL host")
    return host, f":{int(port[1])}" if port else ""
