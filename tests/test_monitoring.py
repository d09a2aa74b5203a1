"""The files for monitors and one-click hosts fit the program: metrics, labels, settings, processes."""

import asyncio
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from chatbot.app.metrics import measure
from chatbot.petition.broadcasts import outcome
from chatbot.settings import Settings, SettingsError
from chatbot.storage import open_database
from chatbot.transport.outgoing.errors import ErrorClass
from tests.support.documents import DOCUMENTS, ROOT

MONITORING = ROOT / "docs" / "monitoring"
DASHBOARD = json.loads((MONITORING / "grafana-dashboard.json").read_text("utf-8"))
RULES = (MONITORING / "alerts.yml").read_text("utf-8")
APP: dict[str, Any] = json.loads((ROOT / "app.json").read_text("utf-8"))
PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text("utf-8").splitlines())

EXPRESSIONS = [
    *(target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]),
    *re.findall(r"^ +expr: (.+)$", RULES, re.MULTILINE),
]
FUNCTIONS = {"sum", "max", "rate", "increase", "delta", "absent", "histogram_quantile"}
WORDS = {"by", "and", "or", "unless"}
LABELS = {
    "chatbot_updates": {"outcome": {"taken", "refused", "failed", "slowed"}},
    "chatbot_calls": {"method": set(), "outcome": {"done", *(each.name.lower() for each in ErrorClass)}},
    "chatbot_deliveries": {"outcome": {name.lower() for name, kind in vars(outcome).items() if isinstance(kind, type)}},
}
"""Labels that the page shows only after something has happened. `method` has names of the Bot API."""
TOKEN = re.compile(r'"[^"]*"|[A-Za-z_:][\w:]*|[0-9.]+[smhd]?|=~|!~|!=|==|>=|<=|[-+*/<>=(){}\[\],]')


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, set[str]]]:
    """The values of each label of each metric on the page. The names of metrics have no endings."""

    async def read_page() -> str:
        database = await open_database(f"sqlite:///{tmp_path_factory.mktemp('metrics')}/chatbot.db")
        text = (await measure(database)).decode()
        await database.close()
        return text

    text = asyncio.run(read_page())
    found: dict[str, dict[str, set[str]]] = {}
    for family in text_string_to_metric_families(text):
        if not family.name.endswith("_created"):
            labels = found.setdefault(family.name, dict(LABELS.get(family.name, {})))
            for sample in family.samples:
                for label, value in sample.labels.items():
                    labels.setdefault(label, set()).add(value)
    return found


def read_tokens(expression: str) -> list[str]:
    tokens = TOKEN.findall(expression)
    assert "".join(tokens) == re.sub(r"\s", "", expression), f"not PromQL: {expression}"
    return tokens


def list_selectors(expression: str) -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
    """Yield each metric of an expression with its matchers: label, sign and value."""
    tokens = read_tokens(expression)
    for at, token in enumerate(tokens):
        if not re.fullmatch(r"up|chatbot_\w+", token):
            continue
        inside = tokens[at + 2 : tokens.index("}", at)] if tokens[at + 1 : at + 2] == ["{"] else []
        yield token, {inside[n]: (inside[n + 1], inside[n + 2].strip('"')) for n in range(0, len(inside), 4)}


def name_family(metric: str) -> str:
    return re.sub(r"_(?:total|bucket|count|sum)$", "", metric)


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expression_has_the_syntax_of_promql(expression: str) -> None:
    opened: list[str] = []
    for token in read_tokens(expression):
        if token in "([{":
            opened.append(token)
        elif token in ")]}":
            assert opened.pop() + token in {"()", "[]", "{}"}
    assert not opened
    for name, following in pairwise([*read_tokens(expression), ""]):
        if following == "(" and re.fullmatch("[a-z_]+", name):
            assert name in FUNCTIONS | WORDS
    for function, range_ in re.findall(r"(rate|increase|delta)\(\w+(?:\{[^}]*\})?(\[\w+\])?", expression):
        assert range_, f"{function} needs a range"


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expression_names_metrics_and_labels_that_exist(
    expression: str, exported: dict[str, dict[str, set[str]]]
) -> None:
    selectors = list(list_selectors(expression))
    assert selectors
    for metric, matchers in selectors:
        if metric == "up":
            continue
        labels = exported[name_family(metric)]
        for label, (sign, value) in matchers.items():
            choices = labels[label]
            if sign in {"=~", "!~"}:
                parts = value.split("|")
                assert all(any(re.fullmatch(part, choice) for choice in choices) for part in parts), value
            else:
                assert value in choices
    grouped = {each for names in re.findall(r"by \(([^)]*)\)", expression) for each in names.split(", ")}
    known = {"le", *(label for metric, _ in selectors if metric != "up" for label in exported[name_family(metric)])}
    assert grouped <= known


def test_dashboard_shows_every_metric(exported: dict[str, dict[str, set[str]]]) -> None:
    shown = {name_family(metric) for panel in DASHBOARD["panels"] for target in panel["targets"]
             for metric, _ in list_selectors(target["expr"])}  # fmt: skip
    assert shown == exported.keys()
    numbers = [value for panel in DASHBOARD["panels"] for target in panel["targets"]
               for metric, matchers in list_selectors(target["expr"])
               if metric == "chatbot_petition" for value in matchers.values()]  # fmt: skip
    for what in exported["chatbot_petition"]["what"]:
        assert any(re.fullmatch(value, what) for _sign, value in numbers), what


def test_panels_have_unique_ids_titles_and_places() -> None:
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len({*ids}) == len(ids)
    assert all(panel["title"] and panel["targets"] for panel in DASHBOARD["panels"])
    places = [
        (panel["gridPos"]["x"] + column, panel["gridPos"]["y"] + row)
        for panel in DASHBOARD["panels"]
        for column in range(panel["gridPos"]["w"])
        for row in range(panel["gridPos"]["h"])
    ]
    assert len({*places}) == len(places), "panels do not overlap"
    assert max(column for column, _ in places) < 24


def test_alerts_say_what_to_do() -> None:
    alerts = RULES.split("- alert: ")[1:]
    names = [alert.split()[0] for alert in alerts]
    assert len({*names}) == len(names) == len(re.findall("^ +expr: ", RULES, re.MULTILINE))
    for alert in alerts:
        assert re.search(r"severity: (critical|warning)\n", alert)
        assert re.search(r"summary: \S.*\.\n", alert)
        assert re.search(r"action: \S.*\.$", alert, re.MULTILINE)
    assert "\t" not in RULES


def test_alerts_name_messages_and_commands_of_the_bot() -> None:
    code = "\n".join(file.read_text("utf-8") for file in (ROOT / "chatbot").rglob("*.py"))
    for words in re.findall(r'for "([^"]+)" in the log', RULES):
        assert words in code
    for command in re.findall(r"(?<=[ (])/(\w+)", RULES):
        assert f'"{command}"' in code


def test_document_names_the_files() -> None:
    for file in MONITORING.iterdir():
        assert f"docs/monitoring/{file.name}" in DOCUMENTS["docs/operating.md"]
    assert "`app.json`" in DOCUMENTS["docs/operating.md"]


# One-click hosts


def test_app_json_has_settings_that_exist() -> None:
    assert {*APP["env"]} <= {name.upper() for name in Settings.model_fields}
    for name, told in APP["env"].items():
        assert told["description"].endswith("."), name
        assert "value" not in told, "the host copies a value into every petition, also a secret"
    generated = {name for name, told in APP["env"].items() if told.get("generator") == "secret"}
    assert {name for name in generated if Settings.model_fields[name.lower()].annotation != SecretStr | None} == set()


def test_app_json_asks_for_what_the_bot_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    required = {name for name, told in APP["env"].items() if told["required"]}
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for read in (Settings().read_token, Settings().require_webhook_url):
        with pytest.raises(SettingsError) as refused:
            read()
        assert str(refused.value).split(":")[0] in required
    assert len(required) == 2


def test_app_json_starts_processes_of_the_procfile() -> None:
    assert {*APP["formation"]} == {"web", "worker"} <= {*PROCFILE}
    assert "release" in PROCFILE, "the host migrates the database before it starts the processes"
    assert [addon["as"] for addon in APP["addons"]] == ["DATABASE"], "the name makes the host set DATABASE_URL"
    assert "asyncpg" in (ROOT / "requirements.txt").read_text("utf-8")
    assert APP["buildpacks"] == [{"url": "heroku/python"}]


def test_generated_secret_of_the_host_is_accepted() -> None:
    assert Settings(metrics_token=SecretStr("0" * 64), webhook_url="https://petition.herokuapp.com/telegram")


def test_files_end_with_a_line_break() -> None:
    for file in (*MONITORING.iterdir(), ROOT / "app.json"):
        assert file.read_text("utf-8").endswith("\n")
