"""Where somebody is: the question they were asked last, shown again, or left."""

from chatbot.conversation import (
    addressing,
    browsing,
    composing,
    deciding,
    doubting,
    exporting,
    myself,
    scheduling,
    signing,
    threshold,
)
from chatbot.conversation.questions import ask
from chatbot.conversation.showing import ask_post, find_at_hand, review, show_at_hand
from chatbot.conversation.turn import MATTERS, Matter, Reply, Task, Turn, is_change, is_task
from chatbot.screens import telling


async def here(turn: Turn) -> Reply:
    """Show where they are: the question they are at, what they write as an organizer, or the welcome."""
    if turn.place and is_task(turn.place):
        return await _ask(turn, turn.place)
    if is_change(turn.place):
        return await myself.ask_again(turn)
    return browsing.here(turn)


async def no_command(turn: Turn) -> Reply:
    """Tell who answers with a slash that this is no command, and ask again: `/취소` is nobody's name."""
    problem = telling.no_command(turn._)
    return await myself.ask_again(turn, problem) if is_change(turn.place) else Reply.staying(turn, ask(turn, problem))


async def cancel(turn: Turn, argument: str) -> Reply:
    """Leave it: an update in the making is put aside, a signature in the making is forgotten."""
    if turn.place in ("words_ko", "words_en", "milestone"):
        return await deciding.leave(turn, "")
    if turn.place == "export":
        return await exporting.export(turn, "")
    if turn.place in ("suspicion", "because"):
        return await doubting.list_doubts(turn, "")
    if is_change(turn.place):
        return await myself.show(turn, "")
    if turn.place in MATTERS:
        return await threshold.choose(turn, "")
    if turn.place and is_task(turn.place):
        return await composing.put_aside(turn)
    return await signing.cancel(turn, argument)


async def _ask(turn: Turn, task: Task | Matter) -> Reply:
    match task:
        case "threshold":
            return await threshold.ask_number(turn, "")
        case "words_ko" | "words_en" | "milestone":
            return await deciding.ask_again(turn)
        case "suspicion" | "because":
            return await doubting.ask_again(turn)
        case "export":
            return await exporting.ask_choice(turn)
        case "hour":
            return await scheduling.ask_hour_again(turn)
        case "countries":
            return await addressing.ask_countries_again(turn)
        case "button_ko" | "button_en":
            return await composing.ask_button_again(turn, "ko" if task == "button_ko" else "en")
    draft = await find_at_hand(turn)
    if draft is None:
        return await show_at_hand(turn)
    if task == "review":
        return await review(turn, draft)
    return await ask_post(turn, draft, "ko" if task == "post_ko" else "en")
