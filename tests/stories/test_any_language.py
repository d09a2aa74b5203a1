"""Signing, and the desk of an organizer, in languages that are a folder and nothing else.

The stories are in English. The actors read their own language letter by letter as English, so each line holds in every
language. Right to left, every text that the bot sends has its values isolated. Here a made-up language stands beside
the others; in the stories marked `in_any_language` it stands instead of English.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.actor import Actor
from tests.support.cast import YUNA
from tests.support.made_up_languages import MADE_UP
from tests.support.readers import Reader
from tests.support.stage import Stage

SIGNING = """
Sam: /start seoul_2026
Bot: (below) Save North Korean Refugees … Secretary-General … Joseph Park … {started}
Bot: 178,921 … 1,079 more to reach 180,000 … Signing takes about a minute
Bot: [✍️ Sign the petition] … [📖 Read the appeal] … [📰 Updates] [📣 Share] … [🌐

Sam: /read
Bot: (below) Why this petition matters … 1 / {pages} … [Next ›]
Sam: [Next]
Bot: (in place) 2 / {pages} … [‹ Previous] [Next ›]

Sam: /sign
Bot: (below) Which country do you live in? … [🇨🇦 {canada}] … [‹ Back] [Later]
Sam: [🇨🇦 {canada}]
Bot: (in place) Ready to sign? … 👤 Sam Taylor … 🇨🇦 {canada} … 💬 No reason given … /privacy
Sam: [✏️ Name]
Bot: (in place) Type the new name … [Keep “Sam Taylor”] … [Later]
Sam: =1+1
Bot: (below) Type the new name
Sam: [Keep “Sam Taylor”]
Sam: [✏️ Country]
Bot: (in place) Which country do you live in? … [🇨🇦 {canada}]
Sam: Korea, Democratic People's Republic of
Bot: (below) North or South Korea? … [🇰🇷 {south}] … [🇰🇵 {north}]
Sam: Sourth Korea
Bot: (below) Ready to sign? … 👤 Sam Taylor … 🇰🇷 {south}

Sam: [Reason]
Bot: Why are you signing?
Sam: No one should be sent back. “Please” <3 & soon
Bot: 💬 No one should be sent back. “Please” <3 & soon
Sam: [Country]
Bot: [Keep “🇰🇷 {south}”]
Sam: [{canada}]
Bot: 👤 Sam Taylor … 🇨🇦 {canada} … 💬 No one should be sent back.
Sam: /privacy
Bot: Your privacy … [✍️ Continue signing]
Sam: [Continue signing]
Bot: (in place) Ready to sign? … 🇨🇦 {canada}
Sam: [✍️ Sign]
Bot: (above) Thank you, Sam Taylor. … 178,922
Bot: (below) [🔔 Get updates] … [No, thanks]
Sam: [No, thanks]
Bot: (in place) 178,922 … #SaveMyFriend … [Share on Telegram] … [X] … [Facebook] … [📋 Copy message]
Sam: /sign
Bot: You signed on … 178,922
Sam: /start
Bot: 178,922 … 1 here … You've signed · supporter no. 178,922
Sam: /me
Bot: Sam Taylor … {canada}
Sam: /help
Bot: /start … /sign … /read … /updates … /subscribe … /unsubscribe … /share … /language … /privacy … /help … /cancel
Sam: /subscribe
Bot: You'll get updates
"""

BROADCAST = """
Yuna: /broadcast
Bot: (below) A new update … 3 … Send the text in {own} … [🌐 Another language …] … [Write later]
Yuna: (sticker)
Bot: (below) but not this … Send the text in {own}
Yuna: [Another language …]
Bot: (in place) Which language? … [➕ Korean] … [➕ English] … [➕ {own}]
Yuna: [➕ Korean]
Yuna: 친구가 <b>풀려났습니다</b> & 곧 옵니다.
Bot: (below) Which language next? … [➕ {own}] … [✅ That's all]
Yuna: [➕ {own}]
Yuna: Our friend is free.
Bot: (below) Which language next?
Yuna: [✅ That's all]
Bot: (in place) Who should get it? … [Readers of … 2] … [Everyone: 3]
Yuna: [Readers of]
Bot: (above) 친구가 <b>풀려났습니다</b> & 곧 옵니다. … [🔕 소식 그만 받기]
Bot: (above) Our friend is free. … [🔕 Stop these updates]
Bot: (below) This is what people will get. … 2 … [📣 Send …] … [🧪 Test …]
"""
SENDING = """
Yuna: [📣 Send …]
Bot: (in place) Send it now? … [✅ Yes, send it: 2]
Yuna: [✅ Yes, send it: 2]
Bot: (in place) On its way
Bot: (later) Sent. … 2 of 2 have it … [✏️ Correct …]
하나: (waits)
봇: (later) 친구가 <b>풀려났습니다</b> & 곧 옵니다. … [🔕 소식 그만 받기]
Sam: (waits)
Bot: (later) Our friend is free. … [🔕 Stop these updates]
Sam: /updates
Bot: (below) Our friend is free. … 1 / 2 … [Older ›]
"""
ADDING = """
Yuna: [➕ Add another language …]
Bot: (below) Which language would you like to add? … [➕ English]
Yuna: [➕ English]
Yuna: Our friend is free, says the team.
Bot: (above) Our friend is free, says the team.
Yuna: [📣 Send …]
Bot: (in place) [✅ Yes, send it: 1 at most]
Yuna: [✅ Yes, send it: 1 at most]
Bot: (later) Sent. … 3 of 3 have it
Mallory: (waits)
Bot: (later) Our friend is free, says the team.
"""
CORRECTING = """
Yuna: [✏️ Correct …]
Bot: (below) [✏️ Korean] … [✏️ {own}]
Yuna: [✏️ {own}]
Yuna: Our friend is free at last.
Yuna: [✏️ Correct it everywhere …]
Yuna: [✅ Yes, correct it]
Bot: (later) Corrected. … 2 of 2 are corrected
Sam: (waits)
Bot: (later) Our friend is free at last.
Yuna: /broadcasts
Bot: (below) Sent updates … [✅ … [└ ✏️
Yuna: [✅]
Yuna: [🗑 Delete for everyone …]
Bot: (in place) deleted in 2
Yuna: [🗑 Yes, delete it for 2]
Bot: (later) Deleted for everyone. … 2 of 2 are deleted
"""
DESK = """
Yuna: /stats
Bot: 178,921 in total … 1,079 more to reach 180,000 … [🌍 Countries]
Yuna: [🌍 Countries]
Yuna: /team
Bot: Yuna · owner, named in the settings
Yuna: /log
Bot: Yuna … began sending “Our friend is free.” to 2
Yuna: /export
Bot: It's empty. … [✓ All time]
Yuna: /appeal
Yuna: /doubts
Yuna: /scheduled
Yuna: /deliver
Yuna: /help
Bot: /desk … /broadcast … /stats … /deliver
Yuna: /petition
Bot: Open for signing … [🔒 Close]
"""


def leave_to_slow(*codes: str) -> list[Any]:
    """List the made-up languages, these only for the slow tests."""
    return [pytest.param(code, marks=pytest.mark.slow if code in codes else ()) for code in MADE_UP]


@pytest.mark.slow
@pytest.mark.parametrize("code", MADE_UP)
async def test_sam_signs_and_shares_in_any_language(
    empty_stage: Stage, made_up_locales: Path, readers: Callable[[str], Reader], code: str
) -> None:
    empty_stage.settings["locales_dir"] = made_up_locales
    await empty_stage.opens()
    sam = empty_stage.bring(readers(code), "Sam", last_name="Taylor")
    await empty_stage.tell(readers(code).tell(SIGNING))
    signature = empty_stage.ledger.signature(sam.id)
    assert signature is not None
    assert (signature["name"], signature["country"], signature["language"]) == ("Sam Taylor", "CA", code)
    assert signature["reason"] == "No one should be sent back. “Please” <3 & soon"
    assert signature["source"] == "seoul_2026"
    assert empty_stage.ledger.updates(sam.id) == code
    empty_stage.ledger.assert_consistent(signatures=1)


@pytest.mark.slow
@pytest.mark.parametrize("code", leave_to_slow("qps", "qar"))
async def test_yuna_sends_a_broadcast_in_any_language(
    empty_stage: Stage, made_up_locales: Path, readers: Callable[[str], Reader], code: str
) -> None:
    stage, reader = empty_stage, readers(code)
    yuna = await open_desk(stage, made_up_locales, reader)
    for story in (BROADCAST, SENDING, CORRECTING, DESK):
        await stage.tell(reader.tell(story))
    await close(yuna, {"en": "We did it.", code: "We thank you."}, code, reader.campaign.languages)
    await stage.tell("Sam: /start\nBot: We thank you.\n하나: /start\n봇: We did it.")
    stage.ledger.assert_consistent(signatures=0)


@pytest.mark.slow
@pytest.mark.parametrize("code", leave_to_slow("qar", "ar"))
async def test_yuna_adds_english_to_a_sent_broadcast(
    empty_stage: Stage, made_up_locales: Path, readers: Callable[[str], Reader], code: str
) -> None:
    await open_desk(empty_stage, made_up_locales, readers(code))
    for story in (BROADCAST, SENDING, ADDING):
        await empty_stage.tell(readers(code).tell(story))


async def open_desk(stage: Stage, locales: Path, reader: Reader) -> Actor:
    """Start the bot with three subscribers; 유나 is its organizer, and reads this language as Sam does."""
    stage.settings |= {"locales_dir": locales, "organizers": (YUNA,)}
    await stage.opens()
    stage.bring(reader, "Sam", last_name="Taylor")
    yuna = stage.bring(reader, "Yuna", person_id=YUNA)
    yuna.is_organizer = True
    await stage.tell("Sam: /subscribe\n하나: /subscribe\nMallory: /subscribe")
    return yuna


async def close(yuna: Actor, statement: Mapping[str, str], own: str, languages: Iterable[str]) -> None:
    """Close the petition with a statement, and without one in the other languages; their `own` is asked for first."""
    await yuna.taps("🔒 Close")
    for language in dict.fromkeys((own, *languages)):
        await (yuna.says(statement[language]) if language in statement else yuna.taps("No"))
    await yuna.taps("Yes, close it")
