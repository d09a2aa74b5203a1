"""Settings: read correctly, or refused in one line that names the variable and never repeats its value."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.petition import retention
from chatbot.settings import BUNDLED_LOCALES, Settings, SettingsError, read_settings

NAMES = [name.upper() for name in Settings.model_fields]
TOKEN = "123456789:AAF-key_of_this_bot"
SECRET = "s3cr3t"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without the bot's variables."""
    for name in [*os.environ]:
        if name.upper() in NAMES:
            monkeypatch.delenv(name)
    return monkeypatch


def refusal(environment: pytest.MonkeyPatch, **variables: str) -> str:
    """Return the error message when these variables are set and everything is read, the token included."""
    for name, value in variables.items():
        environment.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        read_settings().read_token()
    return str(refused.value)


def test_only_a_token_is_required(environment: pytest.MonkeyPatch) -> None:
    settings = read_settings()
    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.database_url == "sqlite:///chatbot.db"
    assert settings.organizers == ()
    assert settings.retention_days == retention.DAYS
    assert (settings.broadcast_rate, settings.broadcast_paid) == (25, False)
    assert settings.locales_dir == BUNDLED_LOCALES
    assert settings.log_level == "INFO"
    environment.setenv("TELEGRAM_TOKEN", f" {TOKEN}\n")
    assert read_settings().read_token() == TOKEN


def test_settings_are_read_from_their_variables(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "campaign.toml").touch()
    given = {
        "TELEGRAM_API_URL": "http://127.0.0.1:8081/",
        "DATABASE_URL": "sqlite:////srv/petition.db",
        "ORGANIZERS": " 3003, 4004,3003 ,",
        "BROADCAST_RATE": "1000",
        "BROADCAST_PAID": "True",
        "LOCALES_DIR": str(tmp_path),
        "LOG_LEVEL": "debug",
        "RETENTION_DAYS": "30",
        "HOST": "127.0.0.1",
        "METRICS_TOKEN": f"{SECRET}-for-the-metrics",
    }
    for name, value in given.items():
        environment.setenv(name, value)
    settings = read_settings()
    assert settings.telegram_api_url == "http://127.0.0.1:8081"
    assert settings.database_url == "sqlite:////srv/petition.db"
    assert settings.organizers == (3003, 4004)
    assert (settings.broadcast_rate, settings.broadcast_paid) == (1000, True)
    assert settings.locales_dir == tmp_path
    assert settings.log_level == "DEBUG"
    assert settings.retention_days == 30
    assert settings.host == "127.0.0.1"
    assert settings.list_other_secrets() == (f"{SECRET}-for-the-metrics",), "it is cut out of the log"


@pytest.mark.parametrize(
    "address",
    ["u:p%40ss+word@h/d", "u@h/d?password=p%40ss+word", "u@h/d?sslmode=require&sslpassword=p%40ss+word"],
)
def test_password_of_the_database_is_cut_out_of_the_log_in_every_form(address: str) -> None:
    secrets = Settings(database_url=f"postgresql://{address}").list_other_secrets()
    assert {"p%40ss+word", "p@ss+word"} <= {*secrets}
    assert ("p@ss word" in secrets) == ("?" in address)


@pytest.mark.parametrize(
    ("page", "webhook", "address"),
    [
        (None, None, None),
        (None, "https://petition.example.org:8443/telegram", "https://petition.example.org:8443/"),
        ("https://example.org/petition", "https://petition.example.org/telegram", "https://example.org/petition/"),
        ("https://example.org/", None, "https://example.org/"),
    ],
)
def test_public_page_has_its_own_address_or_that_of_the_webhook(
    environment: pytest.MonkeyPatch, page: str | None, webhook: str | None, address: str | None
) -> None:
    for name, value in (("PAGE_URL", page), ("WEBHOOK_URL", webhook)):
        if value:
            environment.setenv(name, value)
    assert read_settings().find_page_url() == address
    assert not read_settings().public_page


@pytest.mark.parametrize("name", NAMES)
def test_empty_variable_counts_as_unset(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.setenv(name, "")
    assert read_settings() == Settings()


def test_token_can_be_in_a_file(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "telegram.token"
    file.write_text(f"{TOKEN}\n", "utf-8")
    environment.setenv("TELEGRAM_TOKEN_FILE", str(file))
    assert read_settings().read_token() == TOKEN


@pytest.mark.parametrize(
    "content",
    [
        f"\ufeff{TOKEN}\r\n".encode(),
        TOKEN.encode("utf-16"),
        f"{TOKEN}\r\n".encode("utf-16"),
        b"\xfe\xff" + TOKEN.encode("utf-16-be"),
        f'"{TOKEN}"\n'.encode(),
        f"“{TOKEN}”".encode(),
        f"TELEGRAM_TOKEN={TOKEN}\r\n".encode(),
        f"export TELEGRAM_TOKEN = '{TOKEN}'\n".encode(),
        f"  {TOKEN}\t\n\n".encode(),
    ],
)
def test_token_file_is_read_as_windows_writes_it(
    environment: pytest.MonkeyPatch, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "telegram.token"
    file.write_bytes(content)
    environment.setenv("TELEGRAM_TOKEN_FILE", str(file))
    assert read_settings().read_token() == TOKEN


def test_quoted_token_in_the_environment_is_read(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("TELEGRAM_TOKEN", f'"{TOKEN}"')
    assert read_settings().read_token() == TOKEN


@pytest.mark.parametrize(
    "proxy", ["socks5://127.0.0.1:1080", "socks5h://u:p@host:1080", "http://u:p%40@host:3128/", "https://[::1]:3128"]
)
def test_proxy_is_read_and_stays_out_of_the_log(environment: pytest.MonkeyPatch, proxy: str) -> None:
    environment.setenv("TELEGRAM_PROXY", proxy)
    settings = read_settings()
    assert settings.telegram_proxy is not None
    assert settings.telegram_proxy.get_secret_value() == proxy
    assert proxy in settings.list_other_secrets()
    assert "p%40" not in proxy or {"p%40", "p@"} <= set(settings.list_other_secrets())
    assert proxy not in f"{settings!r} {settings.model_dump()}"


def test_settings_do_not_show_the_token(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("TELEGRAM_TOKEN", TOKEN)
    settings = read_settings()
    assert TOKEN not in f"{settings!r} {settings} {settings.model_dump()}"


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


@pytest.mark.parametrize(
    "url",
    [
        "https://petition.example.org/telegram",
        "https://petition.example.org:8443/telegram",
        "https://petition.example.org:443",
        "https://petition.example.org:88/",
        "https://93.184.215.14:80/telegram",
        "https://xn--9t4b11yi5a.example/하나",
        "http://127.0.0.1:8080/telegram",
    ],
)
def test_addresses_that_telegram_accepts_are_accepted(environment: pytest.MonkeyPatch, url: str) -> None:
    environment.setenv("WEBHOOK_URL", url)
    assert read_settings().require_webhook_url() == url


def test_own_bot_api_server_accepts_any_port(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("TELEGRAM_API_URL", "http://127.0.0.1:8081")
    environment.setenv("WEBHOOK_URL", "https://10.0.0.11:8444/telegram")
    assert read_settings().require_webhook_url() == "https://10.0.0.11:8444/telegram"


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
