"""Being forgotten: the question, and the last word."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.screens import actions
from chatbot.screens.screen import Press, Screen
from chatbot.screens.standing import Standing


def ask(_: Translator, standing: Standing, yes: str, *, in_team: bool = False) -> Screen:
    """Ask once more; `yes` is the action that does it."""
    lines = [
        _(
            "<b>Shall we forget you?</b>\n\nEverything kept about you here is erased at once: your Telegram id, your "
            "language, your answers, your updates, and that you were ever here. It cannot be undone."
        )
    ]
    if standing.number is not None:
        lines.append(_("Your signature goes with it and is no longer counted."))
    if in_team:
        lines.append(_("You also leave the team. What you did there stays in its log, without your name and id."))
    lines.append(_("What stands in this chat stays in your Telegram until you delete the chat."))
    return Screen(
        Markup("\n\n").join(lines),
        ((Press(_.label("Erase everything"), yes, "danger"),), (Press(_.label("Keep everything"), actions.HOME),)),
    )


def farewell(_: Translator) -> Screen:
    """The last word: no button that would lead back."""
    return Screen(
        _(
            "<b>Everything about you is erased.</b>\n\nThere is no more to say from here: no updates, no reminders. "
            "If nobody is to see that you were here, delete this chat too. Should you write again, we begin as "
            "strangers.\n\nTake care. 💙"
        )
    )


def nothing_kept(_: Translator) -> Screen:
    """Somebody unknown wants to be forgotten; not even that is kept."""
    return Screen(_("Nothing about you is kept here."))


def is_named(_: Translator) -> Screen:
    """An owner by the settings would be one again with the next word."""
    return Screen(
        _(
            "Your id stands in the bot's own settings (<code>ORGANIZERS</code>), which cannot be changed from here. "
            "Have it taken out there first; then /forget erases everything."
        )
    )


def last_owner(_: Translator) -> Screen:
    """Nobody would be left to run the petition."""
    return Screen(_("You are the last owner of this petition. Make somebody else an owner first: /team"))
