"""What is known of an account, and of a browser that signed in."""

import re
from datetime import timedelta
from typing import Final

import msgspec

NAME_PATTERN: Final = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
"""What somebody types to sign in; lower case, so that two names never look alike."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may sign in."""

    account_id: str
    name: str
    display_name: str
    """As the others see it in a room."""
    is_disabled: bool = False
    has_password: bool = False
    has_second_factor: bool = False
    identity: tuple[str, str] | None = None
    """(issuer, subject) at the hospital's sign-in."""
    created_at: str = ""
    last_signed_in_at: str = ""
    """UTC, ISO 8601; empty: never."""


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A browser in which an account signed in."""

    token_hash: str
    account: Account
    is_half_way: bool
    """The password was right, the second factor is still asked for."""


class SessionLimits(msgspec.Struct, frozen=True, kw_only=True):
    """When a sign-in ends by itself."""

    idle: timedelta = timedelta(hours=12)
    """A day in theatre; OWASP ASVS 5.0, 7.3.1 asks for a limit that is written down."""
    absolute: timedelta = timedelta(days=7)
    half_way: timedelta = timedelta(minutes=5)
    """Between password and second factor."""
