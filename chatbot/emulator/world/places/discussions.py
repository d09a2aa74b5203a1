"""The discussion group of a channel: Telegram copies each post into it, and each edit of a post."""

from typing import Final

from chatbot.emulator.wire import Json
from chatbot.emulator.world.forwarding import COPIED, as_forward
from chatbot.emulator.world.people import Gathering
from chatbot.emulator.world.world import World

TELEGRAM: Final = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
"""The sender of the copies."""


def open_discussion(world: World, channel: Gathering, group: Gathering) -> None:
    """Make a supergroup the discussion group of a channel with the same owner."""
    if channel.kind != "channel" or group.kind != "supergroup" or channel.owner_id != group.owner_id:
        raise ValueError("the owner of a channel chooses a supergroup of their own")
    for each in world.chats.values():
        if isinstance(each, Gathering) and each.discussion_id == group.id:
            each.discussion_id = None
    channel.discussion_id = group.id
    world.happen(group.id, {"type": "blocked", "blocked": False})  # the page reads the chat again


def copy_post(world: World, channel: Gathering, post: Json) -> None:
    """Copy a new post into the discussion group, if the channel has one."""
    group = world.chats.get(channel.discussion_id or 0)
    if not isinstance(group, Gathering):
        return
    keyboard = {name: post[name] for name in ("reply_markup",) if name in post}
    fields = {"sender_chat": channel.as_chat(), "is_automatic_forward": True} | as_forward(post) | keyboard
    copy = world.put(group, fields, TELEGRAM)
    if world.overhears(group, copy):
        world.tell("message", copy, group.id)


def copy_edit(world: World, channel: Gathering, post: Json) -> None:
    """Edit the copy of a post like the post."""
    group = world.chats.get(channel.discussion_id or 0)
    if not isinstance(group, Gathering):
        return
    for copy in world.said_in(group):
        origin = copy.get("forward_origin", {})
        if copy.get("is_automatic_forward") and origin.get("message_id") == post["message_id"]:
            shown = ("reply_markup", *COPIED)
            changed = world.replace(copy, {name: post[name] for name in shown if name in post}, *shown)
            if world.overhears(group, changed):
                world.tell("edited_message", changed, group.id)
