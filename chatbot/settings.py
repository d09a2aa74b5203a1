"""Settings from environment variables and the settings file. Errors name the variable."""

import os
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from chatbot.problem import InvalidValueError, Problem, ProblemError, explain_value
from chatbot.settings_checks import clean_token, decode_token, is_proxy, list_passwords, read_ids
from chatbot.settings_file import TOKENS, SettingsFileError, read_settings_file, read_small_file, warn_of_open_files
from chatbot.webhook_address import check_webhook_address, find_root, read_page_address

_INSTALLED_LOCALES: Final = Path(__file__).parent / "locales"
BUNDLED_LOCALES: Final = _INSTALLED_LOCALES if _INSTALLED_LOCALES.is_dir() else Path(__file__).parent.parent / "locales"
"""The bundled campaign: inside the installed package, or beside it in a clone."""
TELEGRAM: Final = "https://api.telegram.org"
_TOKEN: Final = re.compile(r"[0-9]+:[A-Za-z0-9_-]{10,}")
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{16,256}")


class SettingsError(ProblemError):
    """A setting is missing or wrong; the one-line message names it and says what to do."""


class Settings(BaseSettings):
    """Settings of an installation. Each field is the environment variable of the same name."""

    # An empty variable counts as unset, because hosting dashboards leave them so.
    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    telegram_token: SecretStr | None = Field(default=None, description="The bot's token from @BotFather.")
    telegram_token_file: Path | None = Field(
        default=None, description="A file with the token, instead of the token itself."
    )
    telegram_api_url: str = Field(default=TELEGRAM, description="Another Bot API server.")
    telegram_proxy: SecretStr | None = Field(
        default=None,
        description="A proxy to Telegram: `http://`, `https://` or `socks5://`, then `name:password@host:port` or "
        "`host:port`.",
    )
    database_url: str = Field(
        default="sqlite:///chatbot.db", description="Where everything is stored: `sqlite:///file` or `postgresql://…`."
    )
    backups: str | None = Field(
        default=None,
        description="The folder of the bot's own backups; `backups` beside the SQLite file if it is not set, and `off` "
        "makes none.",
    )
    webhook_url: str | None = Field(default=None, description="Where Telegram reaches `web`: `https://…`.")
    webhook_secret: SecretStr | None = Field(
        default=None, description="What only Telegram and `web` know; generated and stored if it is not set."
    )
    port: int = Field(default=8080, ge=0, le=65_535, description="Where `web` listens.")
    host: str | None = Field(
        default=None,
        description="The address at which `web` listens: `127.0.0.1` behind a proxy on the same machine; "
        "all addresses, IPv6 and IPv4, if it is not set.",
    )
    metrics_token: SecretStr | None = Field(
        default=None, description="The bearer token for `/metrics` of `web`; without it there are no metrics."
    )
    health_port: int | None = Field(
        default=None,
        ge=0,
        le=65_535,
        description="The port of `web` for health checks and metrics alone; `PORT` has them if it is not set.",
    )
    public_page: bool = Field(
        default=False, description="`true` lets `web` show the petition and its count to everybody at `/`."
    )
    page_dir: Path | None = Field(
        default=None, description="The folder in which the bot keeps the public page as files, for any web host."
    )
    page_url: str | None = Field(
        default=None,
        description="Where people find the public page: `https://…/`; the host of `WEBHOOK_URL` if it is not set.",
    )
    organizers: Annotated[tuple[int, ...], NoDecode] = Field(
        default=(), description="Telegram ids of the organizers, separated by commas."
    )
    broadcast_paid: bool = Field(
        default=False, description="`true` pays Telegram 0.1 Star for each message above 30 a second."
    )
    broadcast_rate: float = Field(
        default=25, description="Broadcast messages sent a second: 30 at most, 1000 with `BROADCAST_PAID`."
    )
    sealing_key: str | None = Field(
        default=None, description="Public keys of `chatbot keys`, separated by commas: names and reasons are sealed."
    )
    retention_days: int = Field(
        default=180,
        ge=1,
        le=36_500,
        description="Days after closing when names are erased and ids replaced automatically.",
    )
    volume_required: bool = Field(
        default=False, description="`true` refuses a SQLite file that is not in a volume; the container image sets it."
    )
    quiet_hours: bool = Field(
        default=True, description="`false` sends broadcasts at any hour, whatever `campaign.toml` says: for rehearsals."
    )
    locales_dir: Path = Field(
        default=BUNDLED_LOCALES, description="The campaign's directory: its facts, texts and words."
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")

    @field_validator("telegram_api_url")
    @classmethod
    def _check_api_url(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
            names_a_server = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:  # its message repeats the address, which may contain a password
            names_a_server = False
        if not names_a_server:
            raise InvalidValueError(Problem("must look like https://api.telegram.org"))
        return url.rstrip("/")

    @field_validator("telegram_proxy")
    @classmethod
    def _check_proxy(cls, proxy: SecretStr | None) -> SecretStr | None:
        if proxy is not None and not is_proxy(proxy.get_secret_value()):
            problem = Problem("must look like socks5://name:password@host:1080 or http://host:3128")
            raise InvalidValueError(problem)
        return proxy

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql://", "postgres://")) or url == "sqlite:///":
            problem = Problem("must look like sqlite:///chatbot.db or postgresql://name:password@host/database")
            raise InvalidValueError(problem)
        if url.startswith("sqlite") and "?" in url:
            raise InvalidValueError(Problem("the name of a file has no ? and nothing after it"))
        return url

    @field_validator("webhook_url")
    @classmethod
    def _check_webhook_url(cls, url: str | None, others: ValidationInfo) -> str | None:
        if url is not None:
            check_webhook_address(url, own_server=others.data.get("telegram_api_url") != TELEGRAM)
        return url

    @field_validator("page_url")
    @classmethod
    def _check_page_url(cls, url: str | None) -> str | None:
        return None if url is None else read_page_address(url)

    @field_validator("webhook_secret", "metrics_token")
    @classmethod
    def _check_webhook_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not _SECRET.fullmatch(secret.get_secret_value()):
            raise InvalidValueError(Problem("must be 16 to 256 of A-Z a-z 0-9 _ -"))
        return secret

    @field_validator("organizers", mode="before")
    @classmethod
    def _split_organizers(cls, ids: object) -> object:
        if not isinstance(ids, str):
            return ids
        return read_ids(ids)

    @field_validator("broadcast_paid", mode="before")
    @classmethod
    def _read_paid(cls, paid: object) -> object:
        if str(paid).lower() not in ("true", "false"):
            raise InvalidValueError(Problem("must be true or false"))
        return str(paid).lower() == "true"

    @field_validator("broadcast_rate", mode="before")
    @classmethod
    def _read_rate(cls, rate: object, others: ValidationInfo) -> float:
        most = 1000 if others.data.get("broadcast_paid") else 30
        try:
            number = float(str(rate))
        except ValueError:
            number = 0.0
        if not 0 < number <= most:
            problem = Problem("must be a number of messages a second: up to 30, or up to 1000 with BROADCAST_PAID=true")
            raise InvalidValueError(problem)
        return number

    @field_validator("locales_dir")
    @classmethod
    def _check_locales_dir(cls, directory: Path) -> Path:
        try:
            found = (directory / "campaign.toml").is_file()
        except OSError:  # not a valid file name
            found = False
        if not found:
            problem = Problem("must name a directory that holds campaign.toml; `python -m chatbot setup` makes one")
            raise InvalidValueError(problem)
        return directory

    @field_validator("log_level")
    @classmethod
    def _check_log_level(cls, level: str) -> str:
        if level.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise InvalidValueError(Problem("must be DEBUG, INFO, WARNING or ERROR"))
        return level.upper()

    def require_webhook_url(self) -> str:
        """Return the address of the webhook. Raises `SettingsError` if it is not set."""
        if self.webhook_url is None:
            problem = Problem(
                "WEBHOOK_URL: missing; set the https address at which Telegram reaches this machine; "
                "`python -m chatbot setup` asks for it"
            )
            raise SettingsError(problem)
        return self.webhook_url

    def find_page_url(self) -> str | None:
        """Return where people find the public page, with a slash at the end; None if nothing tells it."""
        return self.page_url or (find_root(self.webhook_url) if self.webhook_url else None)

    def list_other_secrets(self) -> tuple[str, ...]:
        """Return all secrets but the token, none of which may be logged."""
        given = (self.webhook_secret, self.metrics_token, self.telegram_proxy)
        kept = [each.get_secret_value() for each in given if each is not None]
        if self.telegram_proxy is not None and (password := urlsplit(self.telegram_proxy.get_secret_value()).password):
            kept += [password, unquote(password)]
        return tuple(filter(None, (*kept, *list_passwords(self.database_url))))

    def warn_of_open_files(self) -> list[Problem]:
        """Return a warning for each file with a secret of these settings that others can read."""
        return warn_of_open_files(os.environ, None if self.telegram_token else self.telegram_token_file)

    def read_token(self) -> str:
        """Return the bot's token from `TELEGRAM_TOKEN` or `TELEGRAM_TOKEN_FILE`. Raises `SettingsError`."""
        name, token = "TELEGRAM_TOKEN", ""
        if self.telegram_token is not None:
            token = self.telegram_token.get_secret_value()
        elif self.telegram_token_file is not None:
            name = "TELEGRAM_TOKEN_FILE"
            try:
                token = decode_token(read_small_file(self.telegram_token_file))
            except (OSError, UnicodeDecodeError):
                problem = Problem("{name}: cannot be read; name a file that holds the token", name=name)
                raise SettingsError(problem) from None
        token = clean_token(token)
        if not token:
            problem = Problem("{name}: missing; `python -m chatbot setup` asks for it and keeps it (docs/install.md)")
            raise SettingsError(problem.fill(name=name))
        if not _TOKEN.fullmatch(token):
            problem = Problem("{name}: is no bot token; it looks like 123456789:AbC… and comes from @BotFather")
            raise SettingsError(problem.fill(name=name))
        if (bot := int(token.partition(":")[0])) in self.organizers:
            problem = Problem("ORGANIZERS: {id} is this bot itself; name each organizer by their own Telegram id")
            raise SettingsError(problem.fill(id=bot))
        return token


def read_settings() -> Settings:
    """Read the environment and, for what it does not set, the settings file.

    Raises `SettingsError` with one line that repeats no value, which may be a secret.
    """
    try:
        file = read_settings_file(os.environ)
    except SettingsFileError as error:
        raise SettingsError(*error.problems) from None
    for name in file.values.keys() - {each.upper() for each in Settings.model_fields}:
        # Other names are other programs', as in the .env of a compose file.
        for near in get_close_matches(name, map(str.upper, Settings.model_fields), n=1, cutoff=0.85):
            problem = Problem("{place}: {name} is no setting; if you meant {near}, write that", name=name, near=near)
            raise SettingsError(problem.fill(**problem.values, place=file.locate(name)))
    given = {name.upper() for name, value in os.environ.items() if value}
    if given & TOKENS:
        given |= TOKENS
    read: dict[str, Any] = {name.lower(): value for name, value in file.values.items() if value and name not in given}
    try:
        return Settings(**read)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)[0]
        problem, name = explain_value(found, _WRONG), str(found["loc"][0]).upper() if found["loc"] else ""
        if name:
            problem = Problem("{name}: {problem}", name=name, problem=problem)
        if name in file.lines and name not in given:
            problem = Problem("{name}: {problem}", name=file.locate(name), problem=problem)
        raise SettingsError(problem) from None


_WRONG: Final = {
    "int_parsing": Problem("must be a whole number"),
    "greater_than_equal": Problem("must be {ge} or more"),
    "less_than_equal": Problem("must be {le} or less"),
    "bool_parsing": Problem("must be true or false"),
}
"""What to say about each kind of pydantic error (https://docs.pydantic.dev/latest/errors/validation_errors/)."""
