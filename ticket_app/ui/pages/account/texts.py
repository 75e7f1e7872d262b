"""The interface texts of the pages that links in emails open, and of "Forgot password?"."""

from __future__ import annotations

from typing import Final

EMAIL: Final = "Email"
NEW_PASSWORD: Final = "New password"
PASSWORD: Final = "Password"
FIRST_NAME: Final = "First name"
LAST_NAME: Final = "Last name"
SIGN_IN: Final = "Sign in"
BACK_TO_SIGN_IN: Final = "Back to sign in"
LINK_NOT_VALID: Final = "This link has expired or has been used"

FORGOT: Final = "Forgot password?"
FORGOT_TITLE: Final = "Reset your password"
FORGOT_HINT: Final = "Enter your email address, and we send you a link to choose a new password."
FORGOT_SEND: Final = "Send link"
FORGOT_SENT: Final = "Check your email"
FORGOT_SENT_HINT: Final = (
    "If an account has this address, a link to choose a new password is on its way. "
    "It works for an hour."
)
FORGOT_AGAIN: Final = "Send it again"

RESET_TITLE: Final = "Choose a new password"
RESET_SAVE: Final = "Save password"
RESET_DONE: Final = "Your password was changed"
RESET_DONE_HINT: Final = "You have been signed out everywhere. Sign in with the new password."
RESET_ASK_AGAIN: Final = "Send a new link"
RESET_EXPIRED_HINT: Final = "Links work once, for an hour. Ask for a new one."

INVITATION_TITLE: Final = "Accept your invitation"
INVITATION_HINT: Final = "Choose your name and a password for your account."
INVITATION_ACCEPT: Final = "Create account"
INVITATION_DONE: Final = "Your account is ready"
INVITATION_DONE_HINT: Final = "Sign in with your email address and your password."
INVITATION_EXPIRED_HINT: Final = "Ask whoever invited you to send the invitation again."

VERIFY_TITLE: Final = "Confirm your email address"
VERIFY_HINT: Final = (
    "Confirm that this address is yours. What you sent from it by email is then among your tickets."
)
VERIFY_CONFIRM: Final = "Confirm address"
VERIFY_DONE: Final = "Your email address is confirmed"
VERIFY_CONTINUE: Final = "Continue"
VERIFY_EXPIRED_HINT: Final = "Sign in to have a new link sent."
VERIFY_RESEND: Final = "Send the link again"
VERIFY_RESENT: Final = "We sent you a new link. Check your email."
VERIFY_REGISTERED: Final = (
    "Your account was created. Follow the link in the email that we sent you, then sign in."
)

RATE_TITLE: Final = "How was our help?"
RATE_QUESTION: Final = "How satisfied are you?"
RATE_SCALE: Final = (
    ("1", "Very dissatisfied"),
    ("2", "Dissatisfied"),
    ("3", "Neutral"),
    ("4", "Satisfied"),
    ("5", "Very satisfied"),
)
RATE_COMMENT: Final = "What could we do better?"
RATE_SEND: Final = "Send rating"
RATE_CHOOSE: Final = "Choose a rating from 1 to 5."
RATE_DONE: Final = "Thank you for your rating"
RATE_EXPIRED_HINT: Final = "A ticket is rated once, within 7 days of the email."


def account_of(name: object) -> str:
    return f"Account: {name}"


def password_hint(min_length: int) -> str:
    return f"At least {min_length} characters, and not a common password"


def password_invalid(reason: str) -> str:
    return f"Password {reason}"


def email_invalid(reason: str) -> str:
    return f"Email {reason}"


def name_invalid(reason: str) -> str:
    return f"Name {reason}"
