"""Chats with a petition that has a team. The settings name one owner, 유나."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from chatbot.conversation.dialog import Dialog
from chatbot.conversation.interface import Person
from chatbot.i18n import Translator
from chatbot.petition.model import Campaign
from chatbot.petition.team import Role, TeamAccess
from chatbot.storage import Database
from chatbot.storage.organizer import audit_log, team
from tests.support.broadcasts import BroadcastDriver
from tests.support.cast import HANA, YUNA
from tests.support.chat import Chat
from tests.support.fake_job_context import JobDriver
from tests.support.written_broadcasts import write_both

LINK = "https://t.me/SaveMyFriendBot"


class TeamChats:
    """Opens chats, adds members to the team, and runs the jobs that turns request."""

    def __init__(
        self,
        database: Database,
        driver: BroadcastDriver,
        campaign: Campaign,
        translators: Mapping[str, Translator],
        folder: Path,
    ) -> None:
        self.database = database
        self.driver = driver
        self.campaign = replace(campaign, is_open=True)
        self.translators = translators
        self.configured_owners = frozenset({YUNA})
        self.jobs = JobDriver(database, campaign, translators, folder, self.configured_owners)

    def chat(self, person_id: int, name: str, language: str = "en") -> Chat:
        access = TeamAccess(self.configured_owners, 25.0, paid=False)
        dialog = Dialog(self.database, self.campaign, self.translators, LINK, lambda: self.driver.now, team=access)
        return Chat(dialog, Person(person_id, name, language))

    async def open_owner(self, language: str = "en", readers: Sequence[int] = ()) -> Chat:
        """Open 유나's chat with /start, and subscribe `readers`."""
        await self.driver.subscribe(readers)
        chat = self.chat(YUNA, "유나", language)
        await chat.says("/start")
        return chat

    async def open_hour(self, zone: str | None = None, now: datetime | None = None) -> Chat:
        """Open 유나's chat at the question when to send a broadcast. The team's zone is `zone`."""
        self.campaign = replace(self.campaign, named_zone=zone or self.campaign.named_zone)
        self.driver.now = now or self.driver.now
        chat = await self.open_owner()
        await write_both(chat)
        await chat.taps("🕘 Later")
        return chat

    async def open_organizer(self, role: Role = "organizer") -> Chat:
        """Open the chat of 하나, a member with this role."""
        return await self.add_member(self.chat(HANA, "하나"), role)

    async def add_member(self, chat: Chat, role: Role) -> Chat:
        """Add a member without an invitation."""
        person, now = chat.person, self.driver.now
        await self.database.transact(team.add_member, person.id, person.name, role, YUNA, now)
        await chat.says("/start")
        return chat

    async def sign(self, first: int, people: list[tuple[str, str | None]]) -> None:
        """Add signatures with the current time, each with its country and source."""
        self.jobs.now = self.driver.now
        for nth, (country, source) in enumerate(people):
            await self.jobs.sign(50_000 + first + nth, 50_000 + first + nth, country=country, source=source)

    async def run_jobs(self) -> dict[int, list[str]]:
        """Run all due jobs, and return the texts that each person got from them."""
        self.jobs.now = self.driver.now + timedelta(seconds=1)
        self.jobs.chat_sender.shown.clear()
        await self.jobs.runner().finish()
        found: dict[int, list[str]] = {}
        for person_id, text in self.jobs.chat_sender.shown:
            found.setdefault(person_id, []).append(text)
        return found

    async def list_entries(self) -> list[str]:
        return [entry.action for entry in await self.database.transact(audit_log.read, 0, 1000)]
