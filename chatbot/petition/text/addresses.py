"""Finds addresses in texts: links, domains, e-mail addresses and @handles."""

import re
import unicodedata
from typing import Final

# Texts that Telegram or a reader takes for links. Two-letter domains that are family names after an initial (Li, Ma,
# Mo, So, La, No) are left out: "X.Li" is a person. So is "J.Kim"; see _INITIALS.
_IN_NAME: Final = re.compile(
    r"""
    :// | \bwww\. | @ | (?-i:\bt\.me\b)
    | \b[\w-]+\.[a-z]{2,24}/
    | \b[\w-]+\.(?:com|net|org|info|biz|xyz|app|dev|site|online|shop|store|top|link|club|live|page|web|blog|news|chat|
                   click|fun|pro|vip|icu|space|website|tech|cloud|asia|kim|bot|ton|gov|edu|mobi|onion)\b(?!\.\s*\w)
    | \b[\w-]{2,}\.(?:co|or|go|ne|ac|re)\.[a-z]{2}\b
    | \b[\w-]{2,}\.(?-i:me|io|co|tv|cc|ly|gg|gl|be|to|ai|sh|st|im|kr|jp|cn|hk|tw|ru|ua|uk|us|eu|de|fr|es|it|nl|pl|ca|au|
                        in|id|vn|th|tk|ml|ga|cf|gq|pw|ws|su)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)

# Initials or a title before a family name that is also a domain, and nothing of an address after it. "J.Kim",
# "H.S.Kim", "Mr.Kim" and "J.Kim-Lee" are people; "shop.kim", "a.kim/x" and "www.a.kim" are not.
_INITIALS: Final = re.compile(
    r"""
    (?<![\w.@:/-]) (?!www\.) (?:(?:[^\W\d_]{1,3}|prof|miss)\.)+
    (?:kim|page|ton|link|live|pro|web|asia|bot|top|cloud|click|fun|space) (?![\w/:@?\#]|\.\w)
    """,
    re.VERBOSE | re.IGNORECASE,
)

# In a sentence a word may follow a full stop without a space ("I care.to be free"), so a domain that is also a word
# needs a path after it.
_IN_SENTENCE: Final = re.compile(
    r"""
    [a-z][a-z0-9+.-]{1,20}:// | \bwww\.\w | \b(?:mailto|tel|tg):[\w/?+] | (?-i:\bt\.me\b)
    | [\w.+-]@[\w-]+\.\w | (?<![\w@])@\w{2}
    | \b[a-z0-9][a-z0-9-]*\.[a-z]{2,24}/\w
    | \b[\w-]{2,}\.(?:com|net|org|info|biz|xyz|app|io|gg|ly|kr|jp|cn|hk|tw|ru|ua|uk|eu|gov|edu|onion)\b(?!\.\s*\w)
    | \b[\w-]{2,}\.(?:co|or|go|ne|ac|re)\.[a-z]{2}\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def has_address(text: str) -> bool:
    """Whether a sentence contains an address."""
    return _IN_SENTENCE.search(_plain(text)) is not None


def is_address(name: str) -> bool:
    """Whether a name contains an address, or anything that Telegram would make a link of."""
    return _IN_NAME.search(_INITIALS.sub(" ", _plain(name))) is not None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\u3002", ".")
