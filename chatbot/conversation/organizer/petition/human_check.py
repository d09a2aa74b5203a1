"""The human check: organizers switch it off, on, or to automatic."""

from dataclasses import replace

from markupsafe import Markup

from chatbot.conversation.audit import note, tell_others
from chatbot.conversation.organizer.team.roster import find_name
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.signing.human_check import RATES, read_mode
from chatbot.screens.callbacks import read_number, split
from chatbot.screens.organizer.petition import human_check as screens
from chatbot.storage.organizer import human_check, team
from chatbot.storage.organizer import petition_status as statuses


async def press(turn: Turn, argument: str) -> Reply:
    """Show its mode, or switch it: `<mode>:<rate>:<revision>`."""
    named, rate, written = split(argument, 3)
    revision = read_number(written)
    mode, rates = read_mode(named), {str(each): each for each in (*RATES, turn.status.human.rate)}
    if mode is None or rate not in rates or written != str(revision):
        return await _show(turn)
    before = turn.status.human
    if (before.mode, before.rate) == (mode, rates[rate]):
        return await _show(turn)  # it is so already
    if not await human_check.switch(turn.tx, revision, mode, rates[rate], turn.person.id):
        status = await statuses.find(turn.tx)
        names = await team.find_names(turn.tx)
        return await _show(turn, screens.was_first(turn._, names.get(status.human.changed_by or 0, "")))
    await note(
        turn,
        "course.human",
        mode_before=before.mode,
        mode_after=mode,
        rate_before=before.rate,
        rate_after=rates[rate],
    )
    await tell_others(turn, "human_check", {"mode": mode, "rate": rates[rate], "by": await find_name(turn)})
    return await _show(turn)


async def _show(turn: Turn, hint: Markup | None = None) -> Reply:
    now = replace(turn, status=await statuses.find(turn.tx))
    check = now.status.human
    return Reply.staying(now, screens.show(now._, check, asks=check.asks(now.now), hint=hint))
