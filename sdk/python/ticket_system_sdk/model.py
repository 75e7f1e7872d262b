"""What every answer is: a frozen object that minds no key it does not know."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from ticket_system_sdk.errors import UnexpectedAnswer


class Model(BaseModel):
    """An answer; what a later version of the API adds is kept as an attribute, too."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)


M = TypeVar("M", bound=Model)


def read(model: type[M], data: Any) -> M:
    """The answer's data as a model. Raises `UnexpectedAnswer`."""
    try:
        return model.model_validate(data)
    except ValueError as wrong:
        raise UnexpectedAnswer(f"the answer is no {model.__name__}: {wrong}") from None
