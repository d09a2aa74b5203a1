"""Groups and channels: making them, adding and removing the bot, posting."""

from collections.abc import Iterable

from chatbot.emulator.text.formatting import as_fields, formatted
from chatbot.emulator.wire import Json
from chatbot.emulator.world.people import PINNING, POSTING, EmulatedPerson, Gathering
from chatbot.emulator.world.places.discussions import copy_edit, copy_post
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
    is_channel = place.kind == "channel"
    change_bot(world, place, "administrator" if is_channel else "member", POSTING if is_channel else (), actor)


def expel_bot(world: World, place: Gathering, actor: EmulatedPerson | None = None) -> None:
    """Remove the bot as the owner (or `actor`)."""
    change_bot(world, place, "kicked", (), actor)


def change_bot(
    world: World, place: Gathering, status: str, rights: Iterable[str], actor: EmulatedPerson | None = None
) -> None:
    """Give the bot a status and rights: a my_chat_member update, and in a group the service message if it is new."""
    actor = actor or _owner(world, place)
    before, was_here = world.bot_as_member(place.bot_status, place), place.bot_status not in ("left", "kicked")
    place.bot_status, place.bot_rights = status, list(rights)
    after = world.bot_as_member(status, place)
    if before == after:
        return
    world.tell_membership(place, actor, before, after)
    if status not in ("left", "kicked") and not was_here and place.kind != "channel":
        bot = world.bot.as_user()
        world.tell("message", world.put(place, {"new_chat_members": [bot]}, actor.as_user()), place.id)
    world.happen(place.id, {"type": "blocked", "blocked": False})  # the page reads the chat again


def take_rights(world: World, place: Gathering) -> None:
    """Take away what the bot needs in order to post."""
    if place.kind == "supergroup":
        change_bot(world, place, "restricted", ())
    else:
        change_bot(world, place, "administrator" if place.kind == "channel" else "member", ())


def give_rights(world: World, place: Gathering) -> None:
    """Give the bot what it needs in order to post and pin; add it if it is not there."""
    change_bot(world, place, "administrator", POSTING if place.kind == "channel" else PINNING)


def share(world: World, person: EmulatedPerson, request_id: int, place: Gathering) -> Json:
    """Tap the button of the reply keyboard that asks for a chat, and choose `place`. It grants the rights asked for."""
    request = _find_request(person, request_id)
    if request["chat_is_channel"] != (place.kind == "channel"):
        raise ValueError("the button asks for the other kind of chat")
    if person.id != place.owner_id:
        raise ValueError("they may not give these rights there")
    rights = [name for name, given in request.get("bot_administrator_rights", {}).items() if given]
    if rights or request.get("bot_is_member"):
        change_bot(world, place, "administrator" if rights else "member", rights, person)
    shared: Json = {"request_id": request_id, "chat_id": place.id}
    if request.get("request_title"):
        shared["title"] = place.title
    return world.write(person, {"chat_shared": shared})


def _find_request(person: EmulatedPerson, request_id: int) -> Json:
    buttons = [button for row in person.keyboard or () for button in row if isinstance(button, dict)]
    for button in buttons:
        request: Json = button.get("request_chat") or {}
        if request.get("request_id") == request_id:
            return request
    raise ValueError("no button asks for that")


def rename(world: World, place: Gathering, title: str) -> None:
    """Change the title. The place gets a service message, which in a channel is a post."""
    place.title = title
    is_channel = place.kind == "channel"
    message = world.put(place, {"new_chat_title": title}, None if is_channel else _owner(world, place).as_user())
    if place.bot_status not in ("left", "kicked"):
        world.tell("channel_post" if is_channel else "message", message, place.id)


def upgrade(world: World, place: Gathering) -> Gathering:
    """Turn a group into a supergroup with a new id, where the bot is a new member.

    Calls with the old id are refused, and told the new one.
    """
    grown = gather(world, place.title, [], kind="supergroup", bot=False)
    grown.members, grown.bot_status = dict(place.members), place.bot_status
    grown.bot_rights = list(place.bot_rights)
    place.migrated_to = grown.id
    person = _owner(world, place)
    owner = person.as_user()
    if grown.bot_status not in ("left", "kicked"):
        joined = world.bot_as_member(grown.bot_status, grown)
        world.tell_membership(grown, person, world.bot_as_member("left", grown), joined)
    world.tell("message", world.put(place, {"migrate_to_chat_id": grown.id}, owner), place.id)
    world.tell("message", world.put(grown, {"migrate_from_chat_id": place.id}, owner), grown.id)
    return grown


def post(world: World, channel: Gathering, text: str) -> Json:
    """Post in a channel."""
    message = world.put(channel, as_fields("text", *formatted(text)))
    if channel.bot_status == "administrator":
        world.tell("channel_post", message, channel.id)
    copy_post(world, channel, message)
    return message


def edit_post(world: World, channel: Gathering, message_id: int, text: str) -> Json:
    """Edit a post in a channel."""
    message = world.message(channel.id, message_id)
    if message is None:
        raise ValueError("no such post")
    changed = world.replace(message, as_fields("text", *formatted(text)), "text", "entities")
    if channel.bot_status == "administrator":
        world.tell("edited_channel_post", changed, channel.id)
    copy_edit(world, channel, changed)
    return changed


def _owner(world: World, place: Gathering) -> EmulatedPerson:
    if not place.members:
        raise ValueError("somebody has to own the group")
    return world.person(next(iter(place.members)))
