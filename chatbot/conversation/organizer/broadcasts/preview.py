"""Previews of broadcasts for organizers, in every state: draft, scheduled, running and ended."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Concatenate, Final, ParamSpec

from markupsafe import Markup

from chatbot.conversation.interface import Pressed
from chatbot.conversation.organizer.petition.overtaken_thanks import warn
from chatbot.conversation.turn import Follow, Reply, Turn
from chatbot.petition.broadcasts.approval import Approval
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.petition.broadcasts.estimate import Estimate, estimate_sending
from chatbot.petition.languages import Language
from chatbot.petition.rounding import round_up
from chatbot.petition.team import Member, list_at_least
from chatbot.screens.organizer.broadcasts import approval as approving
from chatbot.screens.organizer.broadcasts import composing, ending, launching, progress, scheduling
from chatbot.screens.organizer.broadcasts.message import render_posts
from chatbot.screens.organizer.broadcasts.summary import reached
from chatbot.screens.organizer.team import colleagues
from chatbot.screens.screen import Press, Screen
from chatbot.storage.broadcasts import approvals, broadcasts, deliveries, drafts, forecasts, recalls
from chatbot.storage.organizer import team
from chatbot.storage.people import subscriptions
from chatbot.storage.places import places
from chatbot.storage.privacy import retention

_DAY: Final = timedelta(days=1)
_P = ParamSpec("_P")


async def show(turn: Turn, broadcast: Broadcast, notice: str | None = None) -> Reply:
    """Show a broadcast in its present state, in place. A draft is shown for review.

    Below a draft that they come from elsewhere to, such as the list of drafts, there are no posts yet.
    """
    broadcast = await find_sent(turn, broadcast)
    if is_of_colleague(turn, broadcast):
        return replace(await _show_of_colleague(turn, broadcast), notice=notice)
    if broadcast.state is BroadcastState.DRAFT:
        return replace(await review(turn, broadcast, with_posts=turn.broadcast_id != broadcast.id), notice=notice)
    screen = await add_scheduler(turn, broadcast, warn(turn, broadcast, await _draw(turn, broadcast)))
    reply = Reply.done_writing(turn, screen) if turn.broadcast_id == broadcast.id else Reply.staying(turn, screen)
    is_under_way = broadcast.state in (BroadcastState.RUNNING, BroadcastState.PAUSED)
    follows = Follow(broadcast.id, "progress", broadcast.revision) if is_under_way else None
    return replace(reply, notice=notice, follows=follows)


def is_of_colleague(turn: Turn, broadcast: Broadcast) -> bool:
    """Whether it is a draft that another organizer writes."""
    return broadcast.state is BroadcastState.DRAFT and broadcast.organizer_id != turn.person.id


async def _show_of_colleague(turn: Turn, broadcast: Broadcast) -> Reply:
    names = await team.find_names(turn.tx)
    people = reached(turn._, broadcast, await count_recipients(turn, broadcast))
    name, is_told = names.get(broadcast.organizer_id, ""), await _is_organizer(turn, broadcast.organizer_id)
    screen = colleagues.show_draft(turn._, broadcast, name, people, turn.now, is_told=is_told)
    reply = Reply.done_writing(turn, screen) if turn.broadcast_id == broadcast.id else Reply.staying(turn, screen)
    return replace(reply, first=draw_posts(turn, broadcast))


async def find_sent(turn: Turn, broadcast: Broadcast) -> Broadcast:
    """Find the broadcast that is sent: an addition goes out as a part of the one that it adds to."""
    if broadcast.kind == "addition" and broadcast.started_at is not None and broadcast.of_id is not None:
        return await broadcasts.get(turn.tx, broadcast.of_id)
    return broadcast


async def lock(turn: Turn, broadcast: Broadcast) -> Broadcast:
    """Return it as it is now, and as it stays until the commit: a colleague may act at the same moment, or it ends.

    Raises `NoSuchBroadcastError` if it was discarded.
    """
    locked = await drafts.lock(turn.tx, broadcast)
    return locked or await broadcasts.get(turn.tx, broadcast.id)


async def show_current(turn: Turn) -> Reply:
    """Show what happened to the broadcast they were writing: it was discarded, or it was sent."""
    broadcast = await broadcasts.find(turn.tx, turn.broadcast_id) if turn.broadcast_id else None
    if broadcast is None:
        return Reply.done_writing(turn, launching.is_gone(turn._))
    return await show(turn, broadcast)


async def _find_open_draft(turn: Turn) -> Broadcast | None:
    """Find the broadcast they are writing, if it still is a draft."""
    broadcast = await broadcasts.find(turn.tx, turn.broadcast_id) if turn.broadcast_id else None
    if broadcast is not None and broadcast.started_at is None:
        broadcast = await drafts.lock(turn.tx, broadcast)
    is_own_draft = broadcast and broadcast.state is BroadcastState.DRAFT and not is_of_colleague(turn, broadcast)
    return broadcast if is_own_draft else None


def with_open_draft(
    handle: Callable[Concatenate[Turn, Broadcast, _P], Awaitable[Reply]],
) -> Callable[Concatenate[Turn, _P], Awaitable[Reply]]:
    """Give a handler the draft they are writing. If it is none any more, show what happened to it."""

    async def handle_open(turn: Turn, /, *arguments: _P.args, **named: _P.kwargs) -> Reply:
        draft = await _find_open_draft(turn)
        return await show_current(turn) if draft is None else await handle(turn, draft, *arguments, **named)

    return handle_open


async def review(turn: Turn, broadcast: Broadcast, hint: Markup | None = None, *, with_posts: bool = True) -> Reply:
    """Show a draft exactly as it will arrive, and below it all its buttons. That of a colleague has others."""
    if is_of_colleague(turn, broadcast):
        return await show(turn, broadcast)
    if not broadcast.posts:
        language = broadcast.audience.language if broadcast.kind == "addition" else None
        return await ask_post(turn, broadcast, language or turn.language, hint)
    people = await count_recipients(turn, broadcast)
    ready = True
    if broadcast.of_id is not None:
        original = await broadcasts.get(turn.tx, broadcast.of_id)
        ready = original.contents != broadcast.contents
        hint = add_reached(turn, original, broadcast, hint)
        if broadcast.kind == "addition" and (
            broadcast.posts.keys() & original.posts
            or not original.takes_languages(await deliveries.tally(turn.tx, original.id))
        ):
            ready, hint = False, composing.cannot_add(turn._)
    cost = estimate_cost(turn, broadcast, people)
    request, fell = await _find_request(turn, broadcast)
    hint = Markup("\n\n").join(part for part in (hint, fell) if part) or None
    # Below typed words, such as a country, there is no preview.
    is_below = with_posts or (isinstance(turn.event, Pressed) and turn.step != "countries")
    screen = composing.review(
        turn._,
        turn.campaign,
        broadcast,
        people,
        cost,
        hint,
        ready=ready,
        request=request,
        is_below=is_below,
        has_places=bool(await places.list_linked(turn.tx)),
    )
    screen = await add_cautions(turn, broadcast, screen)
    reply = Reply.writing(turn, screen, "review", broadcast.id)
    return replace(reply, first=draw_posts(turn, broadcast) if with_posts else ())


def add_reached(turn: Turn, original: Broadcast, draft: Broadcast, hint: Markup | None = None) -> Markup | None:
    """Say above an addition that its readers got the original in another language, if they did."""
    language = draft.audience.language
    if draft.kind != "addition" or language is None or not (other := original.choose_language(language, turn.campaign)):
        return hint
    return Markup("\n\n").join(part for part in (hint, composing.got_another(turn._, language, other)) if part)


async def _find_request(turn: Turn, broadcast: Broadcast) -> tuple[Markup | None, Markup | None]:
    """Find the state of an open request for this draft, and what became of one that was answered or overtaken."""
    approval = await approvals.find_any(turn.tx, broadcast.id)
    if approval is None:
        return None, None
    names = await team.find_names(turn.tx)
    if approval.declined_by is not None:
        return None, approving.was_declined(turn._, names.get(approval.declined_by, ""), approval.reason)
    if approval.revision != broadcast.revision:
        await approvals.drop(turn.tx, broadcast.id, approval.revision)
        approver = None if approval.approved_by is None else names.get(approval.approved_by, "")
        return None, approving.fell(turn._, approver)
    return (await _describe_request(turn, approval) if approval.is_open else None), None


async def _describe_request(turn: Turn, approval: Approval) -> Markup:
    others = await list_approvers(turn, approval.asked_by)
    return approving.waits_for(turn._, approval.asked_at, [member.name for member in others])


async def list_approvers(turn: Turn, asker_id: int) -> list[Member]:
    """List the members who can approve what `asker_id` asked for."""
    return list_at_least(await team.find_members(turn.tx, turn.configured_owners), "organizer", but=asker_id)


async def add_cautions(turn: Turn, broadcast: Broadcast, screen: Screen) -> Screen:
    """Say below a screen who sent a broadcast within the last day, so that no news goes out twice; see also `warn`."""
    screen = warn(turn, broadcast, screen)
    recent = await _find_recent(turn) if broadcast.kind == "update" else None
    return replace(screen, text=Markup("\n\n").join((screen.text, recent))) if recent else screen


async def _find_recent(turn: Turn) -> Markup | None:
    for latest in await broadcasts.list_started(turn.tx, 0, 1):
        age = turn.now - latest.started_at if latest.started_at else _DAY
        if latest.kind == "update" and latest.recalled_at is None and age < _DAY:
            is_own = latest.organizer_id == turn.person.id
            name = None if is_own else (await team.find_names(turn.tx)).get(latest.organizer_id, "")
            return colleagues.sent_recently(turn._, latest, name, age.total_seconds())
    return None


async def add_scheduler(turn: Turn, broadcast: Broadcast, screen: Screen) -> Screen:
    """Say below a screen which colleague scheduled it, and that they are told of what is done with it."""
    scheduler = broadcast.organizer_id
    if broadcast.state not in (BroadcastState.SCHEDULED, BroadcastState.LATE) or scheduler == turn.person.id:
        return screen
    name = (await team.find_names(turn.tx)).get(scheduler, "")
    line = colleagues.scheduled_by(turn._, name, is_told=await _is_organizer(turn, scheduler))
    return replace(screen, text=Markup("\n\n").join((screen.text, line)))


async def _is_organizer(turn: Turn, member_id: int) -> bool:
    """Whether they are still told of what others do with their broadcasts."""
    members = list_at_least(await team.find_members(turn.tx, turn.configured_owners), "organizer")
    return member_id in {each.id for each in members}


async def ask_post(turn: Turn, broadcast: Broadcast, language: Language, problem: Markup | None = None) -> Reply:
    """Ask for the post in one language."""
    people = sum((await count_readers(turn, broadcast)).values())
    screen = composing.ask_post(turn._, turn.campaign, broadcast, language, people, problem, total=turn.total)
    return Reply.writing(turn, screen, "post", broadcast.id, language)


def draw_posts(turn: Turn, broadcast: Broadcast) -> tuple[Screen, ...]:
    """Render the posts exactly as they will arrive, in each language."""
    return tuple(render_posts(turn.translators, turn.campaign, broadcast, is_preview=True).values())


async def count_recipients(turn: Turn, broadcast: Broadcast) -> Mapping[Language, int]:
    """Count recipients by the language of their post."""
    return await approvals.count_recipients(turn.tx, broadcast, turn.campaign)


async def count_readers(turn: Turn, broadcast: Broadcast) -> dict[Language, int]:
    """Count the subscribers in the broadcast's countries by the language in which they are written to."""
    counts = dict.fromkeys(turn.campaign.languages, 0)
    for language, count in (await subscriptions.count_by_language(turn.tx, broadcast.audience.countries)).items():
        counts[turn.campaign.find_offered(language)] += count
    return counts


async def is_approval_missing(turn: Turn, broadcast: Broadcast, sender_id: int) -> bool:
    """Whether `sender_id` needs the approval of a second organizer, and has none."""
    people = await approvals.count_readers(turn.tx, broadcast, turn.campaign)
    return await approvals.is_missing(turn.tx, broadcast, people, sender_id, turn.now)


def count_for_log(broadcast: Broadcast, people: Mapping[Language, int]) -> int | None:
    """The number of recipients for the audit log; None if signatures decide who gets it, to tell nothing about them."""
    return None if broadcast.is_by_signature else sum(people.values())


def estimate_cost(turn: Turn, broadcast: Broadcast, people: Mapping[Language, int]) -> Estimate:
    """Estimate time and price. Editing messages is free, for any number."""
    if turn.team is None:
        raise ValueError("only the turns of team members have costs")
    count = sum(people.values())
    if broadcast.is_by_signature:
        count = round_up(count)
    return estimate_sending(count, turn.team.rate, paid=turn.team.paid and broadcast.kind != "correction")


async def _draw(turn: Turn, broadcast: Broadcast) -> Screen:
    match broadcast.state:
        case BroadcastState.LATE:
            return scheduling.late(turn._, broadcast, unapproved=await approvals.is_open(turn.tx, broadcast))
        case BroadcastState.SCHEDULED:
            people = await count_recipients(turn, broadcast)
            at = max(broadcast.scheduled_for or turn.now, turn.now)
            forecast = await forecasts.foresee(turn.tx, broadcast, turn.campaign, at)
            approval, erased_at = await _draw_approval(turn, broadcast), await find_erasure(turn, at)
            return scheduling.waiting(turn._, broadcast, people, *approval, forecast, erased_at)
        case BroadcastState.ENDED:
            tally, recall = await deliveries.tally(turn.tx, broadcast.id), await recalls.find(turn.tx, broadcast)
            return ending.report(turn._, turn.campaign, broadcast, tally, recall)
        case _:
            return progress.progress(turn._, broadcast, await deliveries.tally(turn.tx, broadcast.id), None, None)


async def find_erasure(turn: Turn, at: datetime) -> datetime | None:
    """Find when all subscriptions are erased, if that comes before the moment `at`."""
    erased_at = await retention.find_day(turn.tx, turn.campaign.retention_days)
    return erased_at if erased_at is not None and erased_at <= at else None


async def _draw_approval(turn: Turn, broadcast: Broadcast) -> tuple[Markup | None, Press | None]:
    """The state of a second organizer's approval, and the button that leads to it."""
    approval = await approvals.find(turn.tx, broadcast)
    if approval is not None and approval.approved_by is not None:
        names = await team.find_names(turn.tx)
        return approving.waits(turn._, names.get(approval.approved_by, "")), None
    if not await is_approval_missing(turn, broadcast, broadcast.organizer_id):
        return None, None
    if approval is None:
        return approving.waits(turn._, None), approving.way_to_ask(turn._, broadcast)
    is_own = approval.asked_by == turn.person.id
    way = approving.way_to_withdraw(turn._, broadcast) if is_own else approving.way_to_approve(turn._, broadcast)
    return await _describe_request(turn, approval), way
