"""Review of signatures: show signals, filter signatures, set them aside and put them back.

Organizers may set aside what a signal names, stop that, and put signatures back. Nothing leaves the bot or is lost,
every action is in the audit log and told to the others, and nobody has to wait for an owner when real people do not
count. Only owners may write filters of their own: with enough filters one can find out who signed.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final

from markupsafe import Markup

from chatbot.conversation.audit import note, tell_others
from chatbot.conversation.interface import Pressed
from chatbot.conversation.organizer.feature import Feature
from chatbot.conversation.organizer.team.roster import find_name
from chatbot.conversation.turn import Reply, Step, Turn
from chatbot.conversation.unknown import answer_unknown
from chatbot.petition.job import JobDetails
from chatbot.petition.review.filter import ReviewFilter, SetAside
from chatbot.petition.review.parse_filter import parse_filter
from chatbot.petition.rounding import round_down
from chatbot.screens.callbacks import REVIEW, read_number, split
from chatbot.screens.organizer import menu as menu_screens
from chatbot.screens.organizer.records import review as screens
from chatbot.storage.organizer import audit_log, jobs, set_asides, signals
from chatbot.storage.people import confirmations, counters

_SHOWN: Final = 5
_LATELY: Final = timedelta(days=7)
_HOUR: Final = timedelta(hours=1)
MANY: Final = 20
"""Number of questions within an hour after which the owners are told, each time."""


async def show_overview(turn: Turn, _argument: str, problem: Markup | None = None) -> Reply:
    """Show the latest signals and set-asides."""
    screen = screens.overview(
        turn._,
        await signals.list_since(turn.tx, turn.now - _LATELY, _SHOWN),
        await set_asides.list_latest(turn.tx, _SHOWN),
        await counters.read(turn.tx, counters.SET_ASIDE),
        problem,
        is_owner=turn.is_owner,
    )
    return FEATURE.show(turn, screen)


async def hear_conditions(turn: Turn, text: str) -> Reply:
    """Take the filter that an owner typed."""
    if not turn.is_owner:
        return await _ask_conditions(turn)
    zone = turn.campaign.zone
    review_filter = parse_filter(text, turn.now.astimezone(zone).date(), zone, turn.languages)
    if review_filter is None:
        return Reply(screens.ask_conditions(turn._, screens.not_understood(turn._)), "review_conditions", turn.draft)
    return await _count(turn, review_filter)


async def hear_reason(turn: Turn, text: str) -> Reply:
    """Take the typed reason and ask for confirmation."""
    asked, reason = await set_asides.find_asked(turn.tx, turn.person.id), " ".join(text.split())
    if asked is None or not await _may_set_aside(turn, asked):
        return await show_overview(turn, "", screens.gone(turn._))
    if not 3 <= len(reason) <= screens.MOST_WORDS:
        return await _ask_reason(turn, screens.no_reason(turn._))
    asked = await set_asides.give_reason(turn.tx, asked.id, reason) or asked
    code = await confirmations.ask(turn.tx, turn.person.id, _about("start", asked), turn.now)
    return Reply(screens.confirm(turn._, asked, code), None, turn.draft)


async def press(turn: Turn, argument: str) -> Reply:
    """Carry out a button: `<what>[:<id>[:<code>]]`."""
    what, subject, code = split(argument, 3)
    match what:
        case "list":
            return await show_overview(turn, "")
        case "choose":
            return await _ask_conditions(turn)
        case "why":
            return await _ask_reason(turn)
        case "look":
            return await _show_signal(turn, read_number(subject))
    act, one = _ACTS.get(what), await set_asides.find(turn.tx, read_number(subject))
    if act is None:
        return answer_unknown(turn)
    if one is None:
        return await show_overview(turn, "", screens.gone(turn._))
    return await act(turn, one, code)


async def _ask_conditions(turn: Turn) -> Reply:
    if not turn.is_owner:
        return FEATURE.show(turn, menu_screens.may_not(turn._, "owner"))
    return Reply(screens.ask_conditions(turn._), "review_conditions", turn.draft)


async def _show_signal(turn: Turn, signal_id: int) -> Reply:
    """Show the signatures of a signal, or their set-aside if there is one."""
    signal = await signals.find(turn.tx, signal_id)
    if signal is None:
        return await show_overview(turn, "")
    done = await set_asides.find_alike(turn.tx, signal.review_filter, turn.now - _LATELY)
    return await _open(turn, done, "") if done else await _count(turn, signal.review_filter)


async def _count(turn: Turn, review_filter: ReviewFilter) -> Reply:
    asked = await set_asides.create(turn.tx, turn.person.id, review_filter, turn.now)
    await _send(turn, asked)
    times = 1 + await audit_log.count_since(turn.tx, turn.person.id, "doubts.counted", turn.now - _HOUR)
    if times % MANY == 0 or review_filter.name is not None:
        about: JobDetails = {
            "by": await find_name(turn),
            "count": times,
            "name": int(review_filter.name is not None),
        }
        await tell_others(turn, "many_asked", about, needs="owner")
    await note(turn, "doubts.counted", **_outline(review_filter))
    return FEATURE.show(turn, screens.is_counting(turn._, review_filter))


async def _may_set_aside(turn: Turn, one: SetAside) -> bool:
    seen = await signals.find_seen(turn.tx, one.review_filter, turn.now - signals.KEPT)
    return one.can_be_set_aside(seen, is_owner=turn.is_owner)


def _outline(review_filter: ReviewFilter) -> dict[str, str | int | None]:
    """Describe a filter for the audit log, without names and links, which may identify people."""
    hidden = {"name": "by_name", "source": "by_link"}
    return {hidden.get(key, key): 1 if key in hidden else value for key, value in review_filter.to_mapping().items()}


async def _ask_reason(turn: Turn, problem: Markup | None = None) -> Reply:
    asked = await set_asides.find_asked(turn.tx, turn.person.id)
    if asked is None or not await _may_set_aside(turn, asked):
        return await show_overview(turn, "", screens.gone(turn._))
    return Reply(screens.ask_reason(turn._, problem), "review_reason", turn.draft)


async def _open(turn: Turn, one: SetAside, _code: str) -> Reply:
    return FEATURE.show(turn, screens.show_set_aside(turn._, one))


async def _start(turn: Turn, one: SetAside, code: str) -> Reply:
    taken = await _may_set_aside(turn, one) and await confirmations.take(
        turn.tx, code, turn.person.id, _about("start", one), turn.now
    )
    started = await set_asides.change_state(turn.tx, one.id, ["counted"], "running") if taken else None
    if started is None:
        return await _show_unchanged(turn, one)
    await _send(turn, started)
    await _notify_others(turn, "started", started, count=0)
    await note(turn, "doubts.started", reason=started.reason, **_outline(started.review_filter))
    return FEATURE.show(turn, screens.show_set_aside(turn._, started))


async def _stop(turn: Turn, one: SetAside, _code: str) -> Reply:
    stopped = await set_asides.change_state(turn.tx, one.id, ["running"], "cancelled")
    if stopped is None:
        return await _show_unchanged(turn, one)
    count = round_down(stopped.done)
    await _notify_others(turn, "stopped", stopped, count=count)
    await note(turn, "doubts.stopped", count=count)
    return FEATURE.show(turn, screens.show_set_aside(turn._, stopped))


async def _ask_back(turn: Turn, one: SetAside, _code: str) -> Reply:
    if one.state not in ("done", "cancelled"):
        return await _show_unchanged(turn, one)
    code = await confirmations.ask(turn.tx, turn.person.id, _about("restore", one), turn.now)
    return FEATURE.show(turn, screens.confirm_back(turn._, one, code))


async def _restore(turn: Turn, one: SetAside, code: str) -> Reply:
    taken = await confirmations.take(turn.tx, code, turn.person.id, _about("restore", one), turn.now)
    begun = await set_asides.change_state(turn.tx, one.id, ["done", "cancelled"], "restoring") if taken else None
    if begun is None:
        return await _show_unchanged(turn, one)
    await _send(turn, begun)
    count = round_down(begun.done)
    await _notify_others(turn, "back", begun, count=count)
    await note(turn, "doubts.back", count=count)
    return FEATURE.show(turn, screens.show_set_aside(turn._, begun))


async def _show_progress(turn: Turn, one: SetAside, _code: str) -> Reply:
    """Show the progress, and add the job again in case it was deleted with the person who asked for it."""
    if one.state in ("running", "restoring"):
        await _send(turn, one)
    return FEATURE.show(turn, screens.show_set_aside(turn._, one))


async def _show_unchanged(turn: Turn, one: SetAside) -> Reply:
    """Answer a button that did nothing: somebody else was faster, or it was used before."""
    now = await set_asides.find(turn.tx, one.id)
    return FEATURE.show(turn, screens.show_set_aside(turn._, now or one, screens.used_up(turn._)))


async def _send(turn: Turn, one: SetAside) -> None:
    message_id = turn.event.message_id if isinstance(turn.event, Pressed) else None
    details = {"id": one.id, "message_id": message_id, "by": await find_name(turn)}
    await jobs.add(turn.tx, set_asides.JOB, details, turn.now, chat_id=turn.person.id)


async def _notify_others(turn: Turn, what: str, one: SetAside, *, count: int) -> None:
    known: JobDetails = {
        "what": what,
        "id": one.id,
        "by": await find_name(turn),
        "reason": one.reason,
        "count": count,
    }
    await tell_others(turn, "set_aside", known)


def _about(what: str, one: SetAside) -> str:
    return f"doubts:{what}:{one.id}:{one.found}"


_ACTS: Final[Mapping[str, Callable[[Turn, SetAside, str], Awaitable[Reply]]]] = {
    "open": _open,
    "start": _start,
    "stop": _stop,
    "back": _ask_back,
    "restore": _restore,
    "go": _show_progress,
}
FEATURE: Final = Feature(
    REVIEW,
    press=press,
    commands={"doubts": show_overview},
    steps={
        "review_conditions": Step(hear_conditions, _ask_conditions, show_overview, ("idle",), needs="organizer"),
        "review_reason": Step(hear_reason, _ask_reason, show_overview, ("idle",), needs="organizer"),
    },
)
