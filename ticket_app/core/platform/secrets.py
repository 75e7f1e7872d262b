"""Hash passwords, create and check tokens, sign and encrypt."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets as random
import threading
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TypeAlias, cast

import httpx
from cryptography.fernet import Fernet, InvalidToken
from jose import jwt
from jose.exceptions import JOSEError
from passlib.context import CryptContext

from ticket_app.core.platform.errors import Unauthenticated
from ticket_app.settings import TrustedIssuer, settings

Claims: TypeAlias = Mapping[str, object]
"""What a token says, by the names of its claims."""
KeySet: TypeAlias = Mapping[str, object]
"""A JSON web key set, with its keys in the list `keys`."""

ACCESS_TOKEN_LIFETIME = timedelta(hours=1)
REFRESH_TOKEN_LIFETIME = timedelta(days=30)
ACCESS_TOKEN_ALGORITHM = "HS256"  # noqa: S105
MAX_PASSWORD_LENGTH = 256
JWKS_CACHE_SECONDS = 600
LEEWAY_SECONDS = 30

JWT_ERRORS = (JOSEError, RecursionError)
"""Errors of decoding an untrusted token; `RecursionError` if its JSON is nested too deeply."""

_password_context = CryptContext(
    schemes=["argon2"],
    argon2__type="ID",
    argon2__memory_cost=19_456,
    argon2__time_cost=2,
    argon2__parallelism=1,
)
_hashing_slots = threading.BoundedSemaphore(2)


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password."""
    with _hashing_slots:
        return _password_context.hash(password)


@lru_cache(maxsize=1)
def _dummy_password_hash() -> str:
    return hash_password(random.token_urlsafe(16))


def _has_valid_characters(password: str) -> bool:
    return "\x00" not in password and not any(
        "\ud800" <= character <= "\udfff" for character in password
    )


def verify_password(password: str, password_hash: str | None) -> bool:
    """Return whether a password matches a hash; takes the same time if there is no hash."""
    if len(password) > MAX_PASSWORD_LENGTH or not _has_valid_characters(password):
        password = ""
    with _hashing_slots:
        is_match = _password_context.verify(password, password_hash or _dummy_password_hash())
    return is_match and password_hash is not None


def password_needs_rehash(password_hash: str) -> bool:
    """Return whether the hash was created with weaker parameters than the current ones."""
    return _password_context.needs_update(password_hash)


def new_token(prefix: str = "") -> str:
    """Return a random token of 256 bits after a prefix."""
    return prefix + random.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return the SHA-256 of a token in hex, which is stored instead of the token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def create_access_token(*, person_uuid: str, sign_in_uuid: str, role: str, now: datetime) -> str:
    """Return an access token (JWT, HS256 with TICKET_SECRET_KEY) for one sign-in."""
    claims = {
        "sub": person_uuid,
        "sid": sign_in_uuid,
        "role": role,
        "typ": "access",
        "jti": random.token_hex(8),
        "iat": int(now.timestamp()),
        "exp": int((now + ACCESS_TOKEN_LIFETIME).timestamp()),
    }
    return jwt.encode(claims, settings().secret_key, algorithm=ACCESS_TOKEN_ALGORITHM)


def decode_access_token(token: str, now: datetime) -> Claims:
    """Return the claims of an access token. Raises `Unauthenticated` unless it is valid now."""
    try:
        claims = jwt.decode(
            token,
            settings().secret_key,
            algorithms=[ACCESS_TOKEN_ALGORITHM],
            options={"verify_exp": False},
        )
    except JWT_ERRORS:
        raise Unauthenticated("The token is not valid") from None
    if claims.get("typ") != "access" or not isinstance(claims.get("exp"), int):
        raise Unauthenticated("The token is not valid")
    if claims["exp"] <= now.timestamp():
        raise Unauthenticated("The token has expired")
    return claims


def read_unverified_issuer(token: str) -> str | None:
    """Return the issuer a token claims, only to choose the key to verify it with.

    Raises `Unauthenticated` for a malformed token.
    """
    try:
        return jwt.get_unverified_claims(token).get("iss")
    except JWT_ERRORS:
        raise Unauthenticated("The token is not valid") from None


_jwks: dict[str, tuple[float, KeySet]] = {}
_jwks_lock = threading.Lock()


def _fetch_jwks(url: str, *, refresh: bool) -> KeySet:
    with _jwks_lock:
        fetched_at, keys = _jwks.get(url, (float("-inf"), {}))
        age = time.monotonic() - fetched_at
        if age > (30 if refresh else JWKS_CACHE_SECONDS):
            try:
                keys = httpx.get(url, timeout=5, follow_redirects=False).raise_for_status().json()
            except (httpx.HTTPError, ValueError):
                if not keys:
                    raise Unauthenticated("The token's issuer cannot be reached") from None
            _jwks[url] = (time.monotonic(), keys)
        return keys


def _load_verification_key(
    issuer: TrustedIssuer, header: Mapping[str, object]
) -> str | Mapping[str, object]:
    configured_key = issuer.secret or issuer.public_key
    if configured_key:
        return configured_key
    key_id = header.get("kid")
    for refresh in (False, True):
        keys = issuer.jwks or _fetch_jwks(issuer.jwks_url or "", refresh=refresh)
        jwk_list = cast("list[Mapping[str, object]]", keys.get("keys", []))
        for key in jwk_list:
            if key.get("kty") != "oct" and (
                key.get("kid") == key_id or (key_id is None and len(jwk_list) == 1)
            ):
                return key
    raise Unauthenticated("The token is signed with an unknown key")


def decode_external_token(token: str, issuer: TrustedIssuer, now: datetime) -> Claims:
    """Return the claims of a trusted issuer's token. Raises `Unauthenticated` if it is invalid."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in issuer.algorithms:
            raise Unauthenticated("The token's signing algorithm is not allowed for its issuer")
        claims = jwt.decode(
            token,
            _load_verification_key(issuer, header),
            algorithms=issuer.algorithms,
            audience=issuer.audience,
            issuer=issuer.issuer,
            options={
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
                "verify_aud": issuer.audience is not None,
                "verify_at_hash": False,
            },
        )
    except JWT_ERRORS:
        raise Unauthenticated("The token is not valid") from None
    expires_at, not_before = claims.get("exp"), claims.get("nbf", 0)
    if not isinstance(expires_at, int | float) or not isinstance(not_before, int | float):
        raise Unauthenticated("The token must have an expiration time")
    if issuer.audience is not None and "aud" not in claims:
        raise Unauthenticated("The token is for another audience")
    if expires_at + LEEWAY_SECONDS <= now.timestamp():
        raise Unauthenticated("The token has expired")
    if not_before - LEEWAY_SECONDS > now.timestamp():
        raise Unauthenticated("The token is not valid yet")
    return claims


def sign_text(purpose: str, signed_text: str) -> str:
    """Return a short HMAC signature of a text for one purpose."""
    message = f"{purpose}\n{signed_text}".encode("utf-8", "surrogatepass")
    return hmac.new(settings().secret_key.encode(), message, hashlib.sha256).hexdigest()[:32]


def verify_signature(signature: str, purpose: str, signed_text: str) -> bool:
    """Return whether `sign_text` made the signature for this purpose and text."""
    return hmac.compare_digest(signature.encode(), sign_text(purpose, signed_text).encode())


def is_equal(given: str, expected: str) -> bool:
    """Compare a secret with what was given, in the same time wherever they differ."""
    return hmac.compare_digest(
        given.encode("utf-8", "surrogatepass"), expected.encode("utf-8", "surrogatepass")
    )


@lru_cache(maxsize=8)
def _fernet(purpose: str, key: str) -> Fernet:
    derived_key = hmac.new(key.encode(), f"box of {purpose}".encode(), hashlib.sha256).digest()
    return Fernet(base64.urlsafe_b64encode(derived_key))


def encrypt(purpose: str, secret: bytes) -> bytes:
    """Encrypt a secret with a key derived from TICKET_SECRET_KEY for one purpose."""
    return _fernet(purpose, settings().secret_key).encrypt(secret)


def decrypt(purpose: str, encrypted: bytes) -> bytes | None:
    """Return what was encrypted, or None if it was with another key or for another purpose."""
    try:
        return _fernet(purpose, settings().secret_key).decrypt(encrypted)
    except InvalidToken:
        return None
