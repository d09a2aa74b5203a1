"""Review of signatures: show signals, filter signatures, set them aside and put them back.

Organizers may set aside what a signal names, stop that, and put signatures back. Nothing leaves the bot or is lost,
every action is in the audit log and told to the others, and nobody has to wait for an owner when real people do not
count. Only owners may choose conditions, find one signature, and see which name is meant.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Final

from markupsafe import Markup

from chatbot.conversation.audit import note, tell_others
from chatbot.conversation.organizer.feature import Feature
from chatbot.conversation.organizer.records import one_signature, review_conditions
from chatbot.conversation.organizer.records.counting import count, may_set_aside, outline, read_names, send, sum_up
from chatbot.conversation.organizer.team.roster import find_name
from chatbot.conversation.turn import Reply, Step, Turn
from chatbot.conversation.unknown import answer_unknown
from chatbot.petition.job import JobDetails
from chatbot.petition.review.filter import SetAside
from chatbot.petition.review.merging import SignalGroup, merge
from chatbot.petition.rounding import round_down
from chatbot.screens.callbacks import REVIEW, read_number, split
from chatbot.screens.organizer.records import review as screens
from chatbot.storage.organizer.review import set_asides, signals, under_way
from chatbot.storage.people import confirmations, counters

_SHOWN: Final = 5
_READ: Final = 40
"""Signals that are merged before the first ones are shown."""
_LATELY: Final = timedelta(days=7)


async def list_groups(turn: Turn) -> list[SignalGroup]:
    """List what was pointed out in the last days and is not set aside, without repetition."""
    found = await signals.list_since(turn.tx, turn.now - _LATELY, _READ)
    done = await set_asides.list_conditions(turn.tx, turn.now - _LATELY)
    return merge(found, {each.id for each in found if each.review_filter in done})


async def show_overview(turn: Turn, typed: str, problem: Markup | None = None) -> Reply:
    """Show the latest signals and set-asides; for owners what is typed after the command: conditions, or a number."""
    if typed.strip() and turn.is_owner:
        await set_asides.drop_undecided(turn.tx, turn.person.id)
        return await review_conditions.hear(turn, typed)
    groups = (await list_groups(turn))[:_SHOWN]
    latest = await set_asides.list_latest(turn.tx, _SHOWN)
    screen = screens.overview(
        turn._,
        groups,
        latest,
        await counters.read(turn.tx, counters.SET_ASIDE),
        await read_names(turn, [each for group in groups for each in group.signals], latest),
        problem,
        is_owner=turn.is_owner,
    )
    return FEATURE.show(turn, screen)


async def hear_reason(turn: Turn, text: str) -> Reply:
    """Take the typed reason and ask for confirmation."""
    asked, reason = await set_asides.find_asked(turn.tx, turn.person.id), " ".join(text.split())
    if asked is None or not await may_set_aside(turn, asked):
        return await show_overview(turn, "", screens.gone(turn._))
    if not 3 <= len(reason) <= screens.MOST_WORDS:
        return await _ask_reason(turn, screens.no_reason(turn._))
    asked = await set_asides.give_reason(turn.tx, asked.id, reason) or asked
    code = await confirmations.ask(turn.tx, turn.person.id, _about("start", asked), turn.now)
    seen = await signals.find_seen(turn.tx, asked.review_filter, turn.now - signals.KEPT)
    screen = screens.confirm(turn._, asked, seen, await _name(turn, asked), sum_up(turn), code)
    return Reply(screen, None, turn.draft)


async def _leave(turn: Turn, _argument: str) -> Reply:
    return await show_overview(turn, "")


async def press(turn: Turn, argument: str) -> Reply:
    """Carry out a button: `<what>[:<id>[:<code>]]`."""
    what, subject, code = split(argument, 3)
    match what:
        case "list":
            return await show_overview(turn, "")
        case "choose":
            return await review_conditions.begin(turn)
        case "ask":
            return await review_conditions.press_ask(turn, subject)
        case "with":
            return await review_conditions.press_with(turn, f"{subject}:{code}")
        case "one" | "exclude" | "again" | "count":
            return await one_signature.press(turn, what, f"{subject}:{code}")
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


async def _show_signal(turn: Turn, signal_id: int) -> Reply:
    """Show the signatures of a signal, or their set-aside if there is one."""
    signal = await signals.find(turn.tx, signal_id)
    if signal is None:
        return await show_overview(turn, "")
    done = await set_asides.find_alike(turn.tx, signal.review_filter, turn.now - _LATELY)
    return (
        await _open(turn, done, "")
        if done
        else await count(turn, signal.review_filter, await read_names(turn, [signal]))
    )


async def _ask_reason(turn: Turn, problem: Markup | None = None) -> Reply:
    asked = await set_asides.find_asked(turn.tx, turn.person.id)
    if asked is None or not await may_set_aside(turn, asked):
        return await show_overview(turn, "", screens.gone(turn._))
    screen = screens.ask_reason(turn._, problem, for_one=asked.review_filter.number is not None)
    return Reply(screen, "review_reason", turn.draft)


async def _open(turn: Turn, one: SetAside, _code: str) -> Reply:
    return await _show(turn, one)


async def _start(turn: Turn, one: SetAside, code: str) -> Reply:
    taken = await may_set_aside(turn, one) and await confirmations.take(
        turn.tx, code, turn.person.id, _about("start", one), turn.now
    )
    if taken and (first := await under_way.find_first(turn.tx, one)) is not None:
        await set_asides.drop_undecided(turn.tx, turn.person.id)
        return await _show(turn, first, screens.used_up(turn._))
    started = await set_asides.change_state(turn.tx, one.id, ["counted"], "running") if taken else None
    if started is None:
        return await _show_unchanged(turn, one)
    await send(turn, started)
    await _notify_others(turn, "started", started)
    await note(turn, "doubts.started", reason=started.reason, **outline(started.review_filter))
    return await _show(turn, started)


async def _stop(turn: Turn, one: SetAside, _code: str) -> Reply:
    stopped = await set_asides.change_state(turn.tx, one.id, ["running"], "cancelled")
    if stopped is None:
        return await _show_unchanged(turn, one)
    await _notify_others(turn, "stopped", stopped)
    await note(turn, "doubts.stopped", count=round_down(stopped.done))
    return await _show(turn, stopped)


async def _ask_back(turn: Turn, one: SetAside, _code: str) -> Reply:
    if one.state not in ("done", "cancelled"):
        return await _show_unchanged(turn, one)
    code = await confirmations.ask(turn.tx, turn.person.id, _about("restore", one), turn.now)
    return FEATURE.show(turn, screens.confirm_back(turn._, one, await _name(turn, one), code))


async def _restore(turn: Turn, one: SetAside, code: str) -> Reply:
    taken = await confirmations.take(turn.tx, code, turn.person.id, _about("restore", one), turn.now)
    begun = await set_asides.change_state(turn.tx, one.id, ["done", "cancelled"], "restoring") if taken else None
    if begun is None:
        return await _show_unchanged(turn, one)
    await send(turn, begun)
    await _notify_others(turn, "back", begun)
    await note(turn, "doubts.back", count=round_down(begun.done))
    return await _show(turn, begun)


async def _show_progress(turn: Turn, one: SetAside, _code: str) -> Reply:
    """Show the progress, and add the job again in case it was deleted with the person who asked for it."""
    if one.state in ("running", "restoring"):
        await send(turn, one, again=True)
    return await _show(turn, one)


async def _show_unchanged(turn: Turn, one: SetAside) -> Reply:
    """Answer a button that did nothing: somebody else was faster, or it was used before."""
    now = await set_asides.find(turn.tx, one.id)
    return await _show(turn, now or one, screens.used_up(turn._))


async def _name(turn: Turn, one: SetAside) -> dict[str, str]:
    return await read_names(turn, some=[one])


async def _show(turn: Turn, one: SetAside, hint: Markup | None = None) -> Reply:
    number = one.review_filter.number if turn.is_owner else None
    screen = screens.show_set_aside(turn._, one, await _name(turn, one), sum_up(turn), hint, number or None)
    return FEATURE.show(turn, screen)


async def _notify_others(turn: Turn, what: str, one: SetAside) -> None:
    known: JobDetails = {"what": what, "id": one.id, "by": await find_name(turn), "reason": one.reason}
    await tell_others(turn, "set_aside", {**known, **one.told_count})


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
        "review_conditions": Step(
            review_conditions.hear,
            review_conditions.ask_again,
            _leave,
            ("review_link", "review_name", "review_reason", "idle"),
            needs="organizer",
        ),
        "review_link": Step(
            review_conditions.hear_link,
            review_conditions.ask_link,
            _leave,
            ("review_conditions", "idle"),
            needs="organizer",
        ),
        "review_name": Step(
            review_conditions.hear_name,
            review_conditions.ask_name,
            _leave,
            ("review_conditions", "idle"),
            needs="organizer",
        ),
        "review_reason": Step(hear_reason, _ask_reason, _leave, ("idle",), needs="organizer"),
    },
)
