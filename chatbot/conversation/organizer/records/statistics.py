"""Statistics for the team. Every number is a counter, now or at an earlier hour."""

from dataclasses import replace
from typing import Final

from chatbot.conversation.organizer.feature import Feature
from chatbot.conversation.turn import Reply, Turn
from chatbot.conversation.unknown import answer_unknown
from chatbot.petition.broadcasts.post import Media
from chatbot.petition.dates.zones import find_midnight
from chatbot.petition.exports.chart import PICTURE, Chart
from chatbot.petition.exports.share_card import SHARE_CARD, SOURCE, ShareCard
from chatbot.petition.period import Period, find_beginning, read_period
from chatbot.screens.callbacks import STATISTICS, split
from chatbot.screens.organizer.records import charts, share_cards
from chatbot.screens.organizer.records import statistics as screens
from chatbot.screens.screen import Screen
from chatbot.storage.organizer import app_state, jobs
from chatbot.storage.people import counters, history, subscriptions
from chatbot.storage.places import places

_WEEK: Final = 7
_FARTHEST: Final = 3650


async def show(turn: Turn, _argument: str) -> Reply:
    """Show how many signed, with buttons for the details."""
    return Reply.staying(turn, screens.overview(turn._.in_zone(turn.campaign.zone), await _sum_up(turn), turn.now))


async def press(turn: Turn, argument: str) -> Reply:
    """Carry out a button: `<view>:<period>`."""
    view, word = split(argument, 2)
    if view == "card":
        return await _draw_share_card(turn, ShareCard.from_code(word))
    period = read_period(word)
    if period is None:
        return answer_unknown(turn)
    match view:
        case "overview":
            return await show(turn, "")
        case "pictures":
            return Reply.staying(turn, screens.pictures(turn._))
        case "growth" | "ranks":
            return await _draw(turn, Chart(view, period, turn.language))
        case "country":
            counts, grown = await _count(turn, counters.SIGNATURES, period)
            return Reply.staying(turn, screens.by_country(turn._, counts, period, grown))
        case "language":
            counts, grown = await _count(turn, counters.LANGUAGES, period)
            return Reply.staying(turn, screens.by_language(turn._, counts, period, grown))
        case "source":
            counts, grown = await _count(turn, counters.SOURCES, period)
            titles = await places.list_titles(turn.tx)
            return Reply.staying(turn, screens.by_source(turn._, counts, period, grown, titles))
        case "friends":
            counts, grown = await _count(turn, counters.GENERATIONS, period)
            return Reply.staying(turn, screens.by_generation(turn._, counts, period, grown))
        case "steps":
            since = find_beginning(period, turn.now, turn.campaign.zone)
            counts = await history.read_growth(turn.tx, counters.STEPS, since)
            return Reply.staying(turn, screens.by_step(turn._, counts, period))
    return answer_unknown(turn)


async def _sum_up(turn: Turn) -> screens.Overview:
    zone = turn.campaign.zone
    today = turn.now.astimezone(zone).date()
    midnight, yesterday = find_midnight(today, zone), find_midnight(today, zone, later=-1)
    week = find_midnight(today, zone, later=1 - _WEEK)
    here, total, milestone = turn.signed_here, turn.total, turn.milestone
    before = await history.read_at(turn.tx, counters.SIGNATURES, midnight)
    since_week = here - await history.read_at(turn.tx, counters.SIGNATURES, week)
    days = None
    if milestone is not None and since_week > 0:
        days = -(-(milestone - total) * _WEEK // since_week)
    return screens.Overview(
        total=total,
        here=here,
        today=here - before,
        yesterday=before - await history.read_at(turn.tx, counters.SIGNATURES, yesterday),
        week=since_week,
        subscribers=await subscriptions.count(turn.tx),
        milestone=milestone,
        days_to_go=days if days is not None and days <= _FARTHEST else None,
    )


async def _count(turn: Turn, kind: str, period: Period) -> tuple[dict[str, int], int]:
    """Count how much each counter of a kind has grown in a period, rounded, and how much the public total has."""
    since = find_beginning(period, turn.now, turn.campaign.zone)
    grown = await history.read_increase(turn.tx, counters.SIGNATURES, since)
    return await history.read_rounded_growth(turn.tx, kind, since), grown


async def _draw(turn: Turn, picture: Chart) -> Reply:
    """Send the chart if Telegram has it already; otherwise add the job that draws it."""
    stamp = picture.stamp(turn.signed_here, turn.now, turn.campaign.zone)
    kept = await app_state.find(turn.tx, picture.name)
    if kept is not None and kept.startswith(f"{stamp} "):
        text = charts.caption(turn._, picture.view, picture.period)
        shown = Screen(text, media=picture.media(kept.partition(" ")[2]))
        return replace(Reply.staying(turn, None), first=(shown,))
    await jobs.request(turn.tx, PICTURE, picture.to_details(), turn.now, turn.person.id)
    return Reply.staying(turn, None, screens.being_drawn(turn._))


async def _draw_share_card(turn: Turn, card: ShareCard | None) -> Reply:
    """Send the picture to be shared if Telegram has it already; otherwise add the job that draws it."""
    if card is None or card.language not in turn.campaign.languages:
        return answer_unknown(turn)
    total, ending = turn.total, turn.status.find_ending(turn.campaign)
    link = f"{turn.bot_link}?start={SOURCE}"
    kept = await app_state.find(turn.tx, card.name)
    if kept is not None and kept.startswith(f"{card.stamp(total, ending, turn.now)} "):
        file = Media("photo", kept.rpartition(" ")[2])
        words = turn.campaign.words[card.language]
        text = share_cards.caption(turn._, words, total, ending, link)
        return replace(Reply.staying(turn, None), first=(Screen(text, media=file),))
    await jobs.request(turn.tx, SHARE_CARD, card.to_details(link), turn.now, turn.person.id)
    return Reply.staying(turn, None, screens.being_drawn(turn._))


FEATURE: Final = Feature(STATISTICS, press, {"stats": show}, needs="viewer")
