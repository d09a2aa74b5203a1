"""Draws a chart for a team member and sends it to their chat."""

from typing import Any

from chatbot.documents.process import call
from chatbot.jobs.context import JobContext
from chatbot.petition.exports.chart import Chart
from chatbot.petition.job import Job
from chatbot.petition.period import divide_period, find_beginning
from chatbot.petition.team import list_at_least
from chatbot.screens.organizer.records import charts
from chatbot.storage import Transaction
from chatbot.storage.organizer import app_state, team
from chatbot.storage.people import counters, history, signatures


async def draw(job: Job, context: JobContext) -> None:
    """Draw and send the chart, and store its file_id for the next request."""
    assert job.chat_id is not None  # the requester is named
    chat_id, chart = job.chat_id, Chart.from_details(job.details)
    _ = context.translators[chart.language].in_zone(context.campaign.zone)
    found = await context.database.transact(_describe, chat_id, chart, context)
    if found is None:
        return
    described, stamp = found
    async with context.folder.open() as folder:
        path = folder / "picture.png"
        await call("chatbot.documents.charts", described | {"path": str(path)})
        caption = charts.caption(_, chart.view, chart.period)
        file_id = await context.chat_sender.send_file(chat_id, path, path.name, caption, "photo")
    if file_id is not None:
        await context.database.transact(app_state.replace, chart.name, f"{stamp} {file_id}")


async def _describe(
    tx: Transaction, member_id: int, chart: Chart, context: JobContext
) -> tuple[dict[str, Any], str] | None:
    if member_id not in {
        each.id for each in list_at_least(await team.find_members(tx, context.configured_owners), "viewer")
    }:
        return None
    zone, now = context.campaign.zone, context.clock()
    _ = context.translators[chart.language].in_zone(zone)
    total = await signatures.count(tx)
    stamp = chart.stamp(total, now, zone)
    if chart.view == "ranks":
        since = find_beginning(chart.period, now, zone)
        counts = await history.read_rounded_growth(tx, counters.SIGNATURES, since)
        grown = await history.read_increase(tx, counters.SIGNATURES, since)
        return charts.ranks(_, context.campaign, chart.period, now, counts, grown), stamp
    first = await history.find_first(tx, counters.SIGNATURES) or now
    boundaries = divide_period(chart.period, now, zone, first)
    totals = [await history.read_at(tx, counters.SIGNATURES, at) for at in boundaries if at < now]
    return charts.growth(_, context.campaign, chart.period, now, boundaries, [*totals, total]), stamp
