"""Members of the team: the list, one member, and confirmations of changes."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.team import ROLES, Invitation, Member, Role
from chatbot.screens import callbacks, times
from chatbot.screens.organizer.team.own_zone import way_to_zone
from chatbot.screens.screen import ButtonRow, Press, Screen

_NAME = 24
"""Letters of a name that fit a button beside a role."""


def role_name(_: Translator, role: Role) -> str:
    """Name a role. Plain text."""
    names = {"viewer": _.label("viewer"), "organizer": _.label("organizer"), "owner": _.label("owner")}
    return names[role]


def duties(_: Translator, role: Role) -> Markup:
    """Describe a role in one line."""
    match role:
        case "viewer":
            return _("Viewers see the numbers, and nothing else.")
        case "organizer":
            return _("Organizers write updates to everyone and run the campaign.")
        case "owner":
            return _("Owners also decide who is in the team, and can export every signature.")


def shorten(_: Translator, name: str) -> str:
    """Shorten a name; an owner named in the settings has none before they first write."""
    if not name.strip():
        return _.label("(no name yet)")
    return name if len(name) <= _NAME else f"{name[: _NAME - 1].rstrip()}…"


def list_members(
    _: Translator,
    members: Sequence[Member],
    invitations: Sequence[Invitation],
    threshold: int | None,
    *,
    is_owner: bool,
) -> Screen:
    """List the team; owners can change it."""
    lines = [_line(_, member) for member in members]
    parts = [_("👥 <b>The team</b>"), Markup("\n").join(lines)]
    if is_owner and invitations:
        parts.append(Markup("\n").join(_open_invitation(_, each) for each in invitations))
    parts.append(_second_pair(_, threshold))
    rows: list[ButtonRow] = []
    if is_owner:
        rows += [
            (
                Press(
                    f"{_.isolate(shorten(_, member.name))} · {role_name(_, member.role)}",
                    callbacks.TEAM("member", member.id),
                ),
            )
            for member in members
        ]
        rows += [
            (
                Press(
                    _.label("⏳ Cancel: {role}", role=f"{role_name(_, each.role)}, {times.brief(_, each.until)}"),
                    callbacks.TEAM("withdraw", each.id),
                ),
            )
            for each in invitations
        ]
        rows.append((Press(_.label("➕ Invite someone"), callbacks.TEAM("invite"), "primary"),))
        rows.append((Press(_.label("👀 Approval before sending"), callbacks.TEAM("eyes")),))
    rows.append(way_to_zone(_))
    rows.append((Press(_.label("📒 Activity log"), callbacks.LOG("list", "", 0, 0)),))
    return Screen(Markup("\n\n").join(parts), tuple(rows))


def _line(_: Translator, member: Member) -> Markup:
    name, role = shorten(_, member.name), role_name(_, member.role)
    if member.is_configured:
        return _("<b>{name}</b> · {role}, named in the settings", name=name, role=role)
    since = _.moment(member.joined_at) if member.joined_at else ""
    return _("<b>{name}</b> · {role}, since {date}", name=name, role=role, date=since)


def _open_invitation(_: Translator, invitation: Invitation) -> Markup:
    return _(
        "⏳ invited: {role}, until {moment}",
        role=role_name(_, invitation.role),
        moment=times.named(_, invitation.until),
    )


def _second_pair(_: Translator, threshold: int | None) -> Markup:
    if threshold is None:
        return _("👀 One organizer alone can send an update to everybody.")
    return _.plural(
        "👀 An update to more than {count} person needs a second organizer's approval.",
        "👀 An update to more than {count} people needs a second organizer's approval.",
        threshold,
    )


def show_member(_: Translator, member: Member, names: Mapping[int, str], *, is_self: bool) -> Screen:
    """Show one member, with the changes open to an owner."""
    back = (Press(_.label("‹ The team"), callbacks.TEAM("list")),)
    head = _("<b>{name}</b> · {role}", name=shorten(_, member.name), role=role_name(_, member.role))
    if member.is_configured:
        told = _(
            "Named in the settings: whoever runs the bot wrote this account into <code>ORGANIZERS</code>, and so it is "
            "an owner. That can only be changed there."
        )
        return Screen(Markup("\n\n").join((head, duties(_, member.role), told)), (back,))
    parts = [head, duties(_, member.role)]
    inviter = names.get(member.invited_by) if member.invited_by is not None else None
    if member.joined_at and inviter:
        date = _.moment(member.joined_at)
        parts.append(_("In the team since {date}, invited by {name}.", date=date, name=shorten(_, inviter)))
    if is_self:
        parts.append(_("This is you."))
    rows: list[ButtonRow] = [
        (Press(_.label("Make {role}", role=role_name(_, role)), callbacks.TEAM("ask", member.id, member.role, role)),)
        for role in reversed(ROLES)
        if role != member.role
    ]
    rows.append((Press(_.label("🚪 Remove from the team …"), callbacks.TEAM("ask", member.id, member.role, "none")),))
    return Screen(Markup("\n\n").join(parts), (*rows, back))


def ask_change(_: Translator, member: Member, after: Role | None, code: str, *, is_self: bool) -> Screen:
    """Explain a change and ask for confirmation."""
    name, before = shorten(_, member.name), role_name(_, member.role)
    if after is None:
        head = _("🚪 <b>Remove {name} from the team?</b>", name=name)
        means = _("They lose the organizers' commands right away. They stay a supporter like everyone else.")
        label = _.label("Yes, remove")
    else:
        role = role_name(_, after)
        head = _("<b>{name}: from {before} to {after}?</b>", name=name, before=before, after=role)
        means = duties(_, after)
        label = _.label("Yes, make {role}", role=role)
    parts = [head, means]
    if is_self:
        parts.append(_("⚠️ This is you. Another owner would have to undo it."))
    yes = Press(
        label,
        callbacks.TEAM("change", member.id, member.role, after or "none", code),
        "success" if after else "danger",
    )
    return Screen(
        Markup("\n\n").join(parts), ((yes,), (Press(_.label("‹ Back"), callbacks.TEAM("member", member.id)),))
    )


def changed(_: Translator, name: str, after: Role | None) -> Screen:
    """Confirm the change, which applies at once."""
    text = _("✅ {name} is no longer in the team.", name=shorten(_, name))
    if after is not None:
        text = _("✅ {name}: {role}.", name=shorten(_, name), role=role_name(_, after))
    return Screen(text, ((Press(_.label("‹ The team"), callbacks.TEAM("list")),),))


def last_owner(_: Translator) -> str:
    """Notice: the last owner must stay. Plain text."""
    return _.label("The last owner has to stay: make someone else an owner first.")


def somebody_was_first(_: Translator) -> str:
    """Notice: another owner changed this meanwhile. Plain text."""
    return _.label("That has changed in the meantime. This is how it is now.")
