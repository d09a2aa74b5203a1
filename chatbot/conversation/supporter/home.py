"""Commands and buttons that work at every step and keep an unfinished signature."""

import re
from dataclasses import replace

from chatbot.conversation.interface import Said
from chatbot.conversation.turn import Reply, Turn
from chatbot.petition.languages import Language
from chatbot.screens import callbacks, languages
from chatbot.screens.callbacks import read_number
from chatbot.screens.organizer import desk, menu
from chatbot.screens.screen import Screen
from chatbot.screens.supporter import appeal, general, sharing, subscription, welcome
from chatbot.screens.supporter.rights.privacy import Privacy, explain
from chatbot.storage.people import subscriptions, supporters

# What Telegram allows in a deep link: https://core.telegram.org/bots/features#deep-linking
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


async def start(turn: Turn, payload: str) -> Reply:
    """Show the welcome, and store the deep link that brought them. Only the first one counts."""
    if turn.source is None and _PAYLOAD.fullmatch(payload):
        await supporters.remember_source(turn.tx, turn.person.id, payload)
    return Reply.staying(turn, _welcome(turn))


async def home(turn: Turn, _language: str) -> Reply:
    """Show the welcome."""
    return Reply.staying(turn, _welcome(turn))


async def read(turn: Turn, page: str) -> Reply:
    """Show a page of the appeal."""
    reply = Reply.staying(turn, appeal.appeal(turn._, turn.words, read_number(page), turn.reader))
    return replace(reply, funnel_step="read", below=page == callbacks.BELOW)


async def share(turn: Turn, where: str) -> Reply:
    """Show the ways to share the petition, in place of the tapped message or below it."""
    return replace(Reply.staying(turn, await sharing_screen(turn)), below=where == callbacks.BELOW)


async def sharing_screen(turn: Turn, *, joined: Language | None = None) -> Screen:
    """Draw the sharing screen with the supporter's own link."""
    link = await find_own_link(turn)
    screen = sharing.share(
        turn._, turn.campaign, link, turn.total, turn.reader, joined=joined, offers_chats=turn.offers_chats
    )
    return sharing.add_hint_of_inline_mode(turn._, screen) if turn.team and not turn.offers_chats else screen


async def find_own_link(turn: Turn) -> str:
    """Return the supporter's own link."""
    return f"{turn.bot_link}?start={await turn.share_codes.give(turn.tx, turn.person.id)}"


async def privacy(turn: Turn, _argument: str) -> Reply:
    """Explain what is stored, why and how long, with buttons to see, change and erase it."""
    campaign = turn.campaign
    facts = Privacy(turn.words.addressee, campaign.contact, campaign.retention_days, sealed=turn.name_vault.is_sealing)
    return Reply.staying(turn, explain(turn._, facts, turn.reader))


async def guide(turn: Turn, _argument: str) -> Reply:
    """List the commands."""
    if turn.team:
        groups = menu.grouped(turn._, turn.team.role)
        to_desk = desk.way_to_desk(turn._)
        return Reply.staying(turn, general.team_guide(turn._, groups, to_desk, is_open=turn.reader.is_open))
    return Reply.staying(turn, general.guide(turn._, turn.reader))


async def choose_language(turn: Turn, verb: str) -> Reply:
    """Offer the languages of the chat or, with a verb of subscribing, those of updates."""
    if verb in (callbacks.JOIN, callbacks.SUBSCRIBE):
        joining = verb == callbacks.JOIN
        screen = languages.choose_subscription_language(turn._, turn.subscription_language, joining=joining)
        return Reply.staying(turn, screen)
    return Reply.staying(turn, languages.choose_language(turn.translators, turn.language))


async def subscribe(turn: Turn, language: str) -> Reply:
    """Subscribe them in the language of the button, of an earlier subscription, or of the chat."""
    chosen = turn.read_language(language) or turn.subscription_language or turn.language
    await subscriptions.subscribe(turn.tx, turn.person.id, chosen, turn.now)
    return Reply.staying(turn, subscription.subscribed(turn._, chosen, turn.reader), funnel_step="subscribed")


async def join(turn: Turn, language: str) -> Reply:
    """Subscribe as the answer to the last question of signing, then show the ways to share."""
    chosen = turn.read_language(language) or turn.language
    await subscriptions.subscribe(turn.tx, turn.person.id, chosen, turn.now)
    return Reply.staying(turn, await sharing_screen(turn, joined=chosen), funnel_step="subscribed")


async def unsubscribe(turn: Turn, _argument: str) -> Reply:
    """End the subscription."""
    if not await subscriptions.end(turn.tx, turn.person.id, "asked", turn.now) and isinstance(turn.event, Said):
        return Reply.staying(turn, subscription.not_subscribed(turn._, turn.language))
    return Reply.staying(turn, subscription.unsubscribed(turn._, turn.language, turn.reader))


def _welcome(turn: Turn) -> Screen:
    screen = welcome.welcome(turn._, turn.campaign, turn.language, turn.signed_here, turn.reader)
    return replace(screen, rows=(*screen.rows, desk.way_to_desk(turn._))) if turn.team else screen
