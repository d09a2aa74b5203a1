"""Invitations into the team: the link for owners to send, and what its recipient sees."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.retention import FORMER_MEMBERS
from chatbot.petition.team import Invitation, Role
from chatbot.screens import callbacks, times
from chatbot.screens.context import way_back
from chatbot.screens.organizer.desk import way_to_desk
from chatbot.screens.organizer.team.members import duties, role_name, shorten
from chatbot.screens.screen import Copy, Press, Screen


def ask_role(_: Translator, secret: str) -> Screen:
    """Ask for the role; the choice creates the link from `secret`."""
    text = Markup("\n\n").join(
        (
            _("➕ <b>Which role will they have?</b>"),
            Markup("\n").join((duties(_, "viewer"), duties(_, "organizer"))),
            _("You can make an organizer an owner later."),
        )
    )
    return Screen(
        text,
        (
            (
                Press(_.label("As organizer"), callbacks.TEAM("new", "organizer", secret)),
                Press(_.label("As viewer"), callbacks.TEAM("new", "viewer", secret)),
            ),
            (Press(_.label("‹ Back"), callbacks.TEAM("list")),),
        ),
    )


def invited(_: Translator, invitation: Invitation, link: str, command: str) -> Screen:
    """Show the link, its validity and its role. `command` is the text that the link sends to the bot.

    Some clients open the chat but drop that text if the person has started the bot before.
    """
    text = _(
        "✉️ <b>Invitation: {role}</b>\n\nSend this link to one person you trust:\n"
        "<code>{link}</code>\n\nThe first person to open it can join, and then it's used up. It's "
        "valid until {moment}.\n\nIf it only shows them the petition, they can send the bot this "
        "instead:\n<code>{command}</code>",
        role=role_name(_, invitation.role),
        link=link,
        command=command,
        moment=times.moment(_, invitation.until),
    )
    return Screen(
        text,
        (
            (Copy(_.label("📋 Copy the link"), link),),
            (Copy(_.label("📋 Copy the command"), command),),
            (Press(_.label("Cancel the invitation"), callbacks.TEAM("withdraw", invitation.id)),),
            (Press(_.label("‹ The team"), callbacks.TEAM("list")),),
        ),
    )


def taken_back(_: Translator) -> str:
    """Notice: the invitation is invalid. Plain text."""
    return _.label("Cancelled. That link no longer works.")


def used_up(_: Translator) -> str:
    """Notice: the invitation was used, revoked or expired. Plain text."""
    return _.label("That invitation was used or has expired.")


def full(_: Translator, most: int) -> str:
    """Notice: the team is full. Plain text."""
    return _.label("A team has {most} members at most, invitations included.", most=_.number(most))


def invite(_: Translator, title: str, inviter: str, invitation: Invitation, code: str) -> Screen:
    """Show who invites to which role, and ask."""
    text = _(
        "👋 <b>{name} invites you to the team</b> of “{title}”, as {role}.\n\n{duties}\n\nThe other "
        "members will see your name as Telegram shows it. What you do for the team is in the log "
        "under that name, up to {days} days after you leave, even if you erase your data. You "
        "don't have to sign the petition.",
        days=_.number(FORMER_MEMBERS.days),
        name=shorten(_, inviter),
        title=title,
        role=role_name(_, invitation.role),
        duties=duties(_, invitation.role),
    )
    return Screen(
        text,
        (
            (Press(_.label("✅ Yes, I'll join"), callbacks.ACCEPT(invitation.id, code), "success"),),
            (Press(_.label("No, thank you"), callbacks.HOME),),
        ),
    )


def is_member(_: Translator, role: Role) -> Screen:
    """Say that the invitation adds nothing to their role."""
    text = _(
        "You're already in the team: {role}. Someone else can still use the link.",
        role=role_name(_, role),
    )
    return Screen(text, (way_to_desk(_),))


def over(_: Translator) -> Screen:
    """Say that the link is invalid."""
    text = _("This invitation was already used, or has expired. Whoever sent it to you can make a new one.")
    return Screen(text, ((way_back(_),),))


def welcome(_: Translator, role: Role) -> Screen:
    """Welcome the new member, and show the way to the desk."""
    text = _(
        "🎉 <b>Welcome to the team.</b> Your role: {role}.\n\n{duties}\n\nEverything you can do starts at your desk. "
        "/desk brings it back.",
        role=role_name(_, role),
        duties=duties(_, role),
    )
    return Screen(text, (way_to_desk(_), (way_back(_),)))
