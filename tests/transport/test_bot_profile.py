"""The bot's profile and commands are set only where they differ."""

import pytest

from chatbot.transport.bot_profile import LocalizedProfile, Profile, publish, set_commands

ENGLISH = LocalizedProfile(
    Profile("Save My Friend", "A petition.", "Sign it."), (("sign", "Sign"), ("read", "Read the appeal"))
)
KOREAN = LocalizedProfile(
    Profile("세이브마이프렌드", "청원입니다.", "서명하세요."), (("sign", "서명하기"), ("read", "읽기"))
)
MENUS = {None: ENGLISH, "ko": KOREAN}
PRIVATE = {"type": "all_private_chats"}
CHAT = {"type": "chat", "chat_id": 99}


def show(telegram, profile):
    """Let Telegram have this profile, in every language."""
    telegram.results |= {
        "getMyName": {"name": profile.profile.name},
        "getMyDescription": {"description": profile.profile.description},
        "getMyShortDescription": {"short_description": profile.profile.short_description},
        "getMyCommands": [{"command": command, "description": words} for command, words in profile.commands],
    }


def list_changes(telegram):
    return [(method, values) for method, values in telegram.calls if method.startswith("set")]


async def test_new_bot_gets_its_profile_in_every_language(api, telegram):
    show(telegram, LocalizedProfile(Profile("", "", ""), ()))
    await publish(api, MENUS)
    assert list_changes(telegram) == [
        ("setMyName", {"name": "Save My Friend"}),
        ("setMyDescription", {"description": "A petition."}),
        ("setMyShortDescription", {"short_description": "Sign it."}),
        (
            "setMyCommands",
            {
                "commands": [
                    {"command": "sign", "description": "Sign"},
                    {"command": "read", "description": "Read the appeal"},
                ],
                "scope": PRIVATE,
            },
        ),
        ("setMyName", {"name": "세이브마이프렌드", "language_code": "ko"}),
        ("setMyDescription", {"description": "청원입니다.", "language_code": "ko"}),
        ("setMyShortDescription", {"short_description": "서명하세요.", "language_code": "ko"}),
        (
            "setMyCommands",
            {
                "commands": [
                    {"command": "sign", "description": "서명하기"},
                    {"command": "read", "description": "읽기"},
                ],
                "scope": PRIVATE,
                "language_code": "ko",
            },
        ),
    ]


async def test_publish_keeps_correct_values(api, telegram):
    show(telegram, KOREAN)
    await publish(api, {"ko": KOREAN})
    assert list_changes(telegram) == []
    assert {values.get("language_code") for _, values in telegram.calls} == {"ko"}


@pytest.mark.parametrize(
    ("menu", "changed"),
    [
        (LocalizedProfile(Profile("Save", "A petition.", "Sign it."), ENGLISH.commands), "setMyName"),
        (LocalizedProfile(Profile("Save My Friend", "", "Sign it."), ENGLISH.commands), "setMyDescription"),
        (LocalizedProfile(Profile("Save My Friend", "A petition.", ""), ENGLISH.commands), "setMyShortDescription"),
        (LocalizedProfile(ENGLISH.profile, ENGLISH.commands[::-1]), "setMyCommands"),
    ],
)
async def test_publish_sets_only_values_that_differ(api, telegram, menu, changed):
    show(telegram, menu)
    await publish(api, {None: ENGLISH})
    assert [method for method, _ in list_changes(telegram)] == [changed]


@pytest.mark.parametrize("fault", ["cut", (429, "Too Many Requests", {"retry_after": 80000}), (404, "Not Found")])
async def test_publish_logs_a_refusal_and_sets_the_rest(api, telegram, fault, caplog, token):
    show(telegram, LocalizedProfile(Profile("", "", ""), ()))
    telegram.fail("setMyName", fault)
    await publish(api, {None: ENGLISH})
    assert [method for method, _ in list_changes(telegram)][1:] == [
        "setMyDescription",
        "setMyShortDescription",
        "setMyCommands",
    ]
    assert "the name in the default language stays as it was" in caplog.text
    assert token not in caplog.text


async def test_commands_are_set_for_one_chat(api, telegram):
    show(telegram, ENGLISH)
    await set_commands(api.call, CHAT, "ko", KOREAN.commands)
    [(_, values)] = list_changes(telegram)
    assert values["scope"] == CHAT
    assert values["language_code"] == "ko"


async def test_empty_menu_deletes_the_existing_one(api, telegram):
    show(telegram, ENGLISH)
    await set_commands(api.call, CHAT, "ko", ())
    assert telegram.said("deleteMyCommands") == [{"scope": CHAT, "language_code": "ko"}]
    telegram.results["getMyCommands"] = []
    await set_commands(api.call, CHAT, None, ())
    assert len(telegram.said("deleteMyCommands")) == 1
    assert not telegram.said("setMyCommands")
