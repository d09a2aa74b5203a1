"""Settings are refused in one line that names the variable and never repeats its value."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.settings import SettingsError, read_settings
from tests.settings.refusals import NAMES, SECRET, TOKEN, refusal


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("TELEGRAM_API_URL", f"ftp://bot:{SECRET}@example.org", "must look like https://api.telegram.org"),
        ("TELEGRAM_API_URL", SECRET, "must look like https://api.telegram.org"),
        ("TELEGRAM_API_URL", f"http://[{SECRET}]", "must look like https://api.telegram.org"),
        ("TELEGRAM_API_URL", f"http://{SECRET}℀.org", "must look like https://api.telegram.org"),
        ("TELEGRAM_API_URL", f"http://{SECRET}.org:99999", "must look like https://api.telegram.org"),
        ("DATABASE_URL", f"mysql://petition:{SECRET}@db/petition", "must look like sqlite:///chatbot.db"),
        ("DATABASE_URL", "sqlite:///x.db?mode=ro", "the name of a file has no ? and nothing after it"),
        ("TELEGRAM_PROXY", f"ftp://bot:{SECRET}@host:1", "must look like socks5://name:password@host:1080"),
        ("TELEGRAM_PROXY", f"socks5://bot:{SECRET}@host", "must look like socks5://name:password@host:1080"),
        ("TELEGRAM_PROXY", f"socks5://bot:{SECRET}하나@host:1080", "must look like socks5://name:password@host:1080"),
        ("TELEGRAM_PROXY", f"http://bot:{SECRET}@host:3128/path", "must look like socks5://name:password@host:1080"),
        ("TELEGRAM_PROXY", f"http://bot:{SECRET}@host:99999", "must look like socks5://name:password@host:1080"),
        ("TELEGRAM_PROXY", f"{SECRET}:1080", "must look like socks5://name:password@host:1080"),
        ("DATABASE_URL", "sqlite:///", "must look like sqlite:///chatbot.db"),
        ("ORGANIZERS", f"3003,@{SECRET}", "must be Telegram ids separated by commas"),
        ("ORGANIZERS", "-100200300", "must be Telegram ids separated by commas"),
        ("ORGANIZERS", "3003,-1001234567890", "-1001234567890 is that of a group or channel, no person's"),
        ("ORGANIZERS", "0", "must be Telegram ids separated by commas"),
        ("ORGANIZERS", "٣", "must be Telegram ids separated by commas"),
        ("ORGANIZERS", str(2**52), "must be Telegram ids separated by commas"),
        ("ORGANIZERS", "1" * 5000, "must be Telegram ids separated by commas"),
        ("ORGANIZERS", "3003,1087968824", "1087968824 is @GroupAnonymousBot, the sender of all anonymous admins"),
        ("ORGANIZERS", "777000", "777000 is Telegram itself and no person"),
        ("ORGANIZERS", "136817688", "136817688 is @Channel_Bot, the sender of all who write as a channel"),
        *(
            ("BROADCAST_RATE", rate, "must be a number of messages a second")
            for rate in ("0", "-1", "31", "nan", SECRET)
        ),
        ("BROADCAST_RATE", "30.5", "up to 30, or up to 1000 with BROADCAST_PAID=true"),
        ("BROADCAST_PAID", SECRET, "must be true or false"),
        *(
            ("WEBHOOK_URL", url.format(SECRET), "must look like https://petition.example.org/telegram")
            for url in (
                "{}",
                "http://{}.org/x",
                "ftp://{}.org/x",
                "https:///{}",
                "https://{}.org/x?y",
                "https://{}.org/#y",
                "https://me:{}@petition.example.org/x",
                "https://{}.org/x y",
                "https://{}.org:0x/",
                "https://{}.org:99999/",
            )
        ),
        *(
            ("PAGE_URL", url.format(SECRET), "must look like https://petition.example.org/")
            for url in (
                "{}",
                "ftp://{}.org/",
                "https:///{}",
                "https://{}.org/?y",
                "https://a:{}@x.org/",
                "https://{} .org",
            )
        ),
        ("PUBLIC_PAGE", SECRET, "must be true or false"),
        ("HEALTH_PORT", "65536", "must be 65535 or less"),
        *(
            ("WEBHOOK_URL", f"https://{SECRET}.example.org:{port}/x", "only the ports 443, 80, 88 and 8443")
            for port in (8444, 8080, 1)
        ),
        *(
            ("WEBHOOK_URL", f"https://{host}/{SECRET}", "a machine that Telegram can reach from the internet")
            for host in ("localhost", "10.0.0.11", "127.0.0.1", "[::1]", "[fd00::1]", "web", "web.internal", "0.0.0.0")
        ),
        ("WEBHOOK_URL", "https://petition.example.org/healthz", "/healthz is taken; choose another path"),
        ("METRICS_TOKEN", SECRET, "must be 16 to 256 of A-Z a-z 0-9 _ -"),
        ("RETENTION_DAYS", "0", "must be 1 or more"),
        ("RETENTION_DAYS", SECRET, "must be a whole number"),
        ("LOCALES_DIR", f"/nowhere/{SECRET}", "must name a directory that holds campaign.toml"),
        ("LOCALES_DIR", SECRET * 1000, "must name a directory that holds campaign.toml"),
        ("LOG_LEVEL", SECRET, "must be DEBUG, INFO, WARNING or ERROR"),
        ("TELEGRAM_TOKEN", SECRET, "comes from @BotFather"),
        ("TELEGRAM_TOKEN", f"{TOKEN} {SECRET}", "comes from @BotFather"),
        ("TELEGRAM_TOKEN", "  ", "`python -m chatbot setup` asks for it"),
        ("TELEGRAM_TOKEN_FILE", f"/nowhere/{SECRET}", "name a file that holds the token"),
        ("TELEGRAM_TOKEN_FILE", SECRET * 1000, "name a file that holds the token"),
        ("TELEGRAM_TOKEN_FILE", "/", "name a file that holds the token"),
    ],
)
def test_wrong_value_is_refused(environment: pytest.MonkeyPatch, name: str, value: str, advice: str) -> None:
    said = refusal(environment, **{name: value})
    assert said.startswith(f"{name}: ")
    assert advice in said
    assert "\n" not in said
    assert SECRET not in said


def test_missing_token_is_requested(environment: pytest.MonkeyPatch) -> None:
    assert refusal(environment) == (
        "TELEGRAM_TOKEN: missing; `python -m chatbot setup` asks for it and keeps it (docs/install.md)"
    )


def test_file_without_a_token_is_refused_by_its_variable(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / SECRET
    for content in (b"", f"token={SECRET}".encode(), b"\xff\xfe\x00"):
        file.write_bytes(content)
        said = refusal(environment, TELEGRAM_TOKEN_FILE=str(file))
        assert said.startswith("TELEGRAM_TOKEN_FILE: ")
        assert "\n" not in said
        assert SECRET not in said


@given(
    st.sampled_from(NAMES),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    st.sampled_from(["", "http://", "https://bot@", "sqlite:///", "1,"]),
)
def test_any_value_is_accepted_or_refused_in_one_line(name: str, value: str, before: str) -> None:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(name, before + value + SECRET)
        try:
            read_settings().read_token()
        except SettingsError as refused:
            said = str(refused)
            assert said.startswith((f"{name}: ", "TELEGRAM_TOKEN: missing"))
            assert "\n" not in said
            assert SECRET not in said


def test_bot_itself_is_no_organizer(environment: pytest.MonkeyPatch) -> None:
    told = refusal(environment, TELEGRAM_TOKEN=TOKEN, ORGANIZERS="3003,123456789")
    assert told == "ORGANIZERS: 123456789 is this bot itself; name each organizer by their own Telegram id"
