"""The human check at the desk: an organizer switches it off, on, or lets it switch itself."""

from dataclasses import replace

from markupsafe import Markup

from chatbot.conversation.noting import note, tell_others
from chatbot.conversation.roster import own_name
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.human_check import RATES, read_mode
from chatbot.screens import human_check as screens
from chatbot.storage import course as courses
from chatbot.storage import human_check, team


async def press(turn: Turn, argument: str) -> Reply:
    """Show how it is switched, or switch it: `<mode>:<rate>:<revision>`."""
    named, _, rest = argument.partition(":")
    rate, _, revision = rest.partition(":")
    mode, rates = read_mode(named), {str(each): each for each in (*RATES, turn.course.human.rate)}
    if mode is None or rate not in rates or not (revision.isascii() and revision.isdigit() and len(revision) < 10):
        return await _show(turn)
    before = turn.course.human
    if (before.mode, before.rate) == (mode, rates[rate]):
        return await _show(turn)  # as they want it
    if not await human_check.switch(turn.tx, int(revision), mode, rates[rate], turn.person.id):
        standing = await courses.find(turn.tx)
        names = await team.find_names(turn.tx)
        return await _show(turn, screens.was_first(turn._, names.get(standing.human.changed_by or 0, "")))
    await note(
        turn,
        "course.human",
        mode_before=before.mode,
        mode_after=mode,
        rate_before=before.rate,
        rate_after=rates[rate],
    )
    await tell_others(turn, "human_check", {"mode": mode, "rate": rates[rate], "by": await own_name(turn)})
    return await _show(turn)


async def _show(turn: Turn, hint: Markup | None = None) -> Reply:
    now = replace(turn, course=await courses.find(turn.tx))
    check = now.course.human
    return Reply.staying(now, screens.show(now._, check, asks=check.asks(now.now), hint=hint))
