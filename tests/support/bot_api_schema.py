"""Checks everything on the wire against aiogram's models of the newest Bot API, a schema by other authors.

`Emulator(on_request=check_request, on_answer=check_answer)` turns it on; `watch_updates(world)` checks the updates.
"""

from typing import Any, get_args

import orjson
from pydantic import BaseModel, TypeAdapter, ValidationError

from chatbot.emulator import World
from tests.support.bot_api_models import build, build_all, methods, types


class SchemaMismatchError(AssertionError):
    """A request, answer or update that is not in the Bot API."""


METHODS: dict[str, type[methods.TelegramMethod[Any]]] = {
    method.__api_method__.lower(): method
    for name in methods.__all__
    if issubclass(method := getattr(methods, name), methods.TelegramMethod) and method is not methods.TelegramMethod
}
ADAPTERS: dict[str, TypeAdapter[Any]] = {}


def check_request(method: str, params: dict[str, Any]) -> None:
    """Check a call: a known method, known parameters of the right types, and no required one missing."""
    model = METHODS.get(method.lower())
    if model is None:
        raise SchemaMismatchError(f"the Bot API has no method {method}")
    build(model)
    known = {field.alias or name: field for name, field in model.model_fields.items()}
    if strangers := set(params) - set(known):
        raise SchemaMismatchError(f"{method} has no parameter {', '.join(sorted(strangers))}")
    decoded = {name: _decoded(value, known[name].annotation) for name, value in params.items()}
    try:
        checked = model.model_validate(decoded)
    except ValidationError as error:
        raise SchemaMismatchError(f"{method}: {error}") from None
    _refuse_extras(checked, method)


def check_answer(method: str, result: Any) -> None:
    """Check the emulator's answer against the type that the method returns."""
    name = method.lower()
    if name not in METHODS:
        return
    if name not in ADAPTERS:
        build_all(METHODS[name].__returning__)
        ADAPTERS[name] = TypeAdapter(METHODS[name].__returning__)
    try:
        _refuse_extras(ADAPTERS[name].validate_python(result), method)
    except ValidationError as error:
        raise SchemaMismatchError(f"answer of {method}: {error}") from None


def check_update(update: dict[str, Any]) -> None:
    """Check an update as the bot receives it."""
    try:
        _refuse_extras(build(types.Update).model_validate(update), "update")
    except ValidationError as error:
        raise SchemaMismatchError(f"update: {error}") from None


def watch_updates(world: World) -> None:
    """Check every update of a world from now on."""
    world.updates.inspect = check_update


def _decoded(value: Any, annotation: Any) -> Any:
    """Decode a parameter that is JSON in a string, as in forms."""
    if not isinstance(value, str) or not value.startswith(("{", "[")) or str in _flat(annotation):
        return value
    return orjson.loads(value)


def _flat(annotation: Any) -> set[Any]:
    """Return the alternatives of an annotation at its top level."""
    alternatives = {part for part in get_args(annotation) if part is not type(None)}
    return alternatives or {annotation}


def _refuse_extras(value: Any, path: str) -> None:
    """Refuse fields that the model does not have, at any depth."""
    if isinstance(value, BaseModel):
        if value.model_extra:
            raise SchemaMismatchError(f"{path} has no field {', '.join(sorted(value.model_extra))}")
        for name in value.model_fields_set:
            _refuse_extras(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_extras(item, path)
