"""Work at the start: store the text of the appeal and request the menus of the team."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from chatbot.logs import report_bug
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.storage import Database, Transaction
from chatbot.storage.organizer import app_state, appeal_versions, chat_menus, jobs, petition_status, team

logger = logging.getLogger(__name__)

_NOT_OFFERED: Final = "languages_not_offered"
"""The languages that the team was told of, in the state of the app."""


async def register_appeal_version(database: Database, campaign: Campaign, now: datetime) -> Campaign:
    """Store the text of the appeal, and return the campaign with the name of its version.

    Tells the team once if the appeal has changed. Without this nobody could prove what is signed from now on, so a bot
    that cannot do it does not start. Raises `DatabaseUnavailableError`.
    """
    return await database.transact_exclusive(_register, campaign, now)


async def request_team_menus(database: Database, configured_owners: frozenset[int], now: datetime) -> None:
    """Ask for jobs that bring the menus of the team's members up to date, and delete those of former members."""
    try:
        await database.transact(_request_menus, configured_owners, now)
    except Exception as error:  # the bot can run without
        report_bug(logger, "the team's menus were not brought up to date, and will be at the next start", error)


async def _register(tx: Transaction, campaign: Campaign, now: datetime) -> Campaign:
    texts = {language: words.signed for language, words in campaign.words.items()}
    registered = await appeal_versions.register(tx, texts, now)
    if registered.replaces is not None:
        await jobs.tell(tx, "appeal_changed", {}, now)
    await _tell_of_languages(tx, campaign.list_not_offered(), now)
    status, signed = await petition_status.find_with_count(tx)
    passed = status.find_reached(campaign, campaign.carried_over + signed)
    if status.reached is None and passed is not None:
        await petition_status.begin_counting(tx, passed)
    return replace(campaign, appeal_version=registered.version)


async def _tell_of_languages(tx: Transaction, languages: Sequence[Language], now: datetime) -> None:
    """Tell the team once of each language that is listed and not offered."""
    told = (await app_state.find(tx, _NOT_OFFERED) or "").split()
    if any(language not in told for language in languages):
        await jobs.tell(tx, "languages", {"languages": " ".join(languages)}, now)
    await app_state.replace(tx, _NOT_OFFERED, " ".join(languages))


async def _request_menus(tx: Transaction, configured_owners: frozenset[int], now: datetime) -> None:
    members = {member.id: member.role for member in await team.find_members(tx, configured_owners)}
    former = await chat_menus.list_with_menu(tx) - members.keys()
    owner = next((member_id for member_id, role in members.items() if role == "owner"), None)
    if owner is not None:
        for member_id in former:  # removed from the settings: another owner gets the reports on their broadcasts
            await team.hand_over(tx, member_id, owner)
    await chat_menus.request(tx, members.keys() | former, now)
