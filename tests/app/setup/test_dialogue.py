"""Reading from a terminal where there is no `termios`, as on Windows."""

import getpass
import runpy
import sys
import warnings
from typing import Any

import pytest

from chatbot.app.setup import dialogue


@pytest.fixture
def on_windows(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The module as it is on Windows."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "termios", None)
    return runpy.run_path(dialogue.__file__)


def test_windows_hides_a_token(on_windows: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda prompt: f"typed after {prompt}")
    on_windows["discard_typed_ahead"]()
    assert on_windows["read_hidden"]("> ") == "typed after > "


def test_token_is_never_shown_where_it_cannot_be_hidden(
    on_windows: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def show(_prompt: str) -> str:
        warnings.warn("Can not control echo on the terminal.", getpass.GetPassWarning, stacklevel=2)
        return "token"

    monkeypatch.setattr(getpass, "getpass", show)
    with pytest.raises(on_windows["HiddenInputError"]):
        on_windows["read_hidden"]("> ")
