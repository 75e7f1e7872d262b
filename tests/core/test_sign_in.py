"""Who signs in is who they say, for as long as they are, and no token outlives its end."""

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

from tests.cast import PASSWORD, Cast, Clock, DeskFor
from tests.conftest import KEY
from ticket_app.core.people import profiles, sign_in
from ticket_app.core.people.sign_in import Caller, Tokens
from ticket_app.core.platform import secrets
from ticket_app.core.platform.actor import PERMISSIONS, Actor
from ticket_app.core.platform.errors import Forbidden, Invalid, NotFound, TooMany, Unauthenticated
from ticket_app.core.platform.unit_of_work import open_desk
from ticket_app.core.platform.vocabulary import Role
from ticket_app.settings import reload_settings
from ticket_app.tables import ApiToken, Person, RefreshToken, SignIn

HERE = Caller("192.0.2.7", "a browser")


def log_in(desk_for: DeskFor, name: str = "owner") -> Tokens:
    with desk_for(None) as desk:
        proven = sign_in.check_credentials(desk, name, PASSWORD, HERE)
        return sign_in.sign_in_program(desk, proven, HERE)


def who(desk_for: DeskFor, token: str) -> Actor:
    with desk_for(None, writes=False) as desk:
        return sign_in.by_bearer(desk, token)


def refused(desk_for: DeskFor, token: str) -> str:
    with pytest.raises(Unauthenticated) as refusal:
        who(desk_for, token)
    return refusal.value.message


def test_it_works(desk_for: DeskFor, cast: Cast, clock: Clock, database: Engine) -> None:
    with desk_for(None) as desk:
        proven = sign_in.check_credentials(desk, "owner", PASSWORD, HERE)
        cookie = sign_in.sign_in_browser(desk, proven, HERE)
    with desk_for(None, writes=False) as desk:
        actor = sign_in.by_cookie(desk, cookie)
        assert actor is not None
        assert (actor.id, actor.role, actor.via) == (cast.owner.id, Role.USER, "session")
        assert actor.permissions == frozenset(PERMISSIONS[Role.USER])
        assert (actor.company_id, actor.scopes) == (1, frozenset())
    with database.connect() as connection:
        row = connection.execute(select(SignIn)).one()
        assert cookie not in str(row)
        assert (row.address, row.user_agent, row.created_at) == (*vars_of(HERE), clock.now)
        last = connection.execute(select(Person.last_login_at).where(Person.id == 1))  # type: ignore[arg-type]
        assert last.scalar_one() == clock.now


def vars_of(caller: Caller) -> tuple[str, str]:
    return caller.address, caller.user_agent


@pytest.mark.parametrize(
    "name", ["owner", "OWNER", " owner ", "owner@example.com", "Owner@Example.COM"]
)
def test_a_name_or_an_address_will_do(desk_for: DeskFor, cast: Cast, name: str) -> None:
    with desk_for(None) as desk:
        proven = sign_in.check_credentials(desk, name, PASSWORD, HERE)
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
def test_every_failure_says_the_same(
    desk_for: DeskFor, cast: Cast, name: str, password: str
) -> None:
    with desk_for(cast.admin) as desk:
        desk.db.execute(update(Person).where(Person.id == 2).values(password_hash=None))  # type: ignore[arg-type]
        desk.db.execute(update(Person).where(Person.id == 3).values(is_active=False))  # type: ignore[arg-type]
    with desk_for(None) as desk, pytest.raises(Unauthenticated) as refusal:
        sign_in.check_credentials(desk, "colleague" if name == "gone" else name, password, HERE)
    assert refusal.value.message == "The username or the password is wrong"


def test_the_eleventh_try_waits(
    desk_for: DeskFor, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "password_matches", lambda password, kept: password == PASSWORD)
    for n in range(10):
        with desk_for(None) as desk, pytest.raises(Unauthenticated):
            sign_in.check_credentials(desk, "Owner", f"guess {n}", Caller(f"192.0.2.{n}"))
    with desk_for(None) as desk:
        with pytest.raises(TooMany) as refusal:
            sign_in.check_credentials(desk, "owner", PASSWORD, Caller("192.0.2.99"))
        assert refusal.value.retry_at is not None
        sign_in.check_credentials(desk, "agent", PASSWORD, Caller("192.0.2.99"))
    for n in range(100):
        with desk_for(None) as desk, pytest.raises(Unauthenticated):
            sign_in.check_credentials(desk, f"name {n}", "guess", Caller("198.51.100.1"))
    with desk_for(None) as desk, pytest.raises(TooMany):
        sign_in.check_credentials(desk, "manager", PASSWORD, Caller("198.51.100.1"))


def test_a_session_ends_with_its_time(desk_for: DeskFor, cast: Cast, clock: Clock) -> None:
    with desk_for(None) as desk:
        proven = sign_in.check_credentials(desk, "owner", PASSWORD, HERE)
        cookie = sign_in.sign_in_browser(desk, proven, HERE)
    clock.forward(days=14, seconds=-1)
    with desk_for(None, writes=False) as desk:
        assert sign_in.by_cookie(desk, cookie) is not None
        for odd in ("", "x", cookie + "x", cookie[:-1], "x" * 5_000):
            assert sign_in.by_cookie(desk, odd) is None
    clock.forward(seconds=1)
    with desk_for(None, writes=False) as desk:
        assert sign_in.by_cookie(desk, cookie) is None


def test_signing_out_ends_that_session_at_once_and_no_other(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(None) as desk:
        proven = sign_in.check_credentials(desk, "owner", PASSWORD, HERE)
        here, there = (sign_in.sign_in_browser(desk, proven, HERE) for _ in range(2))
    with desk_for(None) as desk:
        desk.actor = sign_in.by_cookie(desk, here)
        sign_in.sign_out(desk)
    with desk_for(None, writes=False) as desk:
        assert sign_in.by_cookie(desk, here) is None
        assert sign_in.by_cookie(desk, there) is not None


def test_signing_out_ends_an_access_token_at_once(desk_for: DeskFor, cast: Cast) -> None:
    tokens, other = log_in(desk_for), log_in(desk_for)
    assert who(desk_for, tokens.access).id == cast.owner.id
    with desk_for(who(desk_for, tokens.access)) as desk:
        sign_in.sign_out(desk)
    assert refused(desk_for, tokens.access) == "The sign-in has ended"
    with desk_for(None) as desk, pytest.raises(Unauthenticated):
        sign_in.refresh(desk, tokens.refresh)
    assert who(desk_for, other.access).id == cast.owner.id


def test_whoever_is_switched_off_is_out_at_once(desk_for: DeskFor, cast: Cast) -> None:
    tokens = log_in(desk_for)
    with desk_for(None) as desk:
        proven = sign_in.check_credentials(desk, "owner", PASSWORD, HERE)
        cookie = sign_in.sign_in_browser(desk, proven, HERE)
    with desk_for(cast.owner) as desk:
        value, _ = sign_in.make_api_token(desk, "script")
    with desk_for(cast.admin) as desk:
        desk.db.execute(update(Person).where(Person.id == 1).values(is_active=False))  # type: ignore[arg-type]
    refused(desk_for, tokens.access)
    refused(desk_for, value)
    with desk_for(None) as desk:
        assert sign_in.by_cookie(desk, cookie) is None
        with pytest.raises(Unauthenticated):
            sign_in.refresh(desk, tokens.refresh)


def test_an_access_token_is_good_for_an_hour(desk_for: DeskFor, cast: Cast, clock: Clock) -> None:
    tokens = log_in(desk_for)
    assert tokens.expires_in == 3600
    clock.forward(seconds=3599)
    assert who(desk_for, tokens.access).via == "token"
    clock.forward(seconds=1)
    assert refused(desk_for, tokens.access) == "The token has expired"


def test_a_refresh_token_is_good_once(
    desk_for: DeskFor, cast: Cast, clock: Clock, database: Engine
) -> None:
    first = log_in(desk_for)
    clock.forward(minutes=59)
    with desk_for(None) as desk:
        second = sign_in.refresh(desk, first.refresh)
    assert second is not None
    assert second.refresh != first.refresh
    assert who(desk_for, second.access).id == who(desk_for, first.access).id == cast.owner.id
    with database.connect() as connection:
        kept = str(connection.execute(select(RefreshToken)).all())
        assert first.refresh not in kept
        assert second.refresh not in kept
    with desk_for(None) as desk:
        assert sign_in.refresh(desk, first.refresh) is None
    assert refused(desk_for, second.access) == "The sign-in has ended"
    with desk_for(None) as desk, pytest.raises(Unauthenticated):
        sign_in.refresh(desk, second.refresh)


def test_a_refresh_token_expires(desk_for: DeskFor, cast: Cast, clock: Clock) -> None:
    tokens = log_in(desk_for)
    clock.forward(days=30)
    with desk_for(None) as desk, pytest.raises(Unauthenticated):
        sign_in.refresh(desk, tokens.refresh)


@pytest.mark.parametrize("odd", ["", "rt_", "rt_x", "\x00", "\ud800", "é" * 500])
def test_what_is_no_refresh_token_is_refused(desk_for: DeskFor, cast: Cast, odd: str) -> None:
    with desk_for(None) as desk, pytest.raises(Unauthenticated):
        sign_in.refresh(desk, odd)


def test_of_two_at_once_one_is_refreshed(desk_for: DeskFor, cast: Cast) -> None:
    tokens = log_in(desk_for)

    def refresh(_: int) -> bool:
        with desk_for(None) as desk:
            try:
                return sign_in.refresh(desk, tokens.refresh) is not None
            except Unauthenticated:
                return False

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(refresh, range(6))) == 1


def forged(claims: dict[str, Any], key: str = KEY, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, key, algorithm=algorithm)


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_a_token_that_was_touched_is_refused(desk_for: DeskFor, cast: Cast, clock: Clock) -> None:
    access = log_in(desk_for).access
    claims = jwt.get_unverified_claims(access)
    header, body, signature = access.split(".")
    assert who(desk_for, forged(claims)).id == cast.owner.id
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
        refused(desk_for, token)


DEEP = base64.urlsafe_b64encode(b'{"a":' + b"[" * 2_500).decode()


def test_no_token_at_all_is_more_than_refused(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(None, writes=False) as desk:

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
                sign_in.by_bearer(desk, token)

        check()


def test_an_api_token_stands_for_its_maker(desk_for: DeskFor, cast: Cast, database: Engine) -> None:
    with desk_for(cast.agent) as desk:
        value, row = sign_in.make_api_token(desk, " My\nscript ")
    assert (row.name, row.hint) == ("My script", value[:7])
    actor = who(desk_for, value)
    assert (actor.id, actor.via, actor.permissions) == (
        cast.agent.id,
        "api_token",
        cast.agent.permissions,
    )
    assert actor.may("delete_tickets")
    with database.connect() as connection:
        assert value not in str(connection.execute(select(ApiToken)).one())
    with desk_for(cast.agent) as desk:
        assert [token.name for token in sign_in.my_api_tokens(desk)] == ["My script"]
        assert value not in str(sign_in.my_api_tokens(desk))
    with desk_for(cast.manager) as desk:
        assert len(sign_in.my_api_tokens(desk)) == 0


def test_an_api_token_does_no_more_than_its_scopes(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.agent) as desk:
        value, _ = sign_in.make_api_token(desk, "reader", scopes=["view_all_tickets"])
        with pytest.raises(Forbidden):
            sign_in.make_api_token(desk, "root", scopes=["view_all_tickets", "manage_people"])
        for name in ("", "x" * 121, "\x00"):
            with pytest.raises(Invalid):
                sign_in.make_api_token(desk, name)
    actor = who(desk_for, value)
    assert [name for name in PERMISSIONS[Role.SUPER_ADMIN] if actor.may(name)] == [
        "view_all_tickets"
    ]


def test_an_api_token_of_a_narrow_token_is_no_wider(desk_for: DeskFor, cast: Cast) -> None:
    with desk_for(cast.agent) as desk:
        value, _ = sign_in.make_api_token(desk, "reader", scopes=["view_all_tickets"])
    with desk_for(who(desk_for, value)) as desk:
        for scopes in ([], ["delete_tickets"]):
            with pytest.raises(Forbidden):
                sign_in.make_api_token(desk, "wider", scopes=scopes)


def test_an_api_token_ends(desk_for: DeskFor, cast: Cast, clock: Clock) -> None:
    with desk_for(cast.owner) as desk:
        with pytest.raises(Invalid):
            sign_in.make_api_token(desk, "late", expires_at=clock.now)
        short, _ = sign_in.make_api_token(desk, "s", expires_at=clock.now + timedelta(hours=1))
        value, row = sign_in.make_api_token(desk, "long")
    clock.forward(hours=1)
    refused(desk_for, short)
    assert who(desk_for, value).id == cast.owner.id
    with desk_for(cast.stranger) as desk, pytest.raises(NotFound):
        sign_in.revoke_api_token(desk, row.uuid)
    with desk_for(cast.owner) as desk:
        sign_in.revoke_api_token(desk, row.uuid)
        with pytest.raises(NotFound):
            sign_in.revoke_api_token(desk, row.uuid)
    refused(desk_for, value)


def test_demo_accounts_stay_outside_in_production(
    database: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_desk(writes=True, bind=database, clock=clock) as desk:
        person = profiles.add_person(
            desk, username="dora", email="dora@desk.example", password=PASSWORD, is_demo=True
        )
        cookie = sign_in.sign_in_browser(desk, sign_in.Proven(person), sign_in.Caller())
        tokens = sign_in.sign_in_program(desk, sign_in.Proven(person), sign_in.Caller())
        assert sign_in.by_cookie(desk, cookie) is not None
    monkeypatch.setenv("TICKET_ENV", "production")
    reload_settings()
    with open_desk(writes=False, bind=database, clock=clock) as desk:
        assert sign_in.by_cookie(desk, cookie) is None
        with pytest.raises(Unauthenticated):
            sign_in.by_bearer(desk, tokens.access)
        with pytest.raises(Unauthenticated):
            sign_in.check_credentials(desk, "dora", PASSWORD, sign_in.Caller())
