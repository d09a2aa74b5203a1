"""Runs stories told in English in made-up languages as well."""

from typing import Final

import pytest

from tests.support.made_up_languages import MADE_UP

in_any_language: Final = pytest.mark.parametrize(
    "empty_stage", ["en", *(pytest.param(code, marks=pytest.mark.slow) for code in MADE_UP)], indirect=True
)
"""A story in English, with a made-up language instead of English in the slow tests."""
