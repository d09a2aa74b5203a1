"""Linked channels and groups: the list, one of them, and the questions before something is done there."""

from collections.abc import Sequence
from typing import Final, Literal

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.place import Place, PlaceKind
from chatbot.screens import callbacks
from chatbot.screens.rounded_counts import about
from chatbot.screens.screen import ButtonRow, ChatRequest, Copy, Press, Screen

PlaceAct = Literal["pause", "pin", "unlink"]
"""What is asked about before it is done."""
_TITLE: Final = 32
"""Characters of a title that fit a button."""


def shorten(title: str) -> str:
    return title if len(title) <= _TITLE else f"{title[: _TITLE - 1].rstrip()}…"


def sign_of(kind: PlaceKind) -> str:
    return {"channel": "📣", "group": "👥"}[kind]


def list_places(_: Translator, linked: Sequence[Place], most: int) -> Screen:
    """List the linked places, with a button for each."""
    parts = [_("📡 <b>Channels and groups</b>")]
    if linked:
        parts.append(Markup("\n").join(_line(_, place) for place in linked))
    else:
        parts.append(
            _(
                "Link a channel or group of your campaign: I can post your updates there, and pin a card whose number "
                "follows. Nobody there sees who signs. I keep nothing of what people say there."
            )
        )
    rows: list[ButtonRow] = [
        (Press(f"{sign_of(place.kind)} {_.isolate(shorten(place.title))}", callbacks.PLACES("show", place.code)),)
        for place in linked
    ]
    if len(linked) < most:
        rows.append((Press(_.label("➕ Link a channel or group"), callbacks.PLACES("new"), "primary"),))
    return Screen(Markup("\n\n").join(parts), tuple(rows))


def _line(_: Translator, place: Place) -> Markup:
    state = {"rights": "⚠️", "removed": "⚠️", "refused": "⚠️"}.get(place.trouble or "", "")
    state = "⏸" if place.is_paused else state
    parts = [_.isolate(shorten(place.title)), "" if _.is_alone else _.language_name(place.language), state]
    return _("{sign} {facts}", sign=sign_of(place.kind), facts=_.row(parts))


def ask_chat(_: Translator) -> Screen:
    """Ask which channel or group to link, with buttons that open Telegram's list of them."""
    text = _(
        "📡 <b>Link a channel or group</b>\n\nTap a button below the message field and choose one that you manage. "
        "Telegram adds me there and gives me the rights I need: in a channel, to post and to edit; in a group, to pin."
    )
    requests = (
        ChatRequest(_.label("📣 Choose a channel"), "channel"),
        ChatRequest(_.label("👥 Choose a group"), "group"),
    )
    return Screen(text, keyboard=(*requests, decline_label(_)))


def decline_label(_: Translator) -> str:
    return _.label("Not now")


def linked(_: Translator, title: str) -> Screen:
    """Confirm the link, and take the buttons below the message field away."""
    return Screen(_("✅ “{title}” is linked.", title=shorten(title)), removes_keyboard=True)


def linked_before(_: Translator, title: str) -> Screen:
    return Screen(_("“{title}” is linked already. This is how it is now.", title=shorten(title)), removes_keyboard=True)


def too_many(_: Translator, most: int) -> Screen:
    text = _.plural(
        "No more than {count} channel or group can be linked. Unlink one first.",
        "No more than {count} channels and groups can be linked. Unlink one first.",
        most,
    )
    return Screen(text, removes_keyboard=True)


def not_linked(_: Translator) -> Screen:
    """Confirm that nothing was linked, and take the buttons below the message field away."""
    return Screen(_("All right, nothing was linked. To see what is: /channels"), removes_keyboard=True)


def show_place(_: Translator, place: Place, link: str, signed: int) -> Screen:
    """Show one place, and what can be done there. About `signed` people signed through its `link`."""
    kind = {"channel": _.label("channel"), "group": _.label("group")}[place.kind]
    facts = [_("{sign} <b>{title}</b> · {kind}", sign=sign_of(place.kind), title=place.title, kind=kind)]
    facts.append(_("Linked: {date}", date=_.moment(place.linked_at)))
    if not _.is_alone:
        facts.append(_("Language there: {language}", language=_.language_name(place.language)))
    facts.append(_("Signed through its link: {count}", count=about(_, signed)))
    parts = [Markup("\n").join(facts), _state(_, place)]
    return Screen(Markup("\n\n").join(part for part in parts if part), _rows(_, place, link))


def _state(_: Translator, place: Place) -> Markup | None:
    lines = [
        _("⏸ Paused: I post nothing there, and the card stays as it is.") if place.is_paused else None,
        _trouble(_, place),
        _card(_, place),
    ]
    return Markup("\n").join(line for line in lines if line) or None


def _card(_: Translator, place: Place) -> Markup | None:
    if place.gets_card:
        return _("📌 The card is on its way.")
    if not place.has_card:
        return None
    if place.takes_posts:
        return _("📌 A card is pinned there, and its number follows.")
    return _("📌 A card is pinned there.")


def _trouble(_: Translator, place: Place) -> Markup | None:
    match place.trouble:
        case "rights":
            return _("⚠️ I may not post there: an admin took the right away. Give it back, and I go on.")
        case "removed":
            return _("⚠️ I was removed there. Add me again as an admin, and I go on.")
        case "refused":
            return _("⚠️ Telegram refuses my posts there. I try again with the next one.")
    return None


def _rows(_: Translator, place: Place, link: str) -> tuple[ButtonRow, ...]:
    card = (
        Press(_.label("📌 Unpin the card"), callbacks.PLACES("unpin", place.code))
        if place.card_message_id is not None
        else Press(_.label("📌 Pin a card"), callbacks.PLACES("ask", "pin", place.code))
    )
    rest = (
        Press(_.label("▶️ Resume"), callbacks.PLACES("resume", place.code))
        if place.is_paused
        else Press(_.label("⏸ Pause"), callbacks.PLACES("ask", "pause", place.code))
    )
    language = Press(_.label("🌐 Language"), callbacks.PLACES("languages", place.code))
    return (
        (card,),
        (rest,) if _.is_alone else (rest, language),
        (Copy(_.label("📋 Copy its link"), link),),
        (Press(_.label("🔌 Unlink …"), callbacks.PLACES("ask", "unlink", place.code)),),
        _way_back(_),
    )


def choose_language(_: Translator, place: Place) -> Screen:
    """Offer the languages of the petition for posts and cards in a place."""
    buttons = [
        Press(
            f"✓ {_.language_name(each)}" if each == place.language else _.own_name(each),
            callbacks.PLACES("speak", place.code, each),
        )
        for each in _.languages
    ]
    text = _(
        "🌐 <b>Which language do I use in “{title}”?</b>\n\nA card that is pinned there changes with it.",
        title=place.title,
    )
    rows = tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))
    return Screen(text, (*rows, _to_place(_, place)))


def ask(_: Translator, act: PlaceAct, place: Place, code: str) -> Screen:
    """Explain what happens, and ask for confirmation; `code` confirms it."""
    title = shorten(place.title)
    match act:
        case "pause":
            text = _(
                "⏸ <b>Pause “{title}”?</b>\n\nI post nothing there until somebody resumes it. What is there stays.",
                title=title,
            )
            yes = Press(_.label("Yes, pause"), callbacks.PLACES("pause", place.code, code))
        case "pin":
            text = _(
                "📌 <b>Pin a card in “{title}”?</b>\n\nI post a message with the petition, its number and a button to "
                "sign, and pin it without a sound. Everybody there sees it.",
                title=title,
            )
            yes = Press(_.label("Yes, pin it"), callbacks.PLACES("pin", place.code, code), "success")
        case "unlink":
            text = _(
                "🔌 <b>Unlink “{title}”?</b>\n\nI post nothing there any more. What is there stays, and so do the "
                "numbers of its link. I remain in the chat until you remove me.",
                title=title,
            )
            yes = Press(_.label("Yes, unlink"), callbacks.PLACES("unlink", place.code, code), "danger")
    return Screen(text, ((yes,), _to_place(_, place)))


def unlinked(_: Translator, title: str) -> Screen:
    return Screen(_("✅ “{title}” is unlinked.", title=shorten(title)), (_way_back(_),))


def _to_place(_: Translator, place: Place) -> ButtonRow:
    return (Press(_.label("‹ Back"), callbacks.PLACES("show", place.code)),)


def _way_back(_: Translator) -> ButtonRow:
    return (Press(_.label("‹ Channels and groups"), callbacks.PLACES("list")),)


def way_to_places(_: Translator) -> ButtonRow:
    """Return the button that opens the list."""
    return (Press(_.label("📡 Channels and groups"), callbacks.PLACES("list")),)
