"""Sends the files of the public page to anybody, from memory and within bounds."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from aiohttp import web

from chatbot.site.files import SiteFile
from chatbot.transport.incoming.connections import Connection

FindFile = Callable[[str, str, str], SiteFile | None]
"""Returns the file at a path, in the named language or one of Accept-Language; see `Site.find`."""

AT_ONCE: Final = 100
"""Files on their way at most: the rest of each stays in memory until its reader has taken it."""
SENDING: Final = 10.0
"""Seconds in which a reader must take a file."""
_RETRY_AFTER: Final = 5


class PublicFiles:
    """Answers requests for the files that `find` returns."""

    def __init__(self, find: FindFile) -> None:
        self._find = find
        self._under_way = 0

    def find(self, request: web.BaseRequest) -> SiteFile | None:
        """Return the file that is asked for; None if there is none."""
        language = request.rel_url.query.get("lang", "") if request.path == "/" else ""
        return self._find(request.path, language, request.headers.get("Accept-Language", ""))

    async def send(self, request: web.BaseRequest, file: SiteFile, *, close: bool) -> web.Response:
        """Send a file, or say that it has not changed. A reader who takes it too slowly is cut off."""
        if _has(request, file):
            headers = {name: value for name, value in file.headers.items() if name != "Content-Type"}
            response = web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        elif self._under_way >= AT_ONCE:
            response = web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": str(_RETRY_AFTER)})
        else:
            response = web.Response(body=file.body, headers=file.headers)
        if close:
            response.force_close()
        self._under_way += 1
        try:
            async with asyncio.timeout(SENDING):
                await response.prepare(request)
                await response.write_eof()
        except TimeoutError:
            assert isinstance(request.protocol, Connection)
            request.protocol.abort()
        finally:
            self._under_way -= 1
        return response


def _has(request: web.BaseRequest, file: SiteFile) -> bool:
    """Whether the reader has these bytes already."""
    known = (each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(","))
    return any(each in (file.etag, "*") for each in known)
