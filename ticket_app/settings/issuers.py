"""Trusted issuers of tokens."""

from __future__ import annotations

from pydantic import (
    BaseModel,
    Field,
    model_validator,
)


class TrustedIssuer(BaseModel):
    """An issuer whose JWTs identify people, with a shared secret, a public key or a JWKS."""

    issuer: str
    audience: str | None = None
    secret: str | None = Field(default=None, min_length=32)
    public_key: str | None = None
    jwks: dict[str, object] | None = None
    jwks_url: str | None = None
    algorithms: list[str] = []
    subject_claim: str = "sub"
    email_claim: str = "email"
    username_claim: str = "preferred_username"
    name_claim: str = "name"

    @model_validator(mode="after")
    def _check_exactly_one_key(self) -> TrustedIssuer:
        given = [self.secret, self.public_key, self.jwks, self.jwks_url]
        if sum(key is not None for key in given) != 1:
            raise ValueError("must have exactly one of secret, public_key, jwks and jwks_url")
        allowed = ["HS256"] if self.secret else ["RS256", "ES256"]
        self.algorithms = self.algorithms or allowed
        if not set(self.algorithms) <= set(allowed):
            raise ValueError(
                f"must list only algorithms of its kind of key: {' or '.join(allowed)}"
            )
        return self
