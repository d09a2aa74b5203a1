"""Checks the addresses at which Telegram reaches the bot, and people its page."""

import re
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from chatbot.problem import InvalidValueError, Problem

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_WEBHOOK_PORTS: Final = (443, 80, 88, 8443)
"""https://core.telegram.org/bots/webhooks"""
_TAKEN_PATHS: Final = ("/healthz", "/readyz", "/metrics")


def check_webhook_address(url: str, *, own_server: bool) -> None:
    """Refuse an address that Telegram refuses or cannot reach. A Bot API server of one's own accepts any port."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
        fits = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
        fits = fits and bool(host) and not (parts.query or parts.fragment or parts.username or parts.password)
        fits = fits and not re.search(r"[\s\x00-\x1f\x7f]", url)
    except ValueError:
        fits = False
    if not fits:
        raise InvalidValueError(Problem("must look like https://petition.example.org/telegram"))
    if parts.path in _TAKEN_PATHS:
        problem = Problem(
            "{path} is taken; choose another path, as in https://petition.example.org/telegram", path=parts.path
        )
        raise InvalidValueError(problem)
    if own_server or parts.scheme == "http":
        return
    if port not in _WEBHOOK_PORTS:
        raise InvalidValueError(Problem("Telegram reaches only the ports 443, 80, 88 and 8443"))
    if not _is_public(host):
        raise InvalidValueError(Problem("must name a machine that Telegram can reach from the internet"))


def _is_public(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:  # a name; one without a dot is known only in the local network
        return "." in host.strip(".") and not host.rstrip(".").endswith((".localhost", ".local", ".internal"))


def read_page_address(url: str) -> str:
    """Return the address of the public page with a slash at its end. Refuses what is no address."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        fits = fits and not (parts.query or parts.fragment or parts.username or parts.password)
    except ValueError:
        fits = False
    if not fits or not url.isprintable() or " " in url:
        raise InvalidValueError(Problem("must look like https://petition.example.org/"))
    return url.rstrip("/") + "/"


def find_root(url: str) -> str:
    """Return the address of the server, without the path."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"
