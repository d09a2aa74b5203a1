"""The link that makes an owner: what the person who follows it sees, and how the team is told."""

from chatbot.i18n import Translator
from chatbot.petition.job import JobDetails
from chatbot.petition.retention import FORMER_MEMBERS
from chatbot.screens import callbacks
from chatbot.screens.context import way_back
from chatbot.screens.organizer.desk import way_to_desk
from chatbot.screens.organizer.team.members import duties, shorten
from chatbot.screens.screen import Press, Screen


def ask(_: Translator, title: str, code: str) -> Screen:
    """Say what an owner is, and ask."""
    text = _(
        "🔑 <b>You become an owner of the petition</b> “{title}”.\n\n{organizers}\n{owners}\n\nThe other members will "
        "see your name as Telegram shows it. What you do for the team is in the log under that name, up to {days} days "
        "after you leave, even if you erase your data. You don't have to sign the petition.",
        title=title,
        organizers=duties(_, "organizer"),
        owners=duties(_, "owner"),
        days=_.number(FORMER_MEMBERS.days),
    )
    return Screen(
        text,
        (
            (Press(_.label("✅ Yes, I'll be an owner"), callbacks.OWNER(code), "success"),),
            (Press(_.label("No, thank you"), callbacks.HOME),),
        ),
    )


def welcome(_: Translator) -> Screen:
    """Welcome the new owner; the desk follows below."""
    return Screen(
        _(
            "🎉 <b>You're an owner of this petition now.</b> Below is your desk: everything you can do starts there. "
            "/desk brings it back, and /team invites others."
        )
    )


def is_owner(_: Translator) -> Screen:
    """Tell an owner that the link is for somebody else."""
    return Screen(
        _("You're already an owner of this petition. A link like this makes someone else one."), (way_to_desk(_),)
    )


def over(_: Translator) -> Screen:
    """Say the same of a link that is used, expired, replaced or invented."""
    text = _("This link doesn't work, or no longer does. Whoever gave it to you can make a new one.")
    return Screen(text, ((way_back(_),),))


def joined(_: Translator, details: JobDetails) -> Screen:
    """Notify that somebody became an owner without an invitation."""
    text = _(
        "👥 <b>{name} is an owner now</b>, by a link that was made on the machine the bot runs on. If you don't know "
        "about it, ask whoever runs the bot.",
        name=shorten(_, str(details["name"])),
    )
    return Screen(text, ((Press(_.label("👥 The team"), callbacks.TEAM("list")),),))
