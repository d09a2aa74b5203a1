"""Writing a broadcast: its posts, its buttons and its preview."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast
from chatbot.petition.broadcasts.estimate import Estimate
from chatbot.petition.broadcasts.place import may_go_to_places
from chatbot.petition.languages import Language
from chatbot.petition.model import Campaign
from chatbot.screens import callbacks
from chatbot.screens.organizer.broadcasts.summary import (
    expense,
    list_settings,
    list_unwritten,
    reached,
    signed,
    title_and_time,
    warnings,
)
from chatbot.screens.organizer.broadcasts.title import headline
from chatbot.screens.organizer.places import post_lines
from chatbot.screens.organizer.places.choosing import way_to_choose
from chatbot.screens.screen import ButtonRow, Press, Screen


def ask_post(
    _: Translator,
    campaign: Campaign,
    broadcast: Broadcast,
    language: Language,
    people: int,
    problem: Markup | None = None,
    *,
    total: int = 0,
) -> Screen:
    """Ask for the post in `language`; `people` counts all subscribers, and `total` all supporters."""
    name, number = _.language_name(language), broadcast.id
    keep = Press(_.label("‹ Keep it as it is"), callbacks.BROADCAST("review", number))
    if language in broadcast.posts:
        question = _("<b>{language}</b>\n\nSend me the new version. Until then, the old one stays.", language=name)
        if broadcast.kind == "correction":
            question = _(
                "<b>{language}</b>\n\nSend me the corrected text. A picture or file stays as it is.", language=name
            )
            return asking(question, problem, ((keep,),))
        rows: list[ButtonRow] = [(keep,)]
        if broadcast.posts[language].media:
            question = _(
                "<b>{language}</b>\n\nSend me the new text; the picture or file stays. Or send a new picture; the text "
                "stays, unless one comes with it.",
                language=name,
            )
            rows.append(
                (Press(_.label("🖼 Remove the picture"), callbacks.BROADCAST("unmedia", number, language)),),
            )
        if len(broadcast.posts) > 1:
            rows.append((_without(_, number, language),))
        return asking(question, problem, rows)
    aside = Press(_.label("Write later"), callbacks.BROADCAST("aside", number))
    if broadcast.kind == "addition":
        question = _(
            "➕ <b>This update in {language}, too</b>\n\n<b>Send the text in {language}</b>, or a "
            "photo, video or file with a caption. It goes to readers of this language who don't have "
            "the update.",
            language=name,
        )
        return asking(question, problem, ((aside,),))
    others = [_without(_, number, language)]
    if len(campaign.languages) > 2:
        others = [Press(_.label("🌐 Another language …"), callbacks.BROADCAST("languages", number))]
    elif len(campaign.languages) == 1:
        others = []
    rows = [*((each,) for each in others), (aside,)]
    if broadcast.posts:
        question = _("✅ Got it. <b>Now in {language}?</b>\n\nSend it the same way.", language=name)
        if len(campaign.languages) > 2:
            question = _("<b>{language}</b>\n\nSend it the same way.", language=name)
        elif problem is not None:
            question = _("<b>Now in {language}?</b>\n\nSend it the same way.", language=name)
        return asking(question, problem, rows)
    question = _(
        "📣 <b>A new update</b>\n\n{people}\n\n<b>Send the text in {language}</b>, or a photo, video "
        "or file with a caption. Nothing goes out before you have seen it and said yes.",
        people=_subscribed(_, broadcast, people, total),
        language=name,
    )
    if _.is_alone:
        question = _(
            "📣 <b>A new update</b>\n\n{people}\n\n<b>Send the text</b>, or a photo, video or file with a caption. "
            "Nothing goes out before you have seen it and said yes.",
            people=_subscribed(_, broadcast, people, total),
        )
    return asking(question, problem, rows)


def _without(_: Translator, number: int, language: Language) -> Press:
    label = _.label("No {language} version", language=_.language_name(language))
    return Press(label, callbacks.BROADCAST("skip", number, language))


def choose_language(_: Translator, campaign: Campaign, broadcast: Broadcast) -> Screen:
    """Offer the languages without a post, and to go on without them."""
    number = broadcast.id
    rows = pair([_edit(_, number, each, written=False) for each in broadcast.list_missing(campaign)])
    if broadcast.posts:
        text = _("✅ Got it. <b>Which language next?</b>")
        enough = Press(_.label("✅ That's all"), callbacks.BROADCAST("oneway", number), "primary")
        return Screen(text, (*rows, (enough,)))
    return Screen(
        _("🌐 <b>Which language?</b>\n\nYou can add others afterwards."),
        (*rows, (Press(_.label("Write later"), callbacks.BROADCAST("aside", number)),)),
    )


def pair(buttons: Sequence[Press]) -> list[ButtonRow]:
    """Put two buttons in a row: names of languages are short."""
    return [tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2)]


def _subscribed(_: Translator, broadcast: Broadcast, people: int, total: int) -> Markup:
    if broadcast.is_by_signature:
        return signed(_, people)
    if not people:
        return _("Nobody is subscribed yet.")
    if total <= people:
        return _.plural("{count} person is subscribed.", "{count} people are subscribed.", people)
    return _.plural(
        "It goes to the {count} person who asked for updates, not to all {total} supporters.",
        "It goes to the {count} people who asked for updates, not to all {total} supporters.",
        people,
        total=_.number(total),
    )


def words_only(_: Translator) -> Markup:
    """Say that a correction cannot change the picture."""
    return _("⚠️ A correction can only change the text. Please send text.")


def review(
    _: Translator,
    campaign: Campaign,
    broadcast: Broadcast,
    recipients: Mapping[Language, int],
    cost: Estimate,
    hint: Markup | None = None,
    *,
    ready: bool = True,
    request: Markup | None = None,
    is_below: bool = True,
    has_places: bool = False,
) -> Screen:
    """Show the summary and all actions, usually right below the preview.

    A correction is `ready` once it differs from the original. `request` says whose approval it waits for. `has_places`:
    channels or groups are linked.
    """
    number, people = broadcast.id, sum(recipients.values())
    head = _("👆 <b>This is what people will get.</b>")
    if broadcast.kind == "correction":
        head = _("👆 <b>This is how it will read</b>, in every chat that has it.")
        if not ready:
            head = _("✏️ <b>Which version do you want to correct?</b>")
    if not is_below:
        head = _("“{headline}”", headline=headline(_, broadcast))
    facts = [
        reached(_, broadcast, recipients),
        *post_lines.planned(_, broadcast),
        *list_unwritten(_, campaign, broadcast),
        *expense(_, cost),
        *list_settings(_, broadcast),
    ]
    text = Markup("\n\n").join(
        part for part in (hint, head, request, Markup("\n").join(facts), *warnings(_, campaign, broadcast)) if part
    )
    rows: list[ButtonRow] = []
    if request is not None:
        rows.append((Press(_.label("Withdraw the request"), callbacks.BROADCAST("unask", number)),))
    elif ready and (people or broadcast.is_by_signature or broadcast.places or broadcast.kind != "update"):
        label = _.label("✏️ Correct it everywhere …") if broadcast.kind == "correction" else _.label("📣 Send …")
        rows.append((Press(label, callbacks.BROADCAST("ask", number, broadcast.revision), "primary"),))
    if picture := broadcast.lone_picture:
        rows.append(
            (
                Press(_.label("🖼 Use the picture for all"), callbacks.BROADCAST("picture", number, picture)),
                Press(_.label("Only there"), callbacks.BROADCAST("alone", number)),
            )
        )
    test = Press(_.label("🧪 Test …"), callbacks.BROADCAST("test", number))
    later = Press(_.label("🕘 Later …"), callbacks.BROADCAST("later", number))
    is_later = broadcast.kind == "update" or (broadcast.kind == "addition" and ready)
    rows.append((later, test) if is_later else (test,))
    if may_go_to_places(broadcast) and (has_places or broadcast.place_codes):
        rows.append((way_to_choose(_, broadcast),))
    languages = broadcast.list_written(campaign)
    if broadcast.kind == "update":
        languages = list(dict.fromkeys((*campaign.languages, *languages)))
    rows += pair([_edit(_, number, each, written=each in broadcast.posts) for each in languages])
    rows.append((Press(_.label("⚙️ Settings …"), callbacks.BROADCAST("settings", number)),))
    return Screen(text, tuple(rows))


def _edit(_: Translator, number: int, language: Language, *, written: bool) -> Press:
    label = f"{'✏️' if written else '➕'} {_.language_name(language)}"
    if _.is_alone and language == _.language:
        label = _.label("✏️ Text")
    return Press(label, callbacks.BROADCAST("write", number, language))


def discard(_: Translator, number: int) -> Press:
    """Return the button that discards a draft, after a question."""
    return Press(_.label("🗑 Discard"), callbacks.BROADCAST("discard", number))


def tap_please(_: Translator) -> Markup:
    """Say that a tap is needed instead of text."""
    return _("To change something, tap it below.")


def changed_meanwhile(_: Translator) -> Markup:
    """Say that the button belongs to an older version of the post."""
    return _("⚠️ It has changed since. Please look at it again.")


def cannot_add(_: Translator) -> Markup:
    """Say that the addition cannot be sent any more."""
    return _("⚠️ The update is on its way, was deleted for everyone, or has this language by now.")


def got_another(_: Translator, language: Language, other: Language) -> Markup:
    """Say that readers of a language without a post got that in another one."""
    return _(
        "ℹ️ Readers of {language} got this update in {other}. Only those who have none get the new text.",
        language=_.language_name(language),
        other=_.language_name(other),
    )


def nothing_yet(_: Translator) -> Markup:
    return _("⚠️ Write it in at least one language.")


def put_aside(_: Translator, broadcast: Broadcast) -> Screen:
    """Confirm that nothing goes out now, and say how to go on. Without a post there is nothing to keep."""
    if not broadcast.posts and broadcast.kind != "addition":
        return Screen(_("All right, nothing was sent. To write an update: /broadcast"))
    text = _("All right, nothing was sent. The draft is saved. To open it again: /broadcast")
    return Screen(text, ((discard(_, broadcast.id),),))


def ask_discard(_: Translator, broadcast: Broadcast) -> Screen:
    """Ask for confirmation before a draft or scheduled broadcast is discarded."""
    text = _("<b>Discard this?</b>\n\nIt hasn't been sent to anyone.")
    if broadcast.kind == "correction":
        text = _("<b>Discard this correction?</b>\n\nThe update stays as it is.")
    return Screen(
        Markup("\n\n").join((text, title_and_time(_, broadcast)) if broadcast.posts else (text,)),
        (
            (Press(_.label("🗑 Yes, discard it"), callbacks.BROADCAST("drop", broadcast.id), "danger"),),
            (Press(_.label("‹ Keep it"), callbacks.BROADCAST("open", broadcast.id)),),
        ),
    )


def discarded(_: Translator, broadcast: Broadcast) -> Screen:
    """Confirm that a draft is gone."""
    if broadcast.kind == "correction":
        return Screen(_("🗑 Discarded. The update stays as it is: /broadcasts"))
    return Screen(_("🗑 Discarded. It wasn't sent to anyone. To write a new one: /broadcast"))


def asking(question: Markup, problem: Markup | None, rows: Sequence[ButtonRow]) -> Screen:
    """Put the problem with the last answer above a question."""
    text = question if problem is None else Markup("\n\n").join((problem, question))
    return Screen(text, tuple(rows))
