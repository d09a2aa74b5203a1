"""Where somebody is: the question they were asked last, shown again, or left."""

from chatbot.conversation.organizer.broadcasts import audience, composing, scheduling
from chatbot.conversation.organizer.broadcasts.preview import ask_post, find_at_hand, review, show_at_hand
from chatbot.conversation.organizer.petition import lifecycle
from chatbot.conversation.organizer.records import exporting
from chatbot.conversation.organizer.records import review as reviewing
from chatbot.conversation.organizer.team import approval_threshold
from chatbot.conversation.supporter import home, my_data, signing
from chatbot.conversation.supporter.questions import ask
from chatbot.conversation.turn import TEAM_STEPS, BroadcastStep, Reply, TeamStep, Turn, is_change, is_task
from chatbot.screens.supporter import general


async def here(turn: Turn) -> Reply:
    """Show where they are: the question they are at, what they write as an organizer, or the welcome."""
    if turn.place and is_task(turn.place):
        return await _ask(turn, turn.place)
    if is_change(turn.place):
        return await my_data.ask_again(turn)
    return home.here(turn)


async def no_command(turn: Turn) -> Reply:
    """Tell who answers with a slash that this is no command, and ask again: `/취소` is nobody's name."""
    problem = general.no_command(turn._)
    return await my_data.ask_again(turn, problem) if is_change(turn.place) else Reply.staying(turn, ask(turn, problem))


async def cancel(turn: Turn, argument: str) -> Reply:
    """Leave it: an update in the making is put aside, a signature in the making is forgotten."""
    if turn.place in ("words_ko", "words_en", "milestone"):
        return await lifecycle.leave(turn, "")
    if turn.place == "export":
        return await exporting.export(turn, "")
    if turn.place in ("suspicion", "because"):
        return await reviewing.show_overview(turn, "")
    if is_change(turn.place):
        return await my_data.show(turn, "")
    if turn.place in TEAM_STEPS:
        return await approval_threshold.choose(turn, "")
    if turn.place and is_task(turn.place):
        return await composing.put_aside(turn)
    return await signing.cancel(turn, argument)


async def _ask(turn: Turn, task: BroadcastStep | TeamStep) -> Reply:
    match task:
        case "threshold":
            return await approval_threshold.ask_number(turn, "")
        case "words_ko" | "words_en" | "milestone":
            return await lifecycle.ask_again(turn)
        case "suspicion" | "because":
            return await reviewing.ask_again(turn)
        case "export":
            return await exporting.ask_choice(turn)
        case "hour":
            return await scheduling.ask_hour_again(turn)
        case "countries":
            return await audience.ask_countries_again(turn)
        case "button_ko" | "button_en":
            return await composing.ask_button_again(turn, "ko" if task == "button_ko" else "en")
    draft = await find_at_hand(turn)
    if draft is None:
        return await show_at_hand(turn)
    if task == "review":
        return await review(turn, draft)
    return await ask_post(turn, draft, "ko" if task == "post_ko" else "en")
