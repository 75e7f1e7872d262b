"""Attackers are the cast's own members, with the clients that the API's tests have."""

from tests.api.conftest import (  # noqa: F401
    admin,
    agent,
    api,
    as_,
    create_ticket,
    nobody,
    owner,
    stranger,
    working,
)
from tests.api.test_matrix import world  # noqa: F401
