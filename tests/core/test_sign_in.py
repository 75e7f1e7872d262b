"""Sign-in: credentials, sessions, access and refresh tokens, API tokens and their expiry."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jose import jwt
from sqlalchemy import Engine, select, update

from tests.cast import PASSWORD, Cast, Clock, UowFor
from tests.conftest import KEY
from ticket_app.core.people.api_tokens import (
    create_api_token,
    list_own_api_tokens,
    revoke_api_token,
)
from ticket_app.core.people.authentication import authenticate_bearer, authenticate_cookie
from ticket_app.core.people.credentials import ClientInfo, VerifiedPerson, verify_credentials
from ticket_app.core.people.registration import create_person
from ticket_app.core.people.sessions import (
    TokenPair,
    issue_tokens,
    refresh_tokens,
    sign_out,
    start_browser_session,
)
from ticket_app.core.platform import secrets
from ticket_app.core.platform.actor import DEFAULT_ROLE_PERMISSIONS, Actor
from ticket_app.core.platform.errors import (
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    Unauthenticated,
)
from ticket_app.core.platform.unit_of_work import open_unit_of_work
from ticket_app.core.platform.vocabulary import Role
from ticket_app.settings import reload_settings
from ticket_app.tables import ApiToken, Person, RefreshToken, SignIn

HERE = ClientInfo("192.0.2.7", "a browser")


def log_in(uow_for: UowFor, name: str = "owner") -> TokenPair:
    with uow_for(None) as uow:
        proven = verify_credentials(uow, name, PASSWORD, HERE)
        return issue_tokens(uow, proven, HERE)


def who(uow_for: UowFor, token: str) -> Actor:
    with uow_for(None, writes=False) as uow:
        return authenticate_bearer(uow, token)


def refused(uow_for: UowFor, token: str) -> str:
    with pytest.raises(Unauthenticated) as error:
        who(uow_for, token)
    return error.value.message


def test_browser_session_authenticates_the_person(
    uow_for: UowFor, cast: Cast, clock: Clock, database: Engine
) -> None:
    with uow_for(None) as uow:
        proven = verify_credentials(uow, "owner", PASSWORD, HERE)
        cookie = start_browser_session(uow, proven, HERE)
    with uow_for(None, writes=False) as uow:
        actor = authenticate_cookie(uow, cookie)
        assert actor is not None
        assert (actor.id, actor.role, actor.authentication_method) == (
            cast.owner.id,
            Role.USER,
            "session",
        )
        assert actor.permissions == frozenset(DEFAULT_ROLE_PERMISSIONS[Role.USER])
        assert (actor.company_id, actor.scopes) == (1, frozenset())
    with database.connect() as connection:
        row = connection.execute(select(SignIn)).one()
        assert cookie not in str(row)
        assert (row.address, row.user_agent, row.created_at) == (*vars_of(HERE), clock.now)
        last = connection.execute(select(Person.last_login_at).where(Person.id == 1))  # type: ignore[arg-type]
        assert last.scalar_one() == clock.now


def vars_of(caller: ClientInfo) -> tuple[str, str]:
    return caller.address, caller.user_agent


@pytest.mark.parametrize(
    "name", ["owner", "OWNER", " owner ", "owner@example.com", "Owner@Example.COM"]
)
def test_a_name_or_an_address_will_do(uow_for: UowFor, cast: Cast, name: str) -> None:
    with uow_for(None) as uow:
        proven = verify_credentials(uow, name, PASSWORD, HERE)
        assert proven.person.id == cast.owner.id


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("owner", "wrong password"),
        ("owner", PASSWORD + " "),
        ("owner", ""),
        ("owner", "x" * 100_000),
        ("owner", "\x00"),
        ("owner", "\ud800"),
        ("nobody", PASSWORD),
        ("", PASSWORD),
        ("\x00", PASSWORD),
        ("\ud800", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
        ("x" * 100_000, PASSWORD),
        ("gone", PASSWORD),
        ("stranger", PASSWORD),
    ],
    ids=lambda value: f"{value[:12]!a}",
)
def test_every_failed_sign_in_has_the_same_message(
    uow_for: UowFor, cast: Cast, name: str, password: str
) -> None:
    with uow_for(cast.admin) as uow:
        uow.connection.execute(update(Person).where(Person.id == 2).values(password_hash=None))  # type: ignore[arg-type]
        uow.connection.execute(update(Person).where(Person.id == 3).values(is_active=False))  # type: ignore[arg-type]
    with uow_for(None) as uow, pytest.raises(Unauthenticated) as error:
        verify_credentials(uow, "colleague" if name == "gone" else name, password, HERE)
    assert error.value.message == "The username or password is incorrect"


def test_the_eleventh_try_waits(
    uow_for: UowFor, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "verify_password", lambda password, kept: password == PASSWORD)
    for n in range(10):
        with uow_for(None) as uow, pytest.raises(Unauthenticated):
            verify_credentials(uow, "Owner", f"guess {n}", ClientInfo(f"192.0.2.{n}"))
    with uow_for(None) as uow:
        with pytest.raises(RateLimited) as error:
            verify_credentials(uow, "owner", PASSWORD, ClientInfo("192.0.2.99"))
        assert error.value.retry_at is not None
        verify_credentials(uow, "agent", PASSWORD, ClientInfo("192.0.2.99"))
    for n in range(100):
        with uow_for(None) as uow, pytest.raises(Unauthenticated):
            verify_credentials(uow, f"name {n}", "guess", ClientInfo("198.51.100.1"))
    with uow_for(None) as uow, pytest.raises(RateLimited):
        verify_credentials(uow, "manager", PASSWORD, ClientInfo("198.51.100.1"))


def test_a_session_ends_with_its_time(uow_for: UowFor, cast: Cast, clock: Clock) -> None:
    with uow_for(None) as uow:
        proven = verify_credentials(uow, "owner", PASSWORD, HERE)
        cookie = start_browser_session(uow, proven, HERE)
    clock.forward(days=14, seconds=-1)
    with uow_for(None, writes=False) as uow:
        assert authenticate_cookie(uow, cookie) is not None
        for odd in ("", "x", cookie + "x", cookie[:-1], "x" * 5_000):
            assert authenticate_cookie(uow, odd) is None
    clock.forward(seconds=1)
    with uow_for(None, writes=False) as uow:
        assert authenticate_cookie(uow, cookie) is None


def test_signing_out_ends_that_session_at_once_and_no_other(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(None) as uow:
        proven = verify_credentials(uow, "owner", PASSWORD, HERE)
        here, there = (start_browser_session(uow, proven, HERE) for _ in range(2))
    with uow_for(None) as uow:
        uow.actor = authenticate_cookie(uow, here)
        sign_out(uow)
    with uow_for(None, writes=False) as uow:
        assert authenticate_cookie(uow, here) is None
        assert authenticate_cookie(uow, there) is not None


def test_signing_out_ends_an_access_token_at_once(uow_for: UowFor, cast: Cast) -> None:
    tokens, other = log_in(uow_for), log_in(uow_for)
    assert who(uow_for, tokens.access_token).id == cast.owner.id
    with uow_for(who(uow_for, tokens.access_token)) as uow:
        sign_out(uow)
    assert refused(uow_for, tokens.access_token) == "The sign-in has ended"
    with uow_for(None) as uow, pytest.raises(Unauthenticated):
        refresh_tokens(uow, tokens.refresh_token)
    assert who(uow_for, other.access_token).id == cast.owner.id


def test_deactivated_user_is_signed_out_immediately(uow_for: UowFor, cast: Cast) -> None:
    tokens = log_in(uow_for)
    with uow_for(None) as uow:
        proven = verify_credentials(uow, "owner", PASSWORD, HERE)
        cookie = start_browser_session(uow, proven, HERE)
    with uow_for(cast.owner) as uow:
        value, _ = create_api_token(uow, "script")
    with uow_for(cast.admin) as uow:
        uow.connection.execute(update(Person).where(Person.id == 1).values(is_active=False))  # type: ignore[arg-type]
    refused(uow_for, tokens.access_token)
    refused(uow_for, value)
    with uow_for(None) as uow:
        assert authenticate_cookie(uow, cookie) is None
        with pytest.raises(Unauthenticated):
            refresh_tokens(uow, tokens.refresh_token)


def test_an_access_token_is_good_for_an_hour(uow_for: UowFor, cast: Cast, clock: Clock) -> None:
    tokens = log_in(uow_for)
    assert tokens.expires_in == 3600
    clock.forward(seconds=3599)
    assert who(uow_for, tokens.access_token).authentication_method == "token"
    clock.forward(seconds=1)
    assert refused(uow_for, tokens.access_token) == "The token has expired"


def test_a_refresh_token_is_good_once(
    uow_for: UowFor, cast: Cast, clock: Clock, database: Engine
) -> None:
    first = log_in(uow_for)
    clock.forward(minutes=59)
    with uow_for(None) as uow:
        second = refresh_tokens(uow, first.refresh_token)
    assert second is not None
    assert second.refresh_token != first.refresh_token
    assert (
        who(uow_for, second.access_token).id == who(uow_for, first.access_token).id == cast.owner.id
    )
    with database.connect() as connection:
        kept = str(connection.execute(select(RefreshToken)).all())
        assert first.refresh_token not in kept
        assert second.refresh_token not in kept
    with uow_for(None) as uow:
        assert refresh_tokens(uow, first.refresh_token) is None
    assert refused(uow_for, second.access_token) == "The sign-in has ended"
    with uow_for(None) as uow, pytest.raises(Unauthenticated):
        refresh_tokens(uow, second.refresh_token)


def test_a_refresh_token_expires(uow_for: UowFor, cast: Cast, clock: Clock) -> None:
    tokens = log_in(uow_for)
    clock.forward(days=30)
    with uow_for(None) as uow, pytest.raises(Unauthenticated):
        refresh_tokens(uow, tokens.refresh_token)


@pytest.mark.parametrize("odd", ["", "rt_", "rt_x", "\x00", "\ud800", "é" * 500])
def test_other_tokens_are_rejected_as_refresh_tokens(uow_for: UowFor, cast: Cast, odd: str) -> None:
    with uow_for(None) as uow, pytest.raises(Unauthenticated):
        refresh_tokens(uow, odd)


def test_of_two_at_once_one_is_refreshed(uow_for: UowFor, cast: Cast) -> None:
    tokens = log_in(uow_for)

    def refresh(_: int) -> bool:
        with uow_for(None) as uow:
            try:
                return refresh_tokens(uow, tokens.refresh_token) is not None
            except Unauthenticated:
                return False

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(refresh, range(6))) == 1


def forged(claims: dict[str, Any], key: str = KEY, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, key, algorithm=algorithm)


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_a_token_that_was_touched_is_refused(uow_for: UowFor, cast: Cast, clock: Clock) -> None:
    access = log_in(uow_for).access_token
    claims = jwt.get_unverified_claims(access)
    header, body, signature = access.split(".")
    assert who(uow_for, forged(claims)).id == cast.owner.id
    admin = claims | {"sub": str(cast.admin.uuid)}
    for token in (
        forged(claims, "another key that is as long as ours is"),
        forged(claims, algorithm="HS384"),
        forged(admin),
        forged(claims | {"sid": str(uuid4())}),
        forged(claims | {"typ": "refresh"}),
        forged({name: value for name, value in claims.items() if name != "typ"}),
        forged({name: value for name, value in claims.items() if name != "exp"}),
        forged({name: value for name, value in claims.items() if name != "sid"}),
        forged(claims | {"exp": int(clock.now.timestamp())}),
        forged(claims | {"sid": ["x"]}),
        forged(claims | {"sid": None}),
        forged(claims | {"iss": "https://elsewhere.example", "sub": str(cast.admin.uuid)}),
        f"{part({'alg': 'none', 'typ': 'JWT'})}.{body}.",
        f"{part({'alg': 'None'})}.{body}.{signature}",
        f"{part({'alg': 'HS256', 'jwk': {'kty': 'oct', 'k': 'AA'}})}.{body}.{signature}",
        f"{header}.{part(admin)}.{signature}",
        f"{header}.{body}.",
        f"{header}.{body}.{signature}x",
        f"{header}.{body}",
        f" {access}",
        access + "." + signature,
    ):
        refused(uow_for, token)


DEEP = base64.urlsafe_b64encode(b'{"a":' + b"[" * 2_500).decode()


def test_no_token_at_all_is_more_than_refused(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(None, writes=False) as uow:

        @settings(
            max_examples=150,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.nested_given],
        )
        @given(
            st.text(max_size=60)
            | st.lists(
                st.text("abcXYZ019-_=", max_size=20)
                | st.recursive(
                    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
                    lambda inner: (
                        st.lists(inner, max_size=3)
                        | st.dictionaries(
                            st.sampled_from(["alg", "typ", "iss", "exp", "sub", "kid"]), inner
                        )
                    ),
                    max_leaves=5,
                ).map(part),
                min_size=3,
                max_size=3,
            ).map(".".join)
        )
        @example(f"{DEEP}.{part({})}.x")
        @example(f"{part({'alg': 'HS256'})}.{DEEP}.x")
        @example("tk_\ud800")
        @example("tk_\x00")
        @example("tk_")
        @example("é.é.é")
        def check(token: str) -> None:
            with pytest.raises(Unauthenticated):
                authenticate_bearer(uow, token)

        check()


def test_api_token_acts_for_the_person_who_created_it(
    uow_for: UowFor, cast: Cast, database: Engine
) -> None:
    with uow_for(cast.agent) as uow:
        value, row = create_api_token(uow, " My\nscript ")
    assert (row.name, row.hint) == ("My script", value[:7])
    actor = who(uow_for, value)
    assert (actor.id, actor.authentication_method, actor.permissions) == (
        cast.agent.id,
        "api_token",
        cast.agent.permissions,
    )
    assert actor.can("delete_tickets")
    with database.connect() as connection:
        assert value not in str(connection.execute(select(ApiToken)).one())
    with uow_for(cast.agent) as uow:
        assert [token.name for token in list_own_api_tokens(uow)] == ["My script"]
        assert value not in str(list_own_api_tokens(uow))
    with uow_for(cast.manager) as uow:
        assert len(list_own_api_tokens(uow)) == 0


def test_an_api_token_does_no_more_than_its_scopes(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        value, _ = create_api_token(uow, "reader", scopes=["view_all_tickets"])
        with pytest.raises(Forbidden):
            create_api_token(uow, "root", scopes=["view_all_tickets", "manage_people"])
        for name in ("", "x" * 121, "\x00"):
            with pytest.raises(Invalid):
                create_api_token(uow, name)
    actor = who(uow_for, value)
    assert [name for name in DEFAULT_ROLE_PERMISSIONS[Role.SUPER_ADMIN] if actor.can(name)] == [
        "view_all_tickets"
    ]


def test_an_api_token_of_a_narrow_token_is_no_wider(uow_for: UowFor, cast: Cast) -> None:
    with uow_for(cast.agent) as uow:
        value, _ = create_api_token(uow, "reader", scopes=["view_all_tickets"])
    with uow_for(who(uow_for, value)) as uow:
        for scopes in ([], ["delete_tickets"]):
            with pytest.raises(Forbidden):
                create_api_token(uow, "wider", scopes=scopes)


def test_an_api_token_ends(uow_for: UowFor, cast: Cast, clock: Clock) -> None:
    with uow_for(cast.owner) as uow:
        with pytest.raises(Invalid):
            create_api_token(uow, "late", expires_at=clock.now)
        short, _ = create_api_token(uow, "s", expires_at=clock.now + timedelta(hours=1))
        value, row = create_api_token(uow, "long")
    clock.forward(hours=1)
    refused(uow_for, short)
    assert who(uow_for, value).id == cast.owner.id
    with uow_for(cast.stranger) as uow, pytest.raises(NotFound):
        revoke_api_token(uow, row.uuid)
    with uow_for(cast.owner) as uow:
        revoke_api_token(uow, row.uuid)
        with pytest.raises(NotFound):
            revoke_api_token(uow, row.uuid)
    refused(uow_for, value)


def test_demo_accounts_stay_outside_in_production(
    database: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_unit_of_work(writes=True, bind=database, clock=clock) as uow:
        person = create_person(
            uow, username="dora", email="dora@desk.example", password=PASSWORD, is_demo=True
        )
        cookie = start_browser_session(uow, VerifiedPerson(person), ClientInfo())
        tokens = issue_tokens(uow, VerifiedPerson(person), ClientInfo())
        assert authenticate_cookie(uow, cookie) is not None
    monkeypatch.setenv("TICKET_ENV", "production")
    reload_settings()
    with open_unit_of_work(writes=False, bind=database, clock=clock) as uow:
        assert authenticate_cookie(uow, cookie) is None
        with pytest.raises(Unauthenticated):
            authenticate_bearer(uow, tokens.access_token)
        with pytest.raises(Unauthenticated):
            verify_credentials(uow, "dora", PASSWORD, ClientInfo())
