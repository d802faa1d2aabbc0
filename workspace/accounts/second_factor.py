"""The second factor: a code from an authenticator, or one of the codes kept on paper."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final

import pyotp

STEP_S: Final = 30
"""RFC 6238, 5.2."""

STEPS_OFF: Final = 1
"""A clock may be half a minute off, and a code may take a while to type; RFC 6238, 5.2."""

RECOVERY_CODES: Final = 10

RECOVERY_BYTES: Final = 10
"""80 random bits need no slow hash: nobody tries them all."""

ISSUER: Final = "Commissure"


def new_secret() -> str:
    """Return a secret of 160 random bits, as base32; RFC 4226, 4."""
    return pyotp.random_base32(32)


def provisioning_uri(secret: str, account_name: str) -> str:
    """Return what an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account_name, issuer_name=ISSUER)


def code_at(secret: str, moment: datetime) -> str:
    """Return the code that an authenticator shows."""
    return pyotp.TOTP(secret).at(moment)


def step_of(secret: str, given: str, now: datetime, last_step: int) -> int | None:
    """Return the time step that a code is of, or None if it is wrong.

    Parameters
    ----------
    last_step : int
        Of the last code that was accepted; that one and earlier ones are never accepted again.
    """
    code = "".join(given.split())
    current = int(now.timestamp()) // STEP_S
    right: int | None = None
    for step in range(current - STEPS_OFF, current + STEPS_OFF + 1):
        expected = pyotp.TOTP(secret).generate_otp(step)
        is_same = hmac.compare_digest(expected.encode(), code.encode("utf-8", "surrogatepass"))
        if is_same and step > last_step:
            right = step
    return right


def new_recovery_codes() -> tuple[str, ...]:
    """Return codes to be written down, each for one use."""
    return tuple(_grouped(secrets.token_bytes(RECOVERY_BYTES)) for _ in range(RECOVERY_CODES))


def recovery_hash(given: str) -> str:
    """Return what is stored of a recovery code, however it was typed.

    Examples
    --------
    >>> recovery_hash("abcd efgh-ijkl mnop") == recovery_hash("ABCD-EFGH-IJKL-MNOP")
    True
    """
    plain = "".join(it for it in given.upper() if it.isascii() and it.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def _grouped(code: bytes) -> str:
    letters = base64.b32encode(code).decode()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))
