"""The proxy that all calls to Telegram go through, if `TELEGRAM_PROXY` names one."""

from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

HTTP: Final = ("http://", "https://")
UNTRUSTED: Final = "certificate is not trusted"
_PASSWORD_WANTED: Final = 407


def make_connector(proxy: str | None, **options: Any) -> aiohttp.BaseConnector:
    """Make the connector of a session: only SOCKS needs one of its own."""
    if proxy is None or proxy.startswith(HTTP):
        return aiohttp.TCPConnector(**options)
    # Imported here: few bots need it.
    from aiohttp_socks import ProxyConnector

    # The proxy looks the host name up: where Telegram is blocked, its name often is as well.
    scheme, _, rest = proxy.partition("://")
    return ProxyConnector.from_url(f"{scheme.removesuffix('h')}://{rest}", rdns=True, **options)


def list_options(proxy: str | None) -> dict[str, Any]:
    """Return the options of a request, which name a proxy that speaks HTTP."""
    return {"proxy": proxy} if proxy is not None and proxy.startswith(HTTP) else {}


def explain(error: BaseException, proxy: str | None = None) -> str | None:
    """Say why the proxy did not connect to Telegram, so that nothing was sent; None if the error is another one."""
    if isinstance(error, aiohttp.ClientSSLError) and _is_at(error, proxy):
        is_untrusted = isinstance(error, aiohttp.ClientConnectorCertificateError)
        return f"TELEGRAM_PROXY: its {UNTRUSTED}" if is_untrusted else "TELEGRAM_PROXY: it does not speak https"
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return explain_status(error.status)
    is_of_socks = type(error).__module__.startswith(("python_socks", "aiohttp_socks"))
    is_unreachable = is_of_socks and type(error).__name__ in ("ProxyConnectionError", "ProxyTimeoutError")
    if isinstance(error, aiohttp.ClientProxyConnectionError) or is_unreachable:
        return "TELEGRAM_PROXY: it cannot be reached"
    return f"TELEGRAM_PROXY: it refuses ({' '.join(str(error).split())[:80]})" if is_of_socks else None


def _is_at(error: aiohttp.ClientConnectorError, proxy: str | None) -> bool:
    parts = urlsplit(proxy or "")
    return (error.host, error.port) == (parts.hostname, parts.port)


def is_of_proxy(told: str) -> bool:
    """Whether what `explain` or `explain_status` told is the message."""
    return told.startswith("TELEGRAM_PROXY: ")


def explain_status(status: int) -> str:
    """Say what an answer of the proxy itself means."""
    return (
        f"TELEGRAM_PROXY: it {'wants another name or password' if status == _PASSWORD_WANTED else f'answers {status}'}"
    )
