"""A dialog to sign in again over the page when the session has ended."""

from typing import Final

import reflex as rx

SOURCE: Final = rx.asset("sign_in_again.jsx", shared=True)


class SignInAgain(rx.Component):
    """The component of sign_in_again.jsx."""

    library = SOURCE.importable_path
    tag = "SignInAgain"

    account: rx.Var[str]


def sign_in_again(account: rx.Var[str] | str) -> rx.Component:
    """Return the dialog for `account` (a username); the server opens it by `signInAgain`.

    It also tells the scripts of the page whose page this is, so that unsent text is kept for that
    account only.
    """
    return SignInAgain.create(account=account)
