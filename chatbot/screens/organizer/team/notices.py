"""Notices to members about changes in the team."""

from datetime import datetime
from typing import cast

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.job import JobDetails
from chatbot.petition.team import Role
from chatbot.screens import callbacks, times
from chatbot.screens.organizer.team.members import duties, role_name, shorten
from chatbot.screens.screen import ButtonRow, Press, Screen


def joined(_: Translator, details: JobDetails) -> Screen:
    """Announce a member who accepted an invitation."""
    text = _(
        "👥 <b>{name} has joined the team</b> as {role}, invited by {inviter}.",
        name=shorten(_, str(details["name"])),
        role=role_name(_, _role(details["role"])),
        inviter=shorten(_, str(details["inviter"])),
    )
    return Screen(text, _way(_))


def changed(_: Translator, details: JobDetails) -> Screen:
    name, member = shorten(_, str(details["name"])), shorten(_, str(details["by"]))
    if details["after"] is None:
        return Screen(_("👥 {by} has removed <b>{name}</b> from the team.", by=member, name=name), _way(_))
    text = _(
        "👥 {by} has changed the role of <b>{name}</b>: from {before} to {after}.",
        by=member,
        name=name,
        before=role_name(_, _role(details["before"])),
        after=role_name(_, _role(details["after"])),
    )
    return Screen(text, _way(_))


def forgotten(_: Translator, details: JobDetails) -> Screen:
    """Notify that a member erased their data; their log entries keep their name for a while."""
    text = _(
        "👥 {name} ({role}) erased everything about themselves, and left the team. What they did "
        "is in the log under their name until {moment}.",
        name=shorten(_, str(details.get("name") or "")),
        role=role_name(_, _role(details["role"])),
        moment=times.full(_, datetime.fromisoformat(str(details["until"]))),
    )
    return Screen(text, _way(_))


def hidden(_: Translator, _details: JobDetails) -> Screen:
    """Notify that the log no longer names a former member."""
    return Screen(_("👥 The log no longer names someone who left the team and erased their data."), _way(_))


def yours_changed(_: Translator, details: JobDetails) -> Screen:
    """Tell a member about their new role."""
    if details["after"] is None:
        return Screen(
            _(
                "You're no longer in the team of this petition, and its commands are gone from your "
                "menu. Thank you for everything you did. You're always welcome as a supporter."
            )
        )
    role = _role(details["after"])
    text = _(
        "👥 <b>Your role in the team is now: {role}</b>, decided by {by}.\n\n{duties}",
        role=role_name(_, role),
        by=shorten(_, str(details["by"])),
        duties=duties(_, role),
    )
    return Screen(text)


def threshold(_: Translator, details: JobDetails) -> Screen:
    """Announce the new approval threshold."""
    member, after = shorten(_, str(details["by"])), details["after"]
    if not isinstance(after, int):
        text = _("👀 {by} has switched off approval before sending: one organizer alone can send again.", by=member)
        return Screen(text, _way(_))
    text = _.plural(
        "👀 {by} has decided that an update to more than {count} person needs a second organizer's approval.",
        "👀 {by} has decided that an update to more than {count} people needs a second organizer's approval.",
        after,
        by=member,
    )
    if scheduled := int(details.get("scheduled") or 0):
        told = _.plural(
            "⚠️ {count} scheduled update needs approval now: /scheduled",
            "⚠️ {count} scheduled updates need approval now: /scheduled",
            scheduled,
        )
        text = Markup("\n\n").join((text, told))
    return Screen(text, _way(_))


def _role(text: str | int | None) -> Role:
    return cast("Role", text)


def _way(_: Translator) -> tuple[ButtonRow, ...]:
    return ((Press(_.label("👥 The team"), callbacks.TEAM("list")),),)
