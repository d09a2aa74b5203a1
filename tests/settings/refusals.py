"""Reads what the bot says about settings that it refuses."""

import pytest

from chatbot.settings import Settings, SettingsError, read_settings

NAMES = [name.upper() for name in Settings.model_fields]
TOKEN = "123456789:AAF-key_of_this_bot"
SECRET = "s3cr3t"


def refusal(environment: pytest.MonkeyPatch, **variables: str) -> str:
    """Return the error message when these variables are set and everything is read, the token included."""
    for name, value in variables.items():
        environment.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        read_settings().read_token()
    return str(refused.value)
