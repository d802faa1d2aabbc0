"""What is stored of a password, and which codes of an authenticator are right."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.workspace.test_accounts import PASSWORD, QUICK
from workspace.accounts.passwords import Argon2Cost, Passwords, acceptable_password
from workspace.accounts.second_factor import (
    STEP_S,
    code_at,
    new_secret,
    provisioning_uri,
    step_of,
)
from workspace.errors import AccountError


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short", "15 to 256 characters"),
        ("x" * 257, "15 to 256 characters"),
        ("abababababababab", "too few characters"),
        ("fifteen letters\x00", "too few characters"),
        ("anareisanareisanareis", "the name of the account"),
    ],
)
def test_a_weak_password_is_refused_with_a_sentence(password: str, why: str) -> None:
    with pytest.raises(AccountError, match=why):
        acceptable_password(password, "anareis")


async def test_a_password_is_the_same_from_any_keyboard() -> None:
    passwords = Passwords(QUICK)
    composed, decomposed = "pâté à la crème 42", "pa\u0302te\u0301 a\u0300 la cre\u0300me 42"
    stored = passwords.hash(acceptable_password(decomposed))
    assert (await passwords.check(stored, composed)).is_right


async def test_a_hash_says_its_cost_and_is_made_anew_when_that_changes() -> None:
    old = Passwords(QUICK).hash(PASSWORD)
    assert old.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    checked = await Passwords(Argon2Cost(16, 1, 1)).check(old, PASSWORD)
    assert checked.is_right
    assert checked.new_hash is not None
    assert "m=16" in checked.new_hash
    assert (await Passwords(QUICK).check(old, PASSWORD)).new_hash is None


def test_the_usual_cost_is_the_second_recommended_option_of_rfc_9106() -> None:
    assert Passwords().hash(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize("stored", [None, "", "nonsense", "$argon2id$v=19$m=8,t=1,p=1$x$y"])
async def test_nobody_has_no_password(stored: str | None) -> None:
    passwords = Passwords(QUICK)
    for given in ("", "nobody's password", PASSWORD, "x" * 100_000, "\x00"):
        assert not (await passwords.check(stored, given)).is_right


def test_codes_are_those_of_rfc_6238() -> None:
    """Appendix B, SHA-1, the last six digits."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (2000000000, "279037")):
        moment = datetime.fromtimestamp(seconds, UTC)
        assert code_at(secret, moment) == code
        assert step_of(secret, code, moment, 0) == seconds // STEP_S


@pytest.mark.parametrize(
    ("off_s", "accepted"), [(-60, False), (-30, True), (30, True), (60, False)]
)
def test_a_code_may_be_one_step_off(off_s: int, accepted: bool) -> None:  # noqa: FBT001
    secret, now = new_secret(), datetime(2026, 3, 1, tzinfo=UTC)
    code = code_at(secret, now + timedelta(seconds=off_s))
    assert (step_of(secret, code, now, 0) is not None) == accepted


def test_an_authenticator_reads_the_uri() -> None:
    uri = provisioning_uri("A" * 32, "ana@x")
    assert uri == f"otpauth://totp/Commissure:ana%40x?secret={'A' * 32}&issuer=Commissure"
