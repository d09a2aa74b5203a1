"""aiogram's models of the newest Bot API, each built when it is first used: building all takes two seconds."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict

Model = TypeVar("Model", bound=type[BaseModel])


@contextmanager
def _unbuilt() -> Iterator[None]:
    config, rebuild = BaseModel.model_config, BaseModel.__dict__["model_rebuild"]
    BaseModel.model_config = ConfigDict(defer_build=True)
    BaseModel.model_rebuild = classmethod(lambda *_, **__: None)  # type: ignore[assignment]
    try:
        yield
    finally:
        BaseModel.model_config, BaseModel.model_rebuild = config, rebuild  # type: ignore[method-assign]


with _unbuilt():
    from aiogram import methods, types
    from aiogram.client.default import Default

__all__ = ["Default", "build", "build_all", "methods", "types"]


def build(model: Model) -> Model:
    """Return the model, ready to validate and with resolved annotations."""
    if not model.__pydantic_complete__:
        model.model_rebuild(_types_namespace=vars(types))
    return model


def build_all(annotation: Any) -> None:
    """Build every model that an annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        build(annotation)
    for part in get_args(annotation):
        build_all(part)
