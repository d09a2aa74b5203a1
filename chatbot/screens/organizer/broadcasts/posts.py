"""Replies to the message that an organizer wrote a post in, and to its edits."""

from markupsafe import Markup

from chatbot.i18n import Translator
from chatbot.petition.broadcasts.broadcast import Broadcast, BroadcastState
from chatbot.petition.broadcasts.post import MAX_CAPTION_LENGTH, MAX_LABEL_LENGTH, Post, PostProblem, PostRefusedError
from chatbot.petition.languages import Language
from chatbot.screens import callbacks
from chatbot.screens.organizer.broadcasts.title import headline_of
from chatbot.screens.screen import Press, Screen


def post_refused(_: Translator, refused: PostRefusedError) -> Markup:
    """Say why the message cannot be sent as a post."""
    match refused.problem:
        case PostProblem.TOO_LONG if refused.most == MAX_CAPTION_LENGTH:
            return _(
                "⚠️ That's {length} characters; below a picture or file {most} fit.",
                length=_.number(refused.length),
                most=_.number(refused.most),
            )
        case PostProblem.TOO_LONG:
            return _(
                "⚠️ That's {length} characters; {most} fit.",
                length=_.number(refused.length),
                most=_.number(refused.most),
            )
        case PostProblem.WRONG_KIND:
            return _("⚠️ I can send text, photos, videos, GIFs and files, one at a time, but not this.")
        case PostProblem.NO_LINK:
            return _("⚠️ I need one link that begins with https://")
        case PostProblem.NO_LABEL:
            return _("⚠️ I need a label for the button, {most} characters at most.", most=_.number(MAX_LABEL_LENGTH))
        case PostProblem.LONG_LABEL:
            return _(
                "⚠️ The button's label has {length} characters; {most} fit.",
                length=_.number(refused.length),
                most=_.number(refused.most),
            )
        case PostProblem.ALBUM:
            return _("⚠️ An update has one picture, not an album. Please send one picture with its caption.")
        case PostProblem.SPLIT:
            return _(
                "⚠️ That's {length} characters, so Telegram sent it in parts; {most} fit. I took none of "
                "it. Please send a shorter text.",
                length=_.number(refused.length),
                most=_.number(refused.most),
            )
        case PostProblem.EMPTY:
            return _("⚠️ There's no text in it.")


def has_custom_emoji(_: Translator) -> Markup:
    """Say that bots may not send custom emoji."""
    return _("ℹ️ Bots cannot send custom emoji: people get ordinary ones.")


def kept_media(_: Translator) -> Markup:
    """Say that a new text did not touch the picture."""
    return _("🖼 The picture or file stayed. To change or remove it, tap the language below.")


def ask_typed(_: Translator, broadcast: Broadcast, language: Language, post: Post) -> Screen:
    """Ask whether something typed after another command is the text that was asked for before."""
    text = _(
        "“{words}”\n\n<b>Shall I take this as your text in {language}?</b>",
        words=headline_of(post),
        language=_.language_name(language),
    )
    number = broadcast.id
    return Screen(
        text,
        (
            (Press(_.label("✅ Yes, take it"), callbacks.BROADCAST("typed", number, language), "success"),),
            (Press(_.label("No, I send another text"), callbacks.BROADCAST("write", number, language)),),
            (Press(_.label("Write later"), callbacks.BROADCAST("aside", number)),),
        ),
    )


def edit_taken(_: Translator) -> Markup:
    """Say that the draft has the edited text."""
    return _("✏️ Your edit is in the draft.")


def old_text_stays(_: Translator, problem: Markup) -> Markup:
    """Say that an edit is refused."""
    return _("{problem} The draft keeps the old version.", problem=problem)


def edit_is_late(_: Translator, broadcast: Broadcast) -> Screen:
    """Say that the edit changes nothing any more, and where the broadcast can be changed."""
    number = broadcast.id
    show = Press(_.label("👀 Show it"), callbacks.BROADCAST("open", number))
    if broadcast.state is BroadcastState.DRAFT:
        return Screen(_("✏️ Your edit is not in the draft: a colleague has taken it over."), ((show,),))
    if broadcast.started_at is None:
        change = Press(_.label("✏️ Change it …"), callbacks.BROADCAST("unschedule", number))
        return Screen(_("✏️ Your edit is <b>not</b> in the update: it's already scheduled."), ((change,), (show,)))
    if broadcast.kind == "update":
        correct = Press(_.label("✏️ Correct it …"), callbacks.BROADCAST("correct", number))
        return Screen(
            _("✏️ Your edit changes nothing: the update has already gone out. It can be corrected for everyone."),
            ((correct,), (show,)),
        )
    return Screen(_("✏️ Your edit changes nothing: it has already gone out."), ((show,),))
