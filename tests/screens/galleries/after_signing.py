"""Screens after signing: how many signed through somebody's link, and what else people can do."""

from collections.abc import Iterator
from dataclasses import replace

from chatbot.i18n import Translator
from chatbot.petition.actions.action import Action, ActionWords
from chatbot.petition.model import Campaign
from chatbot.screens.context import ReaderContext
from chatbot.screens.screen import Screen
from chatbot.screens.supporter import my_data, sharing, signed, welcome
from chatbot.screens.supporter.after_signing import actions, friends
from tests.support.cast import HANA, NOW

LINK = "https://t.me/SaveMyFriendBot?start=s-KqX4zP9a"


def make_actions(_: Translator, campaign: Campaign) -> list[Action]:
    """Return the campaign's actions, and a mail and a call to somebody. Without words in a language it is the title."""
    title = campaign.words[_.language].title
    words = ActionWords(title[:40], title, title, f"{title}\n\n{title}", title)
    mail = Action("mail", "mail", {_.language: words}, to="office@example.org")
    call = Action("call", "call", {_.language: words}, phone="+82 2-123-4567")
    found = [replace(each, words={_.language: each.words.get(_.language, words)}) for each in campaign.actions]
    return [*found, mail, call]


def after_signing_screens(
    _: Translator, campaign: Campaign, reader: ReaderContext, total: int
) -> Iterator[tuple[str, Screen]]:
    """Yield each screen under its own name; `reader` has signed and has no subscription."""
    yield "friends-one", friends.tell(_, 1)
    yield "friends-many", friends.tell(_, 1_204)
    yield "friends-muted", friends.muted(_)
    yield "friends-unmuted", friends.unmuted(_)
    sharer = replace(reader, friends_signed=3)
    own = my_data.Own(reader.number or 1, NOW, "Sam Taylor", "US", None, named=False)
    yield "friends-me", my_data.show(_, replace(sharer, hears_of_friends=False), own, HANA)
    made = make_actions(_, campaign)
    next_up = replace(sharer, next_action=made[0])
    yield "friends-share", sharing.share(_, campaign, LINK, total, next_up)
    yield "friends-welcome", welcome.welcome(_, campaign, _.language, total - campaign.carried_over, next_up)
    yield "action-next", signed.signed_already(_, reader.number or 1, NOW, next_up)
    for nth, action in enumerate(made):
        yield f"action-{nth}-{action.kind}", actions.show(_, action, LINK, reader, has_others=nth > 0)
    yield "action-none-left", actions.all_done(_, reader)
