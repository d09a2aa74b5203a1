"""The screens of a broadcast to some countries do not reveal whether X, whose country Mallory knows, has signed.

Mallory sends one broadcast to a country with many signers, and another one to that country and X's. All screens read
the same whether X or Y has signed. A refused content does not show whether anybody is in the audience.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Audience, Broadcast, BroadcastEnding
from chatbot.petition.broadcasts.outcome import Delivery, Gone, Result, Sent
from chatbot.petition.broadcasts.post import Post
from chatbot.petition.broadcasts.tally import Tally
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens.organizer.broadcasts import ending
from chatbot.storage import Transaction
from chatbot.storage.people import subscriptions
from tests.attacks.twin_petitions import X, Y, petition
from tests.support.campaigns import BUNDLED
from tests.support.cast import MALLORY
from tests.support.chat import Chat
from tests.support.team_chats import TeamChats

CANADIANS = range(7_650_000_000, 7_650_000_000 + 45 * 7_001, 7_001)


async def subscribe_canadians(chats: TeamChats, spoken: Language = "en") -> None:
    async def work(tx: Transaction) -> None:
        for each in CANADIANS:
            await subscriptions.subscribe(tx, each, spoken, chats.driver.now)

    await chats.database.transact(work)


async def opens(chats: TeamChats, chat: Chat, *whats: str) -> list[str]:
    """Press these buttons of the newest broadcast, whatever screen is shown, and return the screens that follow."""
    read = []
    for what in whats:
        await chat.presses(f"broadcast:{what}".replace("ID", str((await chats.driver.newest()).id)))
        read.append("\n".join([chat.text, *chat.labels, chat.notice or ""]))
    return read


async def sends(chats: TeamChats, chat: Chat, countries: list[str], result: Callable[[Delivery], Result]) -> list[str]:
    """Send a broadcast to countries, correct it and recall it; return its progress, reports and other screens."""
    await chat.says("/broadcast")
    for text in ("News", "소식입니다"):
        await chat.says(text)
    await chat.taps("⚙️ Settings")
    await chat.taps("Audience")
    await chat.taps("By country")
    for country in countries:
        await chat.says(country)
    await chat.taps("Done")
    await chat.taps("Send …")
    await chat.presses(next(action for action in chat.actions if ":start:" in action))
    sent = await chats.driver.newest()
    await chats.driver.deliver(result, limit=30)
    read = await opens(chats, chat, "open:ID", "halt:ID", "goon:ID")
    await chats.driver.deliver_all(result)
    read += await opens(chats, chat, "open:ID", "copy:ID", "unknown:ID")
    await chat.presses(f"broadcast:correct:{sent.id}")
    await chat.presses(f"broadcast:write:{(await chats.driver.newest()).id}:en")
    await chat.says("Good news")
    read += [chat.text, *chat.labels]
    # A correction does not have these buttons, because its audience is fixed and their counts would be exact.
    read += await opens(chats, chat, "country:ID:all", "to:ID:all", "reach:ID:everyone", "who:ID", "review:ID")
    correction = await chats.driver.newest()
    assert correction.audience.countries, "a correction has the audience of its broadcast"
    await chat.presses(f"broadcast:start:{correction.id}:{correction.revision}")
    await chats.driver.deliver_all(result)
    read += await opens(chats, chat, "open:ID")
    await chat.presses(f"broadcast:recall:{sent.id}")
    read += [chat.text, *chat.labels]
    await chat.presses(f"broadcast:takeback:{sent.id}")
    await chats.driver.deliver_all(result)
    return read + await opens(chats, chat, "open:ID", f"open:{sent.id}")


@pytest.mark.slow
@pytest.mark.parametrize("x_is", ["reachable", "gone"])
@pytest.mark.parametrize("spoken", ["en", "ko"])
async def test_broadcast_to_another_country_reveals_no_signer(
    spoken: Language, x_is: str, tmp_path: Path, campaign: Campaign, translators: Mapping[str, Translator]
) -> None:
    def result(to: Delivery) -> Result:
        return Gone("blocked") if x_is == "gone" and to.supporter_id not in CANADIANS else Sent(to.supporter_id)

    read: list[list[str]] = []
    for signer in (X, Y):
        async with petition(tmp_path / signer.country, campaign, translators, signer, sealed=False) as chats:
            await subscribe_canadians(chats, spoken)
            mallory = await chats.add_member(chats.chat(MALLORY, "Mallory"), "organizer")
            read.append(await sends(chats, mallory, ["Canada"], result))
            read[-1] += await sends(chats, mallory, ["Canada", "Norway"], result)
    for one, other in zip(*read, strict=True):
        assert one == other
    assert "40+ of 40+" in "\n".join(read[0])


def test_report_to_few_recipients_reveals_no_ending(translators: Mapping[str, Translator]) -> None:
    """A refused content is reported only for a larger audience."""
    ends: list[tuple[BroadcastEnding, str | None, Tally]] = [
        ("content", "can't parse entities", Tally({"en": 1}, {("en", "failed", "content"): 1})),
        ("strangers", None, Tally({"en": 11}, {("en", "gone", "not_found"): 11})),
        ("done", None, Tally({"en": 1}, {("en", "failed", "flood"): 1})),
        ("done", None, Tally({"en": 1}, {("en", "unknown", "crash"): 1})),
        ("done", None, Tally({"en": 0}, {})),
    ]
    shown = {
        (screen.text, str(screen.rows))
        for how, refusal, tally in ends
        for screen in [ending.report(translators["en"], BUNDLED, make_ended(how, refusal), tally)]
    }
    assert len(shown) == 1
    [(text, _rows)] = shown
    assert "at most 19" in text


def make_ended(ending: BroadcastEnding, refusal: str | None) -> Broadcast:
    now, posts = datetime(2026, 11, 24, tzinfo=UTC), {"en": Post(Markup("News"))}
    return Broadcast(
        1,
        "update",
        None,
        MALLORY,
        Audience(None, ("NO",)),
        "readers",
        silent=False,
        revision=1,
        created_at=now,
        started_at=now,
        gathered_at=now,
        ended_at=now,
        ending=ending,
        refusal=refusal,
        posts=posts,  # type: ignore[arg-type]
    )
