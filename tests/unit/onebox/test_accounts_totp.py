"""The codes are those of RFC 6238, and each is taken once."""

import pytest

from services.onebox.accounts_totp import (
    code_at,
    enrolment,
    matching_step,
    shown_secret,
    step_of,
)

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (59, "94287082"),
        (1_111_111_109, "07081804"),
        (1_111_111_111, "14050471"),
        (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"),
        (20_000_000_000, "65353130"),
    ],
)
def test_the_vectors_of_the_rfc(now: int, code: str) -> None:
    assert code_at(SECRET, step_of(now), digits=8) == code
    assert code_at(SECRET, step_of(now)) == code[2:]


def test_a_phone_may_be_one_period_off_and_no_more() -> None:
    now = 1_000_000_000.0
    for step, taken in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        code = code_at(SECRET, step_of(now) + step)
        assert (matching_step(SECRET, code, now, 0) is not None) is taken


def test_a_code_is_taken_once_and_an_earlier_one_never_after() -> None:
    now = 1_000_000_000.0
    this = step_of(now)
    assert matching_step(SECRET, code_at(SECRET, this), now, this - 1) == this
    assert matching_step(SECRET, code_at(SECRET, this), now, this) is None
    assert matching_step(SECRET, code_at(SECRET, this - 1), now, this) is None


def test_what_is_no_code_is_none() -> None:
    for code in ("", "12345", "1234567", "一二三四五六", "abcdef"):
        assert matching_step(SECRET, code, 59, 0) is None


def test_the_phone_is_told_name_secret_and_box() -> None:
    said = enrolment(SECRET, "甲", "一事一档")
    assert said.startswith("otpauth://totp/%E4%B8%80")
    assert f"secret={shown_secret(SECRET)}" in said
    assert shown_secret(SECRET) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
