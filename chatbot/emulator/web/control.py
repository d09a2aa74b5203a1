"""The control API, with which the web page (or curl) plays people and switches faults on."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import orjson
from aiohttp import web

from chatbot.emulator.bot_api.api import Api
from chatbot.emulator.bot_api.profile import shown_to
from chatbot.emulator.bot_api.refusal import RefusalError
from chatbot.emulator.web.acts import Acts, ask_inline
from chatbot.emulator.web.place_acts import PlaceActs
from chatbot.emulator.wire import Json
from chatbot.emulator.world.faults import Fault
from chatbot.emulator.world.people import Chat, EmulatedPerson, Gathering

PAGE = Path(__file__).parent / "page"
HEARTBEAT = 15.0
"""Seconds between keep-alive comments on an event stream."""
CHAT = "/emulator/chats/"
LANGUAGES: Final[Mapping[str, str]] = {
    "ko": "한국어",
    "en": "English",
    "ja": "日本語",
    "zh-hans": "简体中文",
    "es": "Español",
    "fr": "Français",
    "ru": "Русский",
    "ar": "العربية",
}
"""A few of the languages that people can choose in Telegram: their tags and their own names."""
SHOWN = {"image/png", "image/jpeg", "image/gif", "image/webp", "video/mp4", "video/webm", "video/quicktime"}
"""File types that are served as such. Any other upload must not run as a page from this server."""


class NotFoundError(Exception):
    """There is nothing at this address."""


class Control:
    """Answers all requests outside the Bot API. `hosts` are the accepted Host headers."""

    def __init__(self, api: Api, hosts: set[str], languages: Mapping[str, str] = LANGUAGES) -> None:
        self.api = api
        self.languages = languages
        """The languages that the page offers for a new person."""
        self.world = api.world
        self.hosts = hosts
        self.heartbeat = HEARTBEAT
        self._acts = Acts(api.world)
        self._places = PlaceActs(api.world)

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request from the page or this machine. Refuses requests of other web pages."""
        if not self._trusted(request):
            return _json({"error": "only the emulator's own page may do this"}, 403)
        try:
            return await self._route(request)
        except NotFoundError:
            return _json({"error": "not found"}, 404)
        except KeyError:
            return _json({"error": "there is no such chat, query or field"}, 404)
        except RefusalError as refusal:
            return _json({"error": refusal.description}, 400)
        except (ValueError, TypeError) as error:
            return _json({"error": str(error)}, 400)

    def _trusted(self, request: web.BaseRequest) -> bool:
        """Whether Host is this machine (against DNS rebinding) and Origin is this server (against other pages)."""
        host = request.headers.get("Host", "")
        name = host.rsplit(":", 1)[0].strip("[]").lower()
        if name not in self.hosts:
            return False
        if request.method in ("GET", "HEAD"):
            return True
        origin = request.headers.get("Origin")
        site = request.headers.get("Sec-Fetch-Site", "none")
        return origin in (None, f"http://{host}") and site in ("none", "same-origin")

    async def _route(self, request: web.BaseRequest) -> web.StreamResponse:
        path, post = request.path, request.method == "POST"
        if path.startswith(CHAT):
            return await self._chat(request, path.removeprefix(CHAT), post=post)
        reads: dict[str, Callable[[], Any]] = {
            "/emulator/bot": lambda: {
                "username": self.world.bot.username, "first_name": self.world.menu.words_shown("name", None),
                "languages": self.languages,
            },
            "/emulator/people": lambda: [_shown(person) for person in self.world.people() if person.listed],
            "/emulator/places": self._places.list_places,
            "/emulator/deliveries": lambda: [delivery._asdict() for delivery in self.api.deliveries],
            "/emulator/faults": lambda: [_shown_fault(fault) for fault in self.api.faults.active],
        }  # fmt: skip
        if not post and path in reads:
            return _json(reads[path]())
        if post and path == "/emulator/people":
            return _json(_shown(self._add_person(await _body(request))), 201)
        if post and path == "/emulator/faults":
            return _json(self._set_faults(await _body(request)))
        if not post and path.startswith("/emulator/files/"):
            return self._file(request, path.rpartition("/")[2])
        if not post and (path == "/" or path.startswith("/page/")):
            return _page(path)
        raise NotFoundError

    async def _chat(self, request: web.BaseRequest, rest: str, *, post: bool) -> web.StreamResponse:
        number, _, act = rest.partition("/")
        chat = self.world.chats[int(number)]
        if isinstance(chat, Gathering):
            return await self._place(request, chat, act, post=post)
        person = chat
        if not post and not act:
            return _json(self._chat_with(person))
        if not post and act == "events":
            return await self._events(request, person)
        if post and act == "place":
            return _json(self._places.make(person, await _body(request)), 201)
        if post and act == "share":
            return _json(self._places.share(person, await _body(request)))
        if post and act == "file":
            return _json(self._acts.send_files(person, await request.post()))
        if post and act == "inline":
            return _json(await ask_inline(self.world, person, await _body(request)))
        if post and act in self._acts.by_name:
            return _json(self._acts.by_name[act](person, await _body(request)))
        raise NotFoundError

    async def _place(self, request: web.BaseRequest, place: Gathering, act: str, *, post: bool) -> web.StreamResponse:
        if not post and not act:
            return _json(self._places.show(place))
        if not post and act == "events":
            return await self._events(request, place)
        if post and act in self._places.by_name:
            return _json(self._places.by_name[act](place, await _body(request)) or {})
        raise NotFoundError

    def _chat_with(self, person: EmulatedPerson) -> Json:
        shown = shown_to(self.world, person)
        return shown | {
            "messages": self.world.said_in(person),
            "blocked": person.blocked,
            "started": person.started,
            "keyboard": person.keyboard or [],
        }

    def _add_person(self, said: Json) -> EmulatedPerson:
        names: Json = {name: said.get(name) or None for name in ("last_name", "language_code", "username")}
        return self.world.add_person(str(said.get("first_name") or ""), **names)

    def _set_faults(self, said: Json) -> list[Json]:
        """Add a fault, or remove all with {"clear": true}; return the active ones."""
        if said.pop("clear", False):
            self.api.faults.clear()
        if said:
            what = said.get("what")
            if what not in ("slow", "refuse", "disconnect"):
                raise ValueError("what must be slow, refuse or disconnect")
            if what == "refuse":
                code, description = int(said.pop("code", 500)), said.pop("description", None)
                parameters = {"retry_after": int(said.pop("retry_after", 1))} if code == 429 else {}
                said["refusal"] = RefusalError(
                    code, description or "Internal Server Error: Request aborted", **parameters
                )
            self.api.faults.add(Fault(**said))
        return [_shown_fault(fault) for fault in self.api.faults.active]

    def _file(self, request: web.BaseRequest, file_id: str) -> web.Response:
        """Return a file, or the requested range: some browsers play media only in ranges."""
        stored = self.world.files.find(file_id)
        if stored is None:
            raise NotFoundError
        mime = stored.mime if stored.mime in SHOWN else "application/octet-stream"
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=3600",
            "Accept-Ranges": "bytes",
        }
        whole = range(len(stored.content))
        part = whole[request.http_range]
        if len(part) in (0, len(whole)):
            return web.Response(body=stored.content, content_type=mime, headers=headers)
        headers["Content-Range"] = f"bytes {part[0]}-{part[-1]}/{len(whole)}"
        return web.Response(body=stored.content[request.http_range], status=206, content_type=mime, headers=headers)

    async def _events(self, request: web.BaseRequest, person: Chat) -> web.StreamResponse:
        """Stream the Server-Sent Events of one chat until the page closes or the emulator stops."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        # The page may close at any time, even before the first event.
        with self.world.watch(person) as watch, suppress(EOFError, ConnectionError):
            await response.prepare(request)
            await response.write(b": here\n\n")
            while request.transport and not request.transport.is_closing():
                try:
                    event = await watch.next(timeout=self.heartbeat)
                    await response.write(b"data: " + orjson.dumps(event) + b"\n\n")
                except TimeoutError:
                    await response.write(b": still here\n\n")
        return response


def _json(content: object, status: int = 200) -> web.Response:
    headers = {"Cache-Control": "no-store"}
    return web.Response(body=orjson.dumps(content), status=status, content_type="application/json", headers=headers)


async def _body(request: web.BaseRequest) -> Json:
    raw = await request.read()
    body = orjson.loads(raw) if raw else {}
    if not isinstance(body, dict):
        raise TypeError("a JSON object is expected")
    return body


def _page(path: str) -> web.StreamResponse:
    """Return the page or one of its files, never one outside its folder."""
    file = (PAGE / (path.removeprefix("/page/") if path != "/" else "index.html")).resolve()
    if not file.is_relative_to(PAGE) or not file.is_file():
        raise NotFoundError
    return web.FileResponse(file, headers={"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"})


def _shown(person: EmulatedPerson) -> Json:
    fields = ("id", "first_name", "last_name", "username", "language_code", "blocked", "role")
    return {name: getattr(person, name) for name in fields}


def _shown_fault(fault: Fault) -> Json:
    fields = ("what", "method", "person", "times", "probability", "delivered", "seconds", "hits")
    shown: Json = {name: getattr(fault, name) for name in fields}
    if fault.refusal:
        shown |= {"code": fault.refusal.code, "description": fault.refusal.description}
    return shown
