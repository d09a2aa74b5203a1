"""The approval threshold: how many recipients a broadcast may have without a second organizer's approval."""

from collections.abc import Mapping, Sequence
from typing import Final

from chatbot.conversation.audit import note, tell_others
from chatbot.conversation.organizer.team.roster import find_name
from chatbot.conversation.step_names import StepName
from chatbot.conversation.turn import Reply, Step, Turn
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.dates.parse_number import parse_number
from chatbot.petition.languages import Language
from chatbot.screens.callbacks import read_number, split
from chatbot.screens.organizer.team import approval_threshold as screens
from chatbot.screens.organizer.team import members as member_screens
from chatbot.storage.broadcasts import approvals, broadcasts
from chatbot.storage.organizer import team
from chatbot.storage.people import subscriptions


async def show_threshold(turn: Turn, _argument: str, notice: str | None = None) -> Reply:
    """Show the threshold and offer the usual numbers."""
    threshold = await team.find_threshold(turn.tx)
    subscribers, unapproved = await subscriptions.count(turn.tx), await _list_unapproved(turn, threshold)
    screen = screens.choose_threshold(turn._, threshold, subscribers, unapproved)
    if turn.step in STEPS:
        return Reply(screen, None, turn.draft, notice)
    return Reply.staying(turn, screen, notice)


async def ask_number(turn: Turn, _argument: str = "") -> Reply:
    """Ask for another number."""
    return Reply(screens.ask_number(turn._), "threshold", turn.draft)


async def hear_number(turn: Turn, text: str) -> Reply:
    """Take a typed number."""
    people = read_people(text, turn.languages)
    if people is None:
        return Reply(screens.ask_number(turn._, screens.not_a_number(turn._, text)), "threshold", turn.draft)
    before = await team.find_threshold(turn.tx)
    screen = screens.confirm_number(turn._, people, before, await _list_unapproved(turn, people))
    return Reply(screen, "threshold", turn.draft)


async def _list_unapproved(turn: Turn, threshold: int | None) -> list[Broadcast]:
    """List the scheduled broadcasts that need approval above this number, and that nobody was asked to approve."""
    if threshold is None:
        return []
    found = []
    for each in await broadcasts.list_scheduled(turn.tx):
        people = await approvals.count_readers(turn.tx, each, turn.campaign)
        alone = await approvals.count_alone(turn.tx, each, people, each.organizer_id, turn.now)
        if alone > threshold and await approvals.find(turn.tx, each) is None:
            found.append(each)
    return found


async def set_threshold(turn: Turn, argument: str) -> Reply:
    """Set the threshold of the button (0: none), unless it was changed since the button was shown."""
    was, now = split(argument, 2)
    before = read_number(was) or None
    after = min(read_number(now), screens.MOST) or None
    if after == await team.find_threshold(turn.tx):
        return await show_threshold(turn, "")
    if not await team.set_threshold(turn.tx, after, before):
        return await show_threshold(turn, "", member_screens.somebody_was_first(turn._))
    scheduled = len(await _list_unapproved(turn, after))
    await tell_others(turn, "threshold", {"by": await find_name(turn), "after": after, "scheduled": scheduled})
    await note(turn, "team.threshold", before=before, after=after)
    return await show_threshold(turn, "")


def read_people(text: str, languages: Sequence[Language]) -> int | None:
    """Read a typed number of people; None if it is not a number, or is too large."""
    people = parse_number(text, languages)
    return people if people is not None and 1 <= people <= screens.MOST else None


STEPS: Final[Mapping[StepName, Step]] = {
    "threshold": Step(hear_number, ask_number, show_threshold, ("idle",), needs="owner")
}
