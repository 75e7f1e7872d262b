"""The base class of responses: frozen, and tolerant of unknown fields."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict

from ticket_system_sdk.errors import UnexpectedResponse


class Model(BaseModel):
    """A response; fields added by later versions of the API become attributes too."""

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)


M = TypeVar("M", bound=Model)


def parse(model: type[M], data: Any) -> M:
    """Parse the data of a response. Raises `UnexpectedResponse`."""
    try:
        return model.model_validate(data)
    except ValueError as error:
        raise UnexpectedResponse(f"the response is not a valid {model.__name__}: {error}") from None
