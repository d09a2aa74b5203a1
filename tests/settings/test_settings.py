"""Settings: what is read from variables and token files, and what stays out of the log."""

from pathlib import Path

import pytest

from chatbot.petition import retention
from chatbot.settings import BUNDLED_LOCALES, Settings, read_settings
from tests.settings.refusals import NAMES, SECRET, TOKEN


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
def test_token_file_is_read_as_editors_and_shells_write_it(
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
