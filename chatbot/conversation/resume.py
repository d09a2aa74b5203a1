"""Where somebody is: the question they were asked last, shown again, or left."""

from chatbot.conversation.organizer.broadcasts import audience, composing, scheduling
from chatbot.conversation.organizer.broadcasts.preview import ask_post, find_open_draft, review, show_current
from chatbot.conversation.organizer.petition import lifecycle
from chatbot.conversation.organizer.records import exporting
from chatbot.conversation.organizer.records import review as reviewing
from chatbot.conversation.organizer.team import approval_threshold
from chatbot.conversation.step_names import TEAM_STEPS, BroadcastStep, TeamStep, is_organizer_step, is_own_data_step
from chatbot.conversation.supporter import home, my_data, signing
from chatbot.conversation.supporter.questions import ask
from chatbot.conversation.turn import Reply, Turn
from chatbot.screens.supporter import general


async def here(turn: Turn) -> Reply:
    """Show where they are: the question they are at, what they write as an organizer, or the welcome."""
    if turn.step and is_organizer_step(turn.step):
        return await _ask(turn, turn.step)
    if is_own_data_step(turn.step):
        return await my_data.ask_again(turn)
    return home.here(turn)


async def no_command(turn: Turn) -> Reply:
    """Tell who answers with a slash that this is no command, and ask again: `/취소` is nobody's name."""
    problem = general.no_command(turn._)
    if is_own_data_step(turn.step):
        return await my_data.ask_again(turn, problem)
    return Reply.staying(turn, ask(turn, problem))


async def cancel(turn: Turn, argument: str) -> Reply:
    """Leave it: an update in the making is put aside, a signature in the making is forgotten."""
    if turn.step in ("words_ko", "words_en", "milestone"):
        return await lifecycle.leave(turn, "")
    if turn.step == "export":
        return await exporting.export(turn, "")
    if turn.step in ("suspicion", "because"):
        return await reviewing.show_overview(turn, "")
    if is_own_data_step(turn.step):
        return await my_data.show(turn, "")
    if turn.step in TEAM_STEPS:
        return await approval_threshold.choose(turn, "")
    if turn.step and is_organizer_step(turn.step):
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
    draft = await find_open_draft(turn)
    if draft is None:
        return await show_current(turn)
    if task == "review":
        return await review(turn, draft)
    return await ask_post(turn, draft, "ko" if task == "post_ko" else "en")
