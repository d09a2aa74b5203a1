"""Details of a draft: its settings, its buttons, a picture in one language only, and a test to the team."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.post import MAX_CAPTION_LENGTH, READY_BUTTONS
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens import callbacks
from chatbot.screens.organizer.broadcasts.composing import asking, discard
from chatbot.screens.organizer.broadcasts.message import ready_button
from chatbot.screens.organizer.broadcasts.summary import facts, list_buttons, list_unwritten, name_countries
from chatbot.screens.screen import ButtonRow, Press, Screen


def show_settings(
    _: Translator, campaign: Campaign, broadcast: Broadcast, recipients: Mapping[Language, int]
) -> Screen:
    """Show every setting with its state, each a button that changes it."""
    number = broadcast.id
    rows: list[ButtonRow] = []
    if broadcast.kind == "update" and broadcast.renews is None:
        label = _.label("👥 Audience: {people}", people=_name_audience(_, campaign, broadcast))
        rows.append((Press(label, callbacks.BROADCAST("who", number)),))
    chosen = list_buttons(_, broadcast)
    added = _.row(chosen) if chosen else None
    buttons = _.label("🔗 Added buttons: {labels}", labels=added) if added else _.label("🔗 Added buttons: none")
    rows.append((Press(buttons, callbacks.BROADCAST("button", number)),))
    if broadcast.kind == "update":
        sound = Press(_.label("🔔 Sound: on"), callbacks.BROADCAST("sound", number, "silent"))
        if broadcast.silent:
            sound = Press(_.label("🔕 Sound: off"), callbacks.BROADCAST("sound", number, "on"))
        rows.append((sound,))
        rows.append((Press(_.label("📝 Drafts …"), callbacks.BROADCAST("drafts")),))
    rows.append((discard(_, number),))
    rows.append((Press(_.label("‹ Back"), callbacks.BROADCAST("review", number)),))
    text = Markup("\n\n").join(
        (
            _("⚙️ <b>Settings</b>"),
            Markup("\n").join((*facts(_, broadcast, recipients), *list_unwritten(_, campaign, broadcast))),
        )
    )
    return Screen(text, tuple(rows))


def _name_audience(_: Translator, campaign: Campaign, broadcast: Broadcast) -> str:
    languages = [broadcast.audience.language] if broadcast.audience.language else []
    if not languages and broadcast.reach == "readers" and broadcast.list_missing(campaign):
        languages = broadcast.list_written(campaign)
    named = [_.language_name(each) for each in languages]
    if broadcast.audience.countries:
        named.append(name_countries(_, broadcast.audience.countries))
    return _.row(named) if named else _.label("everyone")


# Buttons.


def ask_button(
    _: Translator,
    broadcast: Broadcast,
    language: Language,
    known_url: str | None,
    problem: Markup | None = None,
    *,
    changed: bool = False,
) -> Screen:
    """Choose the buttons below the post in `language`; `known_url` is the link in the other language."""
    number, link = broadcast.id, any(post.button for post in broadcast.posts.values())
    rows: list[ButtonRow] = []
    question = _(
        "🔗 <b>The button in {language}</b>\n\nSend me its label. It opens the same link:\n{link}",
        language=_.language_name(language),
        link=known_url or "",
    )
    if _.is_alone:
        question = _(
            "🔗 <b>Buttons below the update, two at most</b>\n\nThese show what fits each reader: signed or not, open "
            "or closed.\n\nOr send me a label and a link, for example:\nRead more https://example.org"
        )
    elif known_url is None:
        question = _(
            "🔗 <b>Buttons below the update, two at most</b>\n\nThese work for everybody, in their own language, and "
            "show what fits them: signed or not, open or closed.\n\nOr send me a label in {language} and a link, for "
            "example:\nRead more https://example.org",
            language=_.language_name(language),
        )
    if broadcast.renews is None:
        always = _("All updates have buttons to send them to a friend and to stop updates.")
        question = Markup("\n\n").join((question, always))
    if (known_url is None or link) and broadcast.renews is None:
        for each in READY_BUTTONS:
            label, is_chosen = ready_button(_, each).label, each in broadcast.ready_buttons
            action = callbacks.BROADCAST("ready", number, f"{'-' if is_chosen else '+'}{each}")
            rows.append((Press(f"✓ {label}" if is_chosen else label, action),))
    if link:
        rows.append((Press(_.label("🗑 No link"), callbacks.BROADCAST("unbutton", number)),))
    # Ready-made buttons are chosen in place, so the previews above may lack them.
    back = callbacks.BROADCAST("show" if changed or broadcast.ready_buttons else "review", number)
    rows.append((Press(_.label("‹ Back"), back),))
    return asking(question, problem, rows)


def no_room(_: Translator) -> Markup:
    """Say that two buttons are there already."""
    return _("⚠️ Two buttons are the most. Tap one of them to take it away.")


# A picture in one language only.


def picture_used(_: Translator) -> Markup:
    return _("🖼 All languages have the picture or file now.")


def text_too_long(_: Translator, languages: Sequence[Language]) -> Markup:
    """Say which texts are too long to stand below a picture."""
    return _(
        "⚠️ Below a picture or file {most} characters fit. These texts are longer: {languages}",
        most=_.number(MAX_CAPTION_LENGTH),
        languages=_.join(map(_.language_name, languages)),
    )


# A test.


def ask_test(_: Translator, broadcast: Broadcast, others: int) -> Screen:
    """Ask whom the test goes to."""
    number = broadcast.id
    text = _(
        "🧪 <b>Who gets the test?</b>\n\nIt comes in every language that is written, marked 🧪, with sound unless the "
        "update has none. It counts nowhere. The team gets it except for those who want notices only about their own "
        "updates: /team"
    )
    rows: list[ButtonRow] = [(Press(_.label("🧪 To me"), callbacks.BROADCAST("test", number, "me"), "primary"),)]
    if others:
        label = _.label("🧪 To the team: {count}", count=_.number(others + 1))
        rows.append((Press(label, callbacks.BROADCAST("test", number, "team")),))
    rows.append((Press(_.label("‹ Back"), callbacks.BROADCAST("review", number)),))
    return Screen(text, tuple(rows))


def sent_as_test(_: Translator, others: int) -> Markup:
    """Say who has the test."""
    if others:
        return _.plural(
            "🧪 This was a test. It's on its way to {count} colleague too. Nobody else has it yet.",
            "🧪 This was a test. It's on its way to {count} colleagues too. Nobody else has it yet.",
            others,
        )
    return _("🧪 This was a test. Nobody else has it yet.")


def too_soon(_: Translator) -> str:
    """Notice: the team has just got a test. Plain text."""
    return _.label("You sent the team a test a moment ago. Wait a minute.")


def about_test(_: Translator, sender: str) -> Screen:
    """Tell a colleague whose test they got."""
    return Screen(_("🧪 A test by {name}. Only the team has it.", name=sender), silent=True)
