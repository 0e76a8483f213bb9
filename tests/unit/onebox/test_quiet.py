"""The demonstration looks only at what stays: all heard, all shown, all done that fell due."""

from typing import Any

import pytest

from services.onebox.demo.quiet import done_by, quiet

type Stand = dict[str, dict[str, Any]]


def standing(position: int, **heard: int) -> dict[str, Any]:
    return {"position": position, "shown": position, "heard": heard}


def still() -> Stand:
    return {"intake": standing(7), "assignment": standing(3, intake=7)}


@pytest.mark.parametrize(
    ("of", "member", "value"),
    [
        ("intake", "position", 8),
        ("assignment", "shown", 2),
        ("assignment", "heard", {"intake": 6}),
    ],
)
def test_whoever_has_something_left_to_hear_or_to_show_is_waited_for(
    of: str, member: str, value: object
) -> None:
    assert quiet(still())
    stirred = still()
    stirred[of][member] = value
    assert not quiet(stirred)


def test_what_archive_heard_and_did_not_file_is_waited_for() -> None:
    assert not quiet(still(), [{"store": "intake", "position": 7}])


def test_what_a_service_has_done_is_read_from_its_own_figures() -> None:
    figures = (
        "onefile_parked_matters 3\n"
        'onefile_agenda_done_seconds{service="assignment"} 18\n'
        'onefile_agenda_done_seconds{service="intake"} 17\n'
    )
    assert done_by("intake", figures) == 17
    assert done_by("assignment", figures) == 18
    assert done_by("evaluation", figures) == 0
