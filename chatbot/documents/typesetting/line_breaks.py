"""Finds where a line may end inside words, in scripts without spaces between words."""

import re
from typing import Final

_WIDE: Final = (
    "\u2e80-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003ffff"
)
"""Han, kana, and their punctuation."""
_OPENING: Final = r"「『（［｛〔〈《【〖〘〝‘“(\[{<«¿¡"
_CLOSING: Final = (
    r"」』）］｝〕〉》】〗〙〟’”)\]}>»、。，．・：；？！…‥％,.:;?!%ゝゞー々〻"
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
"""Characters that must not begin a line; among them are small kana and repetition marks."""
_MARKS: Final = "\u0300-\u036f\u3099\u309a\ufe00-\ufe0f"
_LEADING: Final = "เแโใไເແໂໃໄ"
"""Vowels of Thai and Lao that begin a syllable."""
_FINAL: Final = "ะำๆฯະຳໆຯ"
"""Characters of Thai and Lao that end a syllable."""
_BREAK: Final = re.compile(
    rf"(?<![{_OPENING}])(?:(?<=[{_WIDE}])|(?<=[{_FINAL}])|(?=[{_WIDE}{_LEADING}]))(?![{_CLOSING}{_MARKS}{_FINAL}])"
)


def split_word(word: str) -> list[str]:
    """Split a word into the parts between which a line may end.

    Only a dictionary knows where words of Thai and Lao end, so their lines end between syllables.
    """
    return [part for part in _BREAK.split(word) if part]
