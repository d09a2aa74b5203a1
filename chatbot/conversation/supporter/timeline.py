"""The timeline of campaign news, and the buttons below a broadcast: signing and unsubscribing."""

from dataclasses import replace

from chatbot.conversation.supporter import signing
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.post import Post
from chatbot.petition.languages import find_nearest
from chatbot.screens import callbacks
from chatbot.screens.callbacks import read_number
from chatbot.screens.screen import Screen
from chatbot.screens.supporter import subscription, timeline
from chatbot.storage.broadcasts import broadcasts
from chatbot.storage.people import subscriptions


async def updates(turn: Turn, page: str) -> Reply:
    """Show a page of the timeline, newest first: broadcasts, then the news that came with the campaign."""
    sent = await broadcasts.count_in_timeline(turn.tx)
    pages = sent + len(turn.words.updates)
    number = max(min(read_number(page), pages), 1)
    broadcast = await broadcasts.find_in_timeline(turn.tx, number - 1)
    if broadcast is None or broadcast.started_at is None:
        screen = timeline.bundled_page(turn._, turn.language, turn.words, number, sent, turn.reader)
    else:
        post = _choose_post(turn, broadcast)
        screen = timeline.broadcast_page(
            turn._, turn.language, post, broadcast.started_at, broadcast.id, number, pages, turn.reader
        )
    return Reply.staying(turn, screen)


async def picture(turn: Turn, broadcast_id: str) -> Reply:
    """Send the picture or file of a broadcast in the timeline, with its text."""
    broadcast = await broadcasts.find(turn.tx, read_number(broadcast_id))
    if broadcast is None or broadcast.kind != "update" or not broadcast.started_at or broadcast.recalled_at:
        return Reply.staying(turn, None, timeline.gone(turn._))
    post = _choose_post(turn, broadcast)
    return replace(Reply.staying(turn, None), first=(Screen(post.text, media=post.media),))


async def leave(turn: Turn, _argument: str) -> Reply:
    """End the subscription, and say so below the broadcast whose button was tapped."""
    await subscriptions.end(turn.tx, turn.person.id, "asked", turn.now)
    return replace(Reply.staying(turn, subscription.unsubscribed(turn._, turn.language, turn.reader)), below=True)


async def sign(turn: Turn, where: str) -> Reply:
    """Begin to sign by a button. A broadcast whose button was tapped stays as it is."""
    reply = await signing.begin(turn, "")
    return replace(reply, below=True) if where == callbacks.BELOW else reply


def _choose_post(turn: Turn, broadcast: Broadcast) -> Post:
    """Return the post in the reader's language, or else in the nearest one."""
    language = find_nearest(turn.language, broadcast.posts, turn.campaign.listed)
    assert language is not None  # no broadcast starts without a post
    return broadcast.posts[language]
