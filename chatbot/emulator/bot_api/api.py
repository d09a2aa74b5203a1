"""The Bot API: runs a method by name, subject to rates and faults."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from chatbot.emulator.bot_api import editing, inline, pinning, profile, sending
from chatbot.emulator.bot_api.call import Call, Upload
from chatbot.emulator.bot_api.refusal import RefusalError
from chatbot.emulator.updates.polling import WEBHOOK_IS_SET, WEBHOOK_WAS_SET, Polling
from chatbot.emulator.updates.webhooks import Webhooks
from chatbot.emulator.wire import Json
from chatbot.emulator.world.deliveries import Deliveries
from chatbot.emulator.world.faults import Fault, Faults
from chatbot.emulator.world.rates import Rates
from chatbot.emulator.world.world import World

OnRequest = Callable[[str, Json], None]
OnAnswer = Callable[[str, Any], None]

log = logging.getLogger(__name__)

AT_ONCE: dict[str, Callable[[Call], Any]] = {
    **sending.METHODS,
    **editing.METHODS,
    **pinning.METHODS,
    **profile.METHODS,
    **inline.METHODS,
}
LIMITED = set(sending.METHODS) - {"sendchataction"}
DELIVERING = LIMITED | {"editmessagetext", "editmessagecaption", "editmessagereplymarkup"}


class DisconnectedError(Exception):
    """A fault cuts the connection instead of sending an answer."""


class Api:
    """The methods that the bot can call. `on_request` sees every call, and `on_answer` every result.

    `failures` has the errors of these two, and bugs of the emulator.
    """

    def __init__(self, world: World, *, keep_deliveries: int | None, webhook_pause: float) -> None:
        self.world = world
        self.faults = Faults()
        self.rates: Rates | None = None
        self.deliveries = Deliveries(keep_deliveries)
        self.calls: Counter[str] = Counter()
        self.polling = Polling(world.updates)
        self.webhooks = Webhooks(world.updates, self._perform_reply, pause=webhook_pause)
        self.on_request: OnRequest | None = None
        self.on_answer: OnAnswer | None = None
        self.failures: list[Exception] = []
        self._waiting: dict[str, Callable[[Call], Awaitable[Any]]] = {
            "getupdates": self._get_updates,
            "setwebhook": self._set_webhook,
            "deletewebhook": self.webhooks.delete,
        }

    async def perform(
        self, method: str, params: Json, uploads: dict[str, Upload] | None = None, update_id: int | None = None
    ) -> Any:
        """Run a method and return its result. Raises `RefusalError` or `DisconnectedError`."""
        name = method.lower()
        self.calls[name] += 1
        if self.on_request:
            self.on_request(method, _with_uploads(params, uploads or {}))
        call = Call(self.world, name, params, uploads)
        struck: list[Fault] = []
        if self.faults.active:
            struck = self.faults.striking(name, call.number("chat_id", 0, -(1 << 62), 1 << 62))
            await _strike(struck, delivered=False)
        result = await self._carry_out(call, update_id)
        if struck:
            await _strike(struck, delivered=True)
        if self.on_answer:
            self.on_answer(method, result)
        return result

    async def _carry_out(self, call: Call, update_id: int | None) -> Any:
        act = AT_ONCE.get(call.method)
        if act is None:
            return await self._carry_out_rarely(call)
        now = self.world.clock()
        if self.rates and call.method in LIMITED:
            clock = self.rates.clock
            number = call.number("chat_id", 0, -(1 << 62), 1 << 62)
            self.rates.spend(number, clock() if clock else now, paid=call.flag("allow_paid_broadcast"))
        result = act(call)
        if call.method in DELIVERING and isinstance(result, dict):
            chat_id = result["chat"]["id"] if "chat" in result else call.chat().id
            self.deliveries.note(call.method, result, chat_id, now, update_id)
        return result

    async def _carry_out_rarely(self, call: Call) -> Any:
        if wait := self._waiting.get(call.method):
            return await wait(call)
        if call.method == "getwebhookinfo":
            return self.webhooks.describe(call)
        if call.method in ("logout", "close"):
            return True
        log.warning("the bot called %s, which the emulator does not know", call.method[:64])
        raise RefusalError(404, "Not Found: method not found")

    async def _get_updates(self, call: Call) -> list[Json]:
        if self.webhooks.address.url:
            raise RefusalError(409, WEBHOOK_IS_SET)
        return await self.polling.get_updates(call)

    async def _set_webhook(self, call: Call) -> bool:
        if call.text("url"):
            self.polling.interrupt(RefusalError(409, WEBHOOK_WAS_SET))
        return await self.webhooks.set(call)

    async def _perform_reply(self, method: str, params: Json, update_id: int) -> None:
        """Run a method that came in the answer to an update, and drop its result."""
        try:
            await self.perform(method, params, None, update_id)
        except RefusalError as refusal:
            log.warning("%s in an answer to an update was refused: %s", method[:64], refusal.code)
        except DisconnectedError:
            pass
        except Exception as error:
            self.failures.append(error)
            log.exception("%s in an answer to an update failed", method[:64])


def _with_uploads(params: Json, uploads: dict[str, Upload]) -> Json:
    """Return the parameters, with attach://name for each file uploaded under a parameter's name."""
    referred = {value for value in params.values() if isinstance(value, str) and value.startswith("attach://")}
    shown = {name: f"attach://{name}" for name in uploads if f"attach://{name}" not in referred}
    return {**params, **shown}


async def _strike(struck: list[Fault], *, delivered: bool) -> None:
    """Apply the faults before or after the call, slowness first."""
    mine = [fault for fault in struck if fault.delivered == delivered]
    for fault in mine:
        if fault.what == "slow":
            await asyncio.sleep(fault.seconds)
    for fault in mine:
        if fault.what == "disconnect":
            raise DisconnectedError
        if fault.refusal:
            raise RefusalError(fault.refusal.code, fault.refusal.description, **fault.refusal.parameters)
