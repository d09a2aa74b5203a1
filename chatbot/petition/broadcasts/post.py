"""Post: the content of a broadcast in one language, a text or a file with a caption, and an optional button."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal, get_args
from urllib.parse import urlsplit

from markupsafe import Markup

from chatbot.petition.text.characters import strip_invisible

MediaKind = Literal["photo", "video", "animation", "document"]
ReadyButton = Literal["sign", "share", "read"]
"""A button that does the same below every broadcast: sign, share the petition, read the appeal."""
READY_BUTTONS: Final[tuple[ReadyButton, ...]] = get_args(ReadyButton)
MOST_BUTTONS: Final = 2
"""Buttons of the organizer's choice: more would push the others off a phone."""
MEDIA_KINDS: Final[tuple[MediaKind, ...]] = get_args(MediaKind)

# https://core.telegram.org/bots/api#sendmessage and #sendphoto: characters after the formatting is parsed.
MAX_TEXT_LENGTH: Final = 4096
MAX_CAPTION_LENGTH: Final = 1024
MAX_LABEL_LENGTH: Final = 40
"""Our own limit: a phone cuts off a longer label."""
MAX_URL_LENGTH: Final = 512


@dataclass(frozen=True, slots=True)
class Media:
    """A file that Telegram has: an organizer uploaded it once, and the bot sends it by its id."""

    kind: MediaKind
    file_id: str


@dataclass(frozen=True, slots=True)
class PostButton:
    """A button under a post that opens an https address."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Post:
    """A post. `text` is Telegram's HTML, or the caption of `media`."""

    text: Markup
    media: Media | None = None
    button: PostButton | None = None


class PostProblem(StrEnum):
    """Why a post is refused."""

    EMPTY = "empty"
    """Neither visible words nor a file."""
    TOO_LONG = "too_long"
    """Over MAX_TEXT_LENGTH, or over MAX_CAPTION_LENGTH below a file."""
    WRONG_KIND = "wrong_kind"
    """A sticker, a voice message, a poll …: not one of `MEDIA_KINDS`."""
    ALBUM = "album"
    """Several pictures at once."""
    SPLIT = "split"
    """A text of more than MAX_TEXT_LENGTH that came in several messages."""
    NO_LINK = "no_link"
    """A button without an https address."""
    NO_LABEL = "no_label"
    """A button without words."""
    LONG_LABEL = "long_label"
    """A button with more than MAX_LABEL_LENGTH characters."""


class PostRefusedError(ValueError):
    """The post is refused; `problem` says why. It has `length` characters, and may have `most`."""

    def __init__(self, problem: PostProblem, length: int = 0, most: int = 0) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.length = length
        self.most = most


def read_post(text: Markup, length: int, media: Media | None = None) -> Post:
    """Return the post with `text` (Telegram's HTML, `length` characters without its tags) and `media`.

    Raises `PostRefusedError`.
    """
    if media is None and not strip_invisible(text.striptags()).strip():  # Telegram refuses it
        raise PostRefusedError(PostProblem.EMPTY)
    most = MAX_TEXT_LENGTH if media is None else MAX_CAPTION_LENGTH
    if length > most:
        raise PostRefusedError(PostProblem.TOO_LONG, length, most)
    return Post(text, media)


_SITE: Final = re.compile(r"(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[a-z]{2,63}(?:[/?#]\S*)?", re.IGNORECASE)
"""What looks like the name of a site, perhaps with a page: `example.org/appeal`; not `v2.0`, `3.5` or `read...`."""


def read_button(text: str, known_url: str | None = None) -> PostButton:
    """Parse a button from its label and its link, in either order: `Read more https://example.org`.

    Without a link, `known_url` is used (that of the same button in another language), or a word that looks like the
    name of a site: `Read more example.org/appeal`. Raises `PostRefusedError`.
    """
    words = text.split()
    links = [word for word in words if word.lower().startswith(("https://", "http://"))]
    url = links[0] if links else known_url
    if url is None:
        links = [word for word in words if _SITE.fullmatch(word)]
        url = f"https://{links[0]}" if links else None
    if url is None or len(links) > 1 or not _is_https(url):
        raise PostRefusedError(PostProblem.NO_LINK)
    label = " ".join(word for word in words if word not in links)
    if not label:
        raise PostRefusedError(PostProblem.NO_LABEL, 0, MAX_LABEL_LENGTH)
    if len(label) > MAX_LABEL_LENGTH:
        raise PostRefusedError(PostProblem.LONG_LABEL, len(label), MAX_LABEL_LENGTH)
    return PostButton(label, url)


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme.lower() == "https" and "." in host.strip(".") and len(url) <= MAX_URL_LENGTH
