"""Which telephone numbers are taken, and how each is kept (B27; 电话号码)."""

import pytest
from pydantic import TypeAdapter, ValidationError

from contracts.telephone import Phone

PHONE: TypeAdapter[str] = TypeAdapter(Phone)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("000-0000001", "000-0000001"),
        ("13000000001", "13000000001"),
        ("+86 130 0000 0001", "13000000001"),
        ("0086-13000000001", "13000000001"),
        ("(000) 00000001", "00000000001"),
        ("000-0000001-801", "000-0000001-801"),
        ("400-000-0001", "400-000-0001"),
        ("12345", "12345"),
        ("+85200000001", "+85200000001"),
    ],
)
def test_a_number_is_kept_plain(typed: str, kept: str) -> None:
    assert PHONE.validate_python(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["130000000012", "1300000000", "12", "电话", "138-abc", "+86", "++13000000001", "- - -",
     "0" * 31, "13000000001;13000000002", ""],
)  # fmt: skip
def test_what_is_no_number_is_refused_in_both_languages(typed: str) -> None:
    with pytest.raises(ValidationError) as wrong:
        PHONE.validate_python(typed)
    (error,) = wrong.value.errors()
    assert error["type"] == "phone_shape"
    assert "电话号码" in error["msg"] and "telephone" in error["msg"]


def test_full_width_digits_are_offered_in_ascii_and_never_changed_silently() -> None:
    with pytest.raises(ValidationError) as wrong:
        PHONE.validate_python("０００-0000001")
    (error,) = wrong.value.errors()
    assert error["type"] == "phone_not_plain" and "000-0000001" in error["msg"]
