"""One turn: what its function knows, what it replies, and the questions that turns ask."""

from chatbot.conversation.turn.reply import Follow, Reply
from chatbot.conversation.turn.step import Handler, Step
from chatbot.conversation.turn.turn import Turn

__all__ = ["Follow", "Handler", "Reply", "Step", "Turn"]
