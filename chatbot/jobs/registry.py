"""All kinds of jobs and their handlers."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from chatbot.jobs.context import JobContext
from chatbot.jobs.handlers import (
    approval,
    charts,
    chat_menu,
    documents,
    friends,
    notify,
    personal_data,
    posters,
    qr_codes,
    set_aside,
    share_cards,
    share_links,
    team_tests,
)
from chatbot.jobs.handlers.places import pinned_cards, troubles
from chatbot.petition.exports.chart import PICTURE
from chatbot.petition.exports.links import POSTER, QR_CODE
from chatbot.petition.exports.share_card import SHARE_CARD
from chatbot.petition.job import Job
from chatbot.storage.broadcasts import approvals, drafts, following
from chatbot.storage.organizer import jobs, team
from chatbot.storage.organizer.review import set_asides
from chatbot.storage.people import friends as stored_friends
from chatbot.storage.places import pinned_cards as stored_cards
from chatbot.storage.places import refusals
from chatbot.storage.privacy import erasure
from chatbot.storage.privacy import personal_data as stored_data

JobHandler = Callable[[Job, JobContext], Awaitable[None]]
"""Runs one job. It may be interrupted anywhere and started again; the job is done when it returns."""

HANDLERS: Final[Mapping[str, JobHandler]] = {
    jobs.TELL: notify.spread,
    jobs.NOTICE: notify.tell,
    approvals.JOB: approval.ask,
    approvals.REMINDER: approval.remind,
    following.CLOSE: approval.close,
    drafts.TEST: team_tests.send,
    team.MENU: chat_menu.bring_up_to_date,
    set_asides.JOB: set_aside.carry_out,
    documents.KIND: documents.make_and_send,
    PICTURE: charts.draw,
    QR_CODE: qr_codes.draw,
    POSTER: posters.make,
    SHARE_CARD: share_cards.draw,
    stored_data.JOB: personal_data.send,
    stored_data.NOT_MADE: personal_data.apologise,
    stored_friends.JOB: friends.tell,
    erasure.UNLINK: share_links.unlink,
    stored_cards.PIN: pinned_cards.pin,
    stored_cards.UNPIN: pinned_cards.unpin,
    refusals.JOB: troubles.tell_if_it_lasts,
}
