"""What a change of the petition status brings: what supporters see, what is erased, and what the audit log says."""

from collections.abc import Collection
from dataclasses import replace

from markupsafe import Markup

from chatbot.conversation.turn import Turn
from chatbot.petition.language_guess import strip_tags
from chatbot.petition.languages import Language
from chatbot.petition.lifecycle import PetitionStatus, Told
from chatbot.petition.retention import find_due
from chatbot.screens.context import ReaderContext
from chatbot.screens.organizer.petition.telling_the_end import Consequences, say_prepared
from chatbot.screens.screen import Screen
from chatbot.screens.supporter.welcome import welcome
from chatbot.storage.broadcasts import waiting
from chatbot.storage.organizer.status_drafts import StatusDraft
from chatbot.storage.people import subscriptions
from chatbot.storage.places import places


def apply_draft(status: PetitionStatus, draft: StatusDraft) -> PetitionStatus:
    """Compute the status after a change."""
    match draft.change:
        case "closed" | "victory":
            return replace(status, ending=draft.change, statement=draft.words)
        case "reopened":
            return replace(status, ending=None, statement={})
        case "statement":
            return replace(status, statement=draft.words)
        case "answer":
            return replace(status, answer=draft.words)
        case "milestone":
            return replace(status, next_milestone=draft.number)


def preview(turn: Turn, after: PetitionStatus) -> list[Screen]:
    """Draw the welcome after a change, in every language."""
    is_open = turn.campaign.is_open and after.ending is None
    drawn = []
    for language in turn.campaign.languages:
        reader = ReaderContext(is_open, status=after)
        screen = welcome(turn.translators[language], turn.campaign, language, turn.signed_here, reader)
        drawn.append(replace(screen, rows=()))
    return drawn


async def find_consequences(turn: Turn, words: Collection[Language]) -> Consequences:
    """Find what the end of the petition means for its subscribers and for names, with words in these languages."""
    days = turn.campaign.retention_days
    readers = await count_readers(turn, words)
    subscribers = await subscriptions.count(turn.tx)
    return Consequences(subscribers, readers, days, find_due(turn.now, days), await list_prepared(turn))


async def list_prepared(turn: Turn) -> tuple[Markup, ...]:
    """Say which broadcasts were prepared before a change, and go out all the same."""
    scheduled, requested = await waiting.count_scheduled(turn.tx), await waiting.count_requested(turn.tx)
    return say_prepared(turn._, scheduled, requested)


async def find_told(turn: Turn, draft: StatusDraft) -> tuple[Told, int] | None:
    """Find what subscribers can be told after a change, and how many of them.

    The number is 0 if it can only be posted in linked places. None if there is no news, or nobody to tell.
    """
    is_end, readers = draft.change in ("closed", "victory"), await count_readers(turn, draft.words)
    subscribers = await subscriptions.count(turn.tx) if is_end else 0
    told: Told = "answer" if draft.change == "answer" else "statement"
    if readers:
        return told, readers
    if subscribers:
        return "end", subscribers
    if (draft.words or is_end) and await places.list_linked(turn.tx):
        return told if draft.words else "end", 0
    return None


async def count_readers(turn: Turn, words: Collection[Language]) -> int:
    """Count the subscribers who get a broadcast with these words: readers of another language get none."""
    counts = await subscriptions.count_by_language(turn.tx)
    return sum(count for each, count in counts.items() if turn.campaign.find_offered(each) in words)


def describe(turn: Turn, before: PetitionStatus, after: PetitionStatus) -> dict[str, str | int | None]:
    """Details for the audit log: the status before and after."""

    def texts(status: PetitionStatus) -> str | None:
        written = ((words, each) for words in (status.statement, status.answer) for each in turn.campaign.languages)
        return " / ".join(str(strip_tags(words[each])) for words, each in written if each in words) or None

    return {
        "before": before.ending or "open",
        "after": after.ending or "open",
        "words_before": texts(before),
        "words_after": texts(after),
        "milestone_before": before.next_milestone,
        "milestone_after": after.next_milestone,
    }
