"""The timeline of campaign news, and unsubscribing below a broadcast."""

from dataclasses import replace

from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.post import Post
from chatbot.petition.languages import find_nearest
from chatbot.screens.callbacks import read_number
from chatbot.screens.screen import Screen
from chatbot.screens.supporter import subscription, timeline
from chatbot.storage.broadcasts import broadcasts
from chatbot.storage.people import subscriptions


async def updates(turn: Turn, page: str) -> Reply:
    """Show a page of the timeline, newest first: broadcasts, then the news that came with the campaign."""
    sent = await broadcasts.count_told(turn.tx)
    pages = sent + len(turn.words.updates)
    number = max(min(read_number(page), pages), 1)
    told = await broadcasts.find_told(turn.tx, number - 1)
    if told is None or told.started_at is None:
        screen = timeline.bundled(turn._, turn.language, turn.words, number, sent, turn.reader)
    else:
        post = _read_by(turn, told)
        screen = timeline.told(turn._, turn.language, post, told.started_at, told.id, number, pages, turn.reader)
    return Reply.staying(turn, screen)


async def picture(turn: Turn, broadcast_id: str) -> Reply:
    """Send the picture or file of a broadcast in the timeline, with its text."""
    told = await broadcasts.find(turn.tx, read_number(broadcast_id))
    if told is None or told.kind != "update" or told.started_at is None or told.recalled_at is not None:
        return Reply.staying(turn, None, timeline.gone(turn._))
    post = _read_by(turn, told)
    return replace(Reply.staying(turn, None), first=(Screen(post.text, media=post.media),))


async def leave(turn: Turn, _argument: str) -> Reply:
    """End the subscription, and say so below the broadcast they tapped in."""
    await subscriptions.end(turn.tx, turn.person.id, "asked", turn.now)
    return replace(Reply.staying(turn, subscription.unsubscribed(turn._, turn.language, turn.reader)), below=True)


def _read_by(turn: Turn, told: Broadcast) -> Post:
    """Give the post in the reader's language, or in a fallback of it."""
    language = find_nearest(turn.language, told.posts, turn.campaign.listed)
    return told.posts[language or next(iter(told.posts))]
