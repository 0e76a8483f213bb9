"""A door that stands open to everybody lets each name through so often in so much time."""

from shared.turnstile import MOST_KNOWN, Turnstile


def test_a_name_comes_so_often_and_is_told_how_long_to_wait() -> None:
    gate = Turnstile(most=2, within=60)
    assert [gate.wait("a"), gate.wait("a")] == [0, 0]
    assert 1 <= gate.wait("a") <= 60
    assert gate.wait("b") == 0


def test_what_is_long_past_counts_no_more() -> None:
    gate = Turnstile(most=1, within=0)
    assert [gate.wait("a"), gate.wait("a")] == [0, 0]


def test_it_keeps_only_so_many_names_in_mind() -> None:
    gate = Turnstile(most=1, within=60)
    for number in range(MOST_KNOWN + 1):
        assert gate.wait(str(number)) == 0
    assert gate.wait("0") == 0, "the first was forgotten"
    assert gate.wait(str(MOST_KNOWN)) > 0, "the last was not"
