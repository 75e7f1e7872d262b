"""Sign-in with JWTs of trusted issuers: valid tokens are accepted, all others are rejected."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jose import jwk, jwt
from pydantic import ValidationError
from sqlalchemy import Engine, func, select

from tests.cast import Cast, Clock, UowFor
from ticket_app.core.people.authentication import authenticate_bearer
from ticket_app.core.people.external_issuers import UnregisteredSubject, register_issuer_subject
from ticket_app.core.platform import secrets
from ticket_app.core.platform.actor import Actor
from ticket_app.core.platform.errors import Unauthenticated
from ticket_app.core.platform.vocabulary import Role
from ticket_app.settings import TrustedIssuer, reload_settings
from ticket_app.tables import Person

ISSUER = "https://centcom.example"
SECRET = "a secret of forty characters or even more"


def pem_pair(key: Any) -> tuple[str, str]:
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


RSA, OTHER_RSA = (pem_pair(rsa.generate_private_key(65537, 2048)) for _ in range(2))
EC = pem_pair(ec.generate_private_key(ec.SECP256R1()))


def in_set(public: str, algorithm: str, kid: str | None) -> dict[str, Any]:
    values = jwk.construct(public, algorithm).to_dict()
    values = {k: v.decode() if isinstance(v, bytes) else v for k, v in values.items()}
    return values | ({"kid": kid} if kid else {})


@pytest.fixture
def trust(monkeypatch: pytest.MonkeyPatch, database: Engine):
    """Add a trusted issuer to the settings."""

    def add(**values: Any) -> None:
        monkeypatch.setenv("TICKET_TRUSTED_ISSUERS", json.dumps([{"issuer": ISSUER, **values}]))
        reload_settings()

    yield add
    secrets._jwks.clear()


@pytest.fixture
def vouch(clock: Clock):
    """Create a token of the issuer, valid for one hour by default."""

    def make(
        key: str = SECRET, algorithm: str = "HS256", kid: str | None = None, **values: Any
    ) -> str:
        claims = {
            "iss": ISSUER,
            "sub": "u-17",
            "exp": int(clock.now.timestamp()) + 3600,
            "email": "new@example.org",
            "preferred_username": "newcomer",
            "name": "Nell Comer",
        } | values
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(claims, key, algorithm, headers={"kid": kid} if kid else None)

    return make


@pytest.fixture
def let_in(uow_for: UowFor):
    """Return the actor of a token; create the person first if needed, as an entry point does."""

    def enter(token: str) -> Actor:
        try:
            with uow_for(None, writes=False) as uow:
                return authenticate_bearer(uow, token)
        except UnregisteredSubject as found:
            with uow_for(None) as uow:
                return register_issuer_subject(uow, found)

    return enter


def test_trusted_token_creates_a_user_once(
    database: Engine, cast: Cast, trust, vouch, let_in
) -> None:
    trust(secret=SECRET)
    first = let_in(vouch())
    again = let_in(vouch(name="Another Name"))
    assert (first.id, first.username, first.full_name, first.email) == (
        7,
        "newcomer",
        "Nell Comer",
        "new@example.org",
    )
    assert (again.id, again.full_name, again.authentication_method) == (
        first.id,
        first.full_name,
        "issuer",
    )
    assert first.role is Role.USER
    assert not first.is_staff
    with database.connect() as connection:
        row = connection.execute(select(Person).where(Person.id == first.id)).one()  # type: ignore[arg-type]
        assert (row.issuer, row.subject, row.password_hash) == (ISSUER, "u-17", None)


@pytest.mark.parametrize(
    ("values", "key", "algorithm"),
    [
        ({"public_key": RSA[1]}, RSA[0], "RS256"),
        ({"public_key": EC[1]}, EC[0], "ES256"),
        ({"jwks": {"keys": [in_set(RSA[1], "RS256", None)]}}, RSA[0], "RS256"),
        ({"jwks": {"keys": [in_set(EC[1], "ES256", None)]}}, EC[0], "ES256"),
    ],
    ids=["RS256", "ES256", "RS256 in a set", "ES256 in a set"],
)
def test_a_public_key_is_enough(
    cast: Cast, trust, vouch, let_in, values: dict[str, Any], key: str, algorithm: str
) -> None:
    trust(**values)
    assert let_in(vouch(key, algorithm)).username == "newcomer"
    with pytest.raises(Unauthenticated):
        let_in(vouch(OTHER_RSA[0], "RS256"))


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": None},
        {"exp": "soon"},
        {"exp": 0},
        {"nbf": 99_999_999_999},
        {"sub": None},
        {"sub": ""},
        {"sub": ["a"]},
        {"aud": "somebody else"},
        {"aud": None},
        {"aud": ["x", "y"]},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"iss": ISSUER + "/"},
    ],
    ids=str,
)
def test_a_token_that_lacks_something_is_refused(
    database: Engine, cast: Cast, trust, vouch, let_in, claims: dict[str, Any]
) -> None:
    trust(secret=SECRET, audience="desk")
    with pytest.raises(Unauthenticated):
        let_in(vouch(**({"aud": "desk"} | claims)))
    with database.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Person)).scalar_one() == 6


def test_the_right_audience_is_among_several(cast: Cast, trust, vouch, let_in) -> None:
    trust(secret=SECRET, audience="desk")
    assert let_in(vouch(aud=["other", "desk"])).username == "newcomer"


def test_a_public_key_is_no_secret(cast: Cast, trust, vouch, let_in) -> None:
    trust(public_key=RSA[1])
    header, body, _ = vouch().split(".")
    for key in (RSA[1], RSA[1].strip(), "", SECRET):
        digest = hmac.new(key.encode(), f"{header}.{body}".encode(), hashlib.sha256).digest()
        signature = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        with pytest.raises(Unauthenticated):
            let_in(f"{header}.{body}.{signature}")


def test_a_set_holds_no_shared_secret(cast: Cast, trust, vouch, let_in) -> None:
    trust(jwks={"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "1"}]})
    with pytest.raises(Unauthenticated):
        let_in(vouch("secret", kid="1"))


def test_an_issuer_has_one_key_of_one_kind() -> None:
    for values in (
        {},
        {"secret": SECRET, "public_key": RSA[1]},
        {"secret": "short"},
        {"secret": SECRET, "algorithms": ["RS256"]},
        {"public_key": RSA[1], "algorithms": ["HS256"]},
        {"public_key": RSA[1], "algorithms": ["RS256", "HS256"]},
        {"jwks_url": "https://x.example", "algorithms": ["none"]},
    ):
        with pytest.raises(ValidationError):
            TrustedIssuer.model_validate({"issuer": ISSUER, **values})


class KeyServer:
    """Serves a key set and counts the requests."""

    def __init__(self) -> None:
        self.keys: list[dict[str, Any]] = []
        self.asked = 0
        self.works = True
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked += 1
                self.send_response(200 if outer.works else 500)
                self.end_headers()
                self.wfile.write(json.dumps({"keys": outer.keys}).encode())

            def log_request(self, code: Any = "-", size: Any = "-") -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/keys"


@pytest.fixture
def key_server() -> Iterator[KeyServer]:
    keys = KeyServer()
    thread = threading.Thread(target=keys.server.serve_forever, daemon=True)
    thread.start()
    yield keys
    keys.server.shutdown()
    keys.server.server_close()
    thread.join()


def test_keys_are_fetched_kept_and_fetched_again_when_they_change(
    cast: Cast, trust, vouch, let_in, key_server: KeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000.0
    monkeypatch.setattr(secrets.time, "monotonic", lambda: now)
    key_server.keys = [in_set(RSA[1], "RS256", "old"), in_set(EC[1], "ES256", "second")]
    trust(jwks_url=key_server.url)
    for _ in range(3):
        let_in(vouch(RSA[0], "RS256", "old"))
        let_in(vouch(EC[0], "ES256", "second"))
    assert key_server.asked == 1
    key_server.keys = [in_set(OTHER_RSA[1], "RS256", "new")]
    for _ in range(3):
        with pytest.raises(Unauthenticated):
            let_in(vouch(OTHER_RSA[0], "RS256", "new"))
    assert key_server.asked == 1
    now += 31
    assert let_in(vouch(OTHER_RSA[0], "RS256", "new")).username == "newcomer"
    with pytest.raises(Unauthenticated):
        let_in(vouch(RSA[0], "RS256", "old"))
    assert key_server.asked == 2
    key_server.works = False
    now += 601
    assert let_in(vouch(OTHER_RSA[0], "RS256", "new")).username == "newcomer"


def test_unavailable_issuer_lets_no_one_sign_in(
    cast: Cast, trust, vouch, let_in, key_server: KeyServer
) -> None:
    key_server.works = False
    trust(jwks_url=key_server.url)
    with pytest.raises(Unauthenticated):
        let_in(vouch(RSA[0], "RS256", "old"))


def test_of_many_first_requests_one_person_is_made(
    database: Engine, cast: Cast, trust, vouch, let_in
) -> None:
    trust(secret=SECRET)
    with ThreadPoolExecutor(8) as pool:
        ids = {actor.id for actor in pool.map(lambda _: let_in(vouch()), range(8))}
        others = {
            actor.id for actor in pool.map(lambda n: let_in(vouch(sub=f"other {n}")), range(8))
        }
    assert len(ids) == 1
    assert len(others) == 8
    with database.connect() as connection:
        assert connection.execute(select(func.count()).select_from(Person)).scalar_one() == 15


@pytest.mark.parametrize(
    ("claims", "username"),
    [
        ({"preferred_username": "owner"}, "owner.2"),
        ({"preferred_username": "0wner"}, "0wner.2"),
        ({"preferred_username": "<b>Bo</b>"}, "bBo.b"),
        ({"preferred_username": None}, "u-17"),
        ({"preferred_username": "x" * 500}, "x" * 120),
        ({"preferred_username": "ß" * 500}, None),
        ({"preferred_username": "ﷺ" * 150}, None),
        ({"preferred_username": "\x00", "name": "\x00", "email": "\x00@x.example"}, None),
        ({"preferred_username": "\ud800", "name": "\ud800", "email": "\ud800@x.example"}, None),
        ({"preferred_username": "🏮", "name": "🏮"}, None),
        ({"sub": "a\x00b"}, None),
        ({"email": "owner@example.com"}, "newcomer"),
        ({"email": "ß" * 200 + "@example.com"}, "newcomer"),
        ({"name": "x" * 5_000}, "newcomer"),
        ({"email": 5, "name": ["x"]}, "newcomer"),
    ],
    ids=lambda value: f"{value!a}"[:40],
)
def test_an_odd_newcomer_is_given_what_fits(
    database: Engine, cast: Cast, trust, vouch, let_in, claims: dict[str, Any], username: str | None
) -> None:
    trust(secret=SECRET)
    actor = let_in(vouch(**claims))
    assert actor.role is Role.USER
    assert actor.id == 7
    assert username in (None, actor.username)
    assert actor.email != "owner@example.com"
    assert not set("<>\x00") & set(actor.username + actor.full_name + actor.email)
    assert let_in(vouch(**claims)).id == 7


def test_inactive_user_cannot_sign_in_with_a_trusted_issuer(
    uow_for: UowFor, cast: Cast, trust, vouch, let_in
) -> None:
    trust(secret=SECRET)
    actor = let_in(vouch())
    with uow_for(cast.admin) as uow:
        person = uow.session.get(Person, actor.id)
        assert person is not None
        person.is_active = False
    with pytest.raises(Unauthenticated):
        let_in(vouch())
