"""Drawing a picture somebody of the team asked for, and sending it to their chat."""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from chatbot.errands.office import Office
from chatbot.petition.errand import Errand
from chatbot.petition.picture import Picture
from chatbot.petition.span import divide, find_beginning
from chatbot.petition.team import who_reach
from chatbot.screens import picturing
from chatbot.storage import Transaction, counters, history, keepsakes, signatures, team


class NotDrawn(Exception):  # noqa: N818 - it says what happened
    """The process that was to draw a picture failed; what it wrote to its errors says why."""


async def draw(errand: Errand, office: Office) -> None:
    """Draw it, send it, and keep Telegram's id of it for whoever asks next."""
    assert errand.for_id is not None  # pictures are drawn for somebody
    chat, picture, now = errand.for_id, Picture.from_details(errand.details), office.clock()
    _ = office.translators[picture.language]

    async def read(tx: Transaction) -> tuple[dict[str, Any], str] | None:
        if chat not in {member.id for member in who_reach(await team.find_members(tx, office.organizers), "viewer")}:
            return None
        total = await signatures.count(tx)
        stamp = picture.stamp(total, now)
        if picture.view == "ranks":
            since = find_beginning(picture.span, now, _.zone)
            counts = await history.read_rounded_growth(tx, counters.SIGNATURES, since)
            grown = await history.read_increase(tx, counters.SIGNATURES, since)
            return picturing.ranks(_, office.campaign, picture.language, picture.span, now, counts, grown), stamp
        first = await history.find_first(tx, counters.SIGNATURES) or now
        boundaries = divide(picture.span, now, _.zone, first)
        totals = [await history.read_at(tx, counters.SIGNATURES, at) for at in boundaries if at < now]
        return picturing.growth(_, office.campaign, picture.span, now, boundaries, [*totals, total]), stamp

    found = await office.database.transact(read)
    if found is None:
        return
    described, stamp = found
    async with office.folder.open() as folder:
        path = folder / "picture.png"
        await _draw(described | {"path": str(path)})
        caption = picturing.caption(_, picture.view, picture.span)
        file_id = await office.courier.send_file(chat, path, path.name, caption, "photo")
    if file_id is not None:
        await office.database.transact(lambda tx: keepsakes.replace(tx, picture.name, f"{stamp} {file_id}"))


async def _draw(described: dict[str, Any]) -> None:
    """Draw in a process of its own, which ends with this call, however it ends."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "chatbot.documents.drawing"), stdin=asyncio.subprocess.PIPE
    )
    try:
        await process.communicate(orjson.dumps(described) + b"\n")
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode != 0 or not await asyncio.to_thread(Path(described["path"]).exists):
        raise NotDrawn(f"exit code {process.returncode}")
