"""Compares the chats of a crowd with the ledger and with what the reports say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.screens.organizer.broadcasts import ending
from chatbot.storage import Transaction
from chatbot.storage.broadcasts import broadcasts, recalls
from chatbot.storage.engine.database import Row
from tests.broadcasting.crowd import Crowd, Message


@dataclass(frozen=True)
class CrowdTruth:
    """What is so in the chats of a crowd. `copied` has the first broadcast of a chain of copies, for each copy."""

    crowd: Crowd
    _: Translator
    copied: Mapping[int, int]

    async def compare(self) -> None:
        """Compare every broadcast that was started."""
        known = await self.crowd.driver.list_all()
        for broadcast in known:
            if broadcast.kind == "update" and broadcast.started_at is not None:
                await self._compare_one(broadcast)
        self._find_copies({each.id for each in known if each.had_already or each.keepers})

    async def _compare_one(self, broadcast: Broadcast) -> None:
        rows = await self.crowd.driver.database.transact(_read_rows, broadcast.id)
        for each, phone in self.crowd.people.items():
            times, risked = self.crowd.times[broadcast.id, each], self.crowd.risked[broadcast.id, each]
            assert times <= 1 + risked, "nobody got it twice"
            if phone.is_erased:
                assert each not in rows, "nothing leads to who was erased"
                continue
            state = rows[each]["state"] if each in rows else ""
            assert times or state != "sent", "who has it got it"
            assert not times or risked or state in ("sent", "unknown", "sending"), f"who got it is not {state}"
        sent = {each for each, row in rows.items() if row["state"] == "sent"}
        tally = await self.crowd.driver.tally(broadcast.id)
        assert tally.count("sent") == len(sent) + len(self.crowd.erased[broadcast.id])
        if broadcast.state is BroadcastState.ENDED:
            recall = await self.crowd.driver.database.transact(recalls.find, broadcast)
            report = ending.report(self._, self.crowd.driver.campaign, broadcast, tally, recall)
            self._read_report(broadcast, str(report.text), rows)
        await self._compare_changes(
            broadcast,
            {
                each: (rows[each]["language"], message)
                for each in sent
                if (message := self.crowd.people[each].messages.get(rows[each]["message_id"]))
            },
        )

    def _read_report(self, broadcast: Broadcast, report: str, rows: Mapping[int, Row]) -> None:
        states = [row["state"] for row in rows.values()]
        if told := re.search(r"<b>(\d+) of (\d+)</b> (?:had got|have) it", report):
            assert int(told[1]) == states.count("sent") + len(self.crowd.erased[broadcast.id])
        if "Nobody has it" in report:
            times = (self.crowd.times[broadcast.id, each] for each in rows)
            assert not any(times), "nobody has it"
        if "✅ <b>Sent.</b>" in report:
            assert not {"waiting", "sending"}.intersection(states), "nobody waits for what was sent"

    async def _compare_changes(self, broadcast: Broadcast, held: Mapping[int, tuple[str, Message]]) -> None:
        """Compare the chats with what the last correction, or the recall, says about them."""
        changes = await self.crowd.driver.database.transact(broadcasts.list_changes, broadcast.id)
        if not changes:
            return
        last = changes[-1]
        outcomes, tally = await self.crowd.driver.outcomes(last.id), await self.crowd.driver.tally(last.id)
        head = str(ending.ended_head(self._, last, tally)) if last.state is BroadcastState.ENDED else ""
        if last.kind == "recall":
            recall = await self.crowd.driver.database.transact(recalls.find, broadcast)
            assert recall is not None
            keeping = len(held) + len(self.crowd.list_lost(broadcast.id))
            if last.gathered_at is not None:
                assert keeping <= recall.left + recall.kept, "whoever still has it is told of"
            assert not keeping or "<b>Deleted for everyone.</b>" not in head
            return
        for each, (language, message) in held.items():
            state = outcomes.get(each, ("", ""))[0]
            if language in last.posts and (state == "sent" or (state != "gone" and "✅ <b>Corrected.</b>" in head)):
                assert message.post == broadcast.posts[language], "the chat shows the corrected text"

    def _find_copies(self, warned: set[int]) -> None:
        """A copy of what people have says so in its review, and is sent with open eyes.

        Who was sent a broadcast once more after an unknown outcome may hold a message that the bot does not know.
        """
        for person, phone in self.crowd.people.items():
            if phone.is_erased:
                continue
            known = {each.of for each in phone.messages.values() if not self.crowd.risked[each.of, person]}
            held = sorted((self.copied.get(of, of), of) for of in known)
            for _first, chain in groupby(held, key=lambda each: each[0]):
                assert warned.issuperset([of for _, of in chain][1:]), "nobody has a copy, too, unwarned"


async def _read_rows(tx: Transaction, broadcast_id: int) -> dict[int, Row]:
    rows = await tx.all("SELECT * FROM deliveries WHERE broadcast_id = :id AND supporter_id > 0", id=broadcast_id)
    return {row["supporter_id"]: row for row in rows}
