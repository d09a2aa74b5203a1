"""Groups and channels: making them, adding and removing the bot, posting."""

from collections.abc import Iterable

from chatbot.emulator.text.formatting import as_fields, formatted
from chatbot.emulator.wire import Json
from chatbot.emulator.world.people import EmulatedPerson, Gathering
from chatbot.emulator.world.scene import FIRST_GROUP_ID, FIRST_SUPERGROUP_ID
from chatbot.emulator.world.world import World


def gather(
    world: World,
    title: str,
    members: Iterable[EmulatedPerson] = (),
    *,
    kind: str = "supergroup",
    username: str | None = None,
    bot: bool = True,
) -> Gathering:
    """Make a group, supergroup or channel. Its first member owns it and, unless `bot` is False, adds the bot."""
    candidate = FIRST_GROUP_ID if kind == "group" else FIRST_SUPERGROUP_ID
    while candidate in world.chats:
        candidate -= 1
    place = Gathering(candidate, title, kind, username)
    world.chats[place.id] = place
    place.members = {person.id: "member" for person in members}
    if place.members:
        place.members[next(iter(place.members))] = "creator"
    if bot:
        admit_bot(world, place)
    return place


def admit_bot(world: World, place: Gathering, actor: EmulatedPerson | None = None) -> None:
    """Add the bot as the owner (or `actor`): a my_chat_member update, and in a group the service message."""
    actor = actor or _owner(world, place)
    before, place.bot_status = place.bot_status, "administrator" if place.kind == "channel" else "member"
    world.tell_membership(place, actor, before, place.bot_status)
    if place.kind != "channel":
        bot = world.bot.as_user()
        world.tell("message", world.put(place, {"new_chat_members": [bot]}, actor.as_user()), place.id)


def expel_bot(world: World, place: Gathering, actor: EmulatedPerson | None = None) -> None:
    """Remove the bot as the owner (or `actor`)."""
    before, place.bot_status = place.bot_status, "kicked"
    world.tell_membership(place, actor or _owner(world, place), before, "kicked")


def upgrade(world: World, place: Gathering) -> Gathering:
    """Turn a group into a supergroup with a new id; sending to the old id is refused with the new one."""
    grown = gather(world, place.title, [], kind="supergroup", bot=False)
    grown.members, grown.bot_status = dict(place.members), place.bot_status
    place.migrated_to = grown.id
    owner = _owner(world, place).as_user()
    world.tell("message", world.put(place, {"migrate_to_chat_id": grown.id}, owner), place.id)
    world.tell("message", world.put(grown, {"migrate_from_chat_id": place.id}, owner), grown.id)
    return grown


def post(world: World, channel: Gathering, text: str) -> Json:
    """Post in a channel."""
    message = world.put(channel, as_fields("text", *formatted(text)))
    if channel.bot_status == "administrator":
        world.tell("channel_post", message, channel.id)
    return message


def edit_post(world: World, channel: Gathering, message_id: int, text: str) -> Json:
    """Edit a post in a channel."""
    message = world.message(channel.id, message_id)
    if message is None:
        raise ValueError("no such post")
    changed = world.replace(message, as_fields("text", *formatted(text)), "text", "entities")
    if channel.bot_status == "administrator":
        world.tell("edited_channel_post", changed, channel.id)
    return changed


def _owner(world: World, place: Gathering) -> EmulatedPerson:
    if not place.members:
        raise ValueError("somebody has to own the group")
    return world.person(next(iter(place.members)))
