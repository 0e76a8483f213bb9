"""Two cuts of a matter, and what leads from one to the other."""

from datetime import date, timedelta
from itertools import pairwise, product
from typing import Any

from contracts.supervision import DueRecomputed, ItemAccepted
from contracts.supervision.clock import DueShift
from services.archive.domain.difference import (
    applied,
    changes,
    difference,
    hash_of,
    state_of,
)
from services.archive.domain.difference_words import as_text
from services.archive.domain.namebook import names_of
from services.archive.domain.phrasing import ENGLISH, Tongue
from services.archive.domain.replay import stood
from services.archive.domain.timetravel import Cut, History, history_of
from tests.unit.archive.examples import (
    BEGAN,
    CATALOGUE,
    CLERK,
    COURSE,
    ITEM,
    PACK,
    accepted,
    requested,
    scoped,
    told,
)
from tests.unit.archive.test_timetravel import CALENDAR, came, days, late, taken

NAMED = Tongue(names=names_of(PACK, CATALOGUE))


def state(history: History, cut: Cut) -> dict[str, Any]:
    return state_of(stood(history, cut))


def cuts_of(history: History) -> list[Cut]:
    places = [None, 0, *(point.position for point in history.points)]
    times = [None, date(2026, 4, 13), date(2026, 4, 16), date(2026, 4, 24)]
    return [Cut(at, by) for at, by in product(places, times)]


def test_a_cut_does_not_differ_from_itself() -> None:
    history = late()
    for cut in cuts_of(history):
        same = difference(history, cut, cut)
        assert not (same.changes or same.learned or same.dropped or same.people)
        assert not same.deadlines
        assert as_text(same)[1:] == ["没有差别"] and as_text(same, ENGLISH)[1:] == [
            "no difference"
        ]


def test_the_difference_applied_turns_one_state_into_the_other() -> None:
    for history in (late(), history_of(told(*COURSE).filed())):
        cuts = cuts_of(history)
        for one, other in [*pairwise(cuts), *pairwise(reversed(cuts)), (cuts[0], cuts[5])]:
            found = difference(history, one, other)
            assert applied(found.changes, state(history, one)) == state(history, other)


def test_the_hash_tells_two_states_apart_and_the_same_state_alike() -> None:
    history = late()
    first, last = state(history, Cut(3)), state(history, Cut())
    assert hash_of(first) != hash_of(last)
    assert hash_of(dict(reversed(last.items()))) == hash_of(last)


def test_a_patch_is_written_as_rfc_6902_has_it() -> None:
    patch = [
        c.as_json() for c in changes({"a/b": 1, "c": {"~": []}}, {"c": {"~": [1]}, "d": None})
    ]
    assert patch == [
        {"op": "remove", "path": "/a~1b", "before": 1},
        {"op": "replace", "path": "/c/~0", "value": [1], "before": []},
        {"op": "add", "path": "/d", "value": None, "before": None},
    ]


def test_what_happened_between_and_who_did_it_are_told() -> None:
    history = history_of(told(requested, accepted, scoped).filed())
    first = next(p.position for p in history.points if p.about.type == requested.type)
    found = difference(history, Cut(first), Cut(), NAMED)
    assert [line.type for line in found.learned] == [accepted.type, scoped.type]
    assert found.people == {CLERK: found.learned[0].who} and not found.dropped
    back = difference(history, Cut(), Cut(first), NAMED)
    assert [line.type for line in back.dropped] == [accepted.type, scoped.type]


def test_what_was_entered_late_is_known_later() -> None:
    history = late()
    found = difference(history, *history.hindsight(date(2026, 4, 17)), NAMED)
    (line,) = found.learned
    assert (line.type, line.day, line.entered) == (
        came.type,
        date(2026, 4, 16),
        date(2026, 4, 24),
    )
    text = "\n".join(as_text(found, NAMED))
    assert "2026-04-24补录" in text and "已接件" in text


def test_a_deadline_that_moved_says_by_how_much_and_why() -> None:
    history = history_of(days((0, requested), (0, scoped), (1, taken)).filed())
    due = date(2026, 5, 8)
    telling = days((0, requested), (0, scoped), (1, taken))
    shift = DueShift(item=ITEM, clock="statutory", was_on=due, now_on=date(2026, 5, 11))
    again = DueRecomputed(cause="calendar", calendar=CALENDAR, lines=(shift,))
    telling.now = BEGAN + timedelta(days=2)
    telling.say(again)
    history = history_of(telling.filed())
    found = difference(history, Cut(history.points[-2].position), Cut(), NAMED)
    (moved,) = found.deadlines
    assert (moved.item, moved.before, moved.after, moved.days) == (ITEM, due, shift.now_on, 3)
    assert moved.because is not None and moved.because.type == again.type
    assert moved.rules == (CALENDAR,)
    zh, en = "\n".join(as_text(found, NAMED)), "\n".join(as_text(found, ENGLISH))
    assert "时限变动" in zh and "+3天" in zh and CALENDAR in zh
    assert "Deadlines moved" in en and "+3 d" in en
    back = difference(history, Cut(), Cut(history.points[-2].position))
    assert back.deadlines[0].because is not None
    assert back.deadlines[0].because.type == taken.type


def test_a_deadline_that_is_there_no_more_has_no_reason() -> None:
    history = history_of(days((0, requested), (1, taken)).filed())
    (moved,) = difference(history, Cut(), Cut(0)).deadlines
    assert (moved.after, moved.days, moved.because) == (None, None, None)
    assert any("原因不详" in line for line in as_text(difference(history, Cut(), Cut(0))))


def test_words_are_chinese_or_english_and_never_internal_names() -> None:
    history = history_of(told(*COURSE).filed())
    found = difference(history, Cut(0), Cut(), NAMED)
    zh = "\n".join(as_text(found, NAMED))
    assert "办件状态" in zh and "已受理" in zh and "已销号" in zh and "due_on" not in zh
    en = "\n".join(as_text(difference(history, Cut(0), Cut(), ENGLISH), ENGLISH))
    assert "standing: unknown → accepted" in en and "approved" in en


def test_accepted_by_the_promised_day_is_said() -> None:
    promised = ItemAccepted(item=ITEM, calendar=CALENDAR, commitment_due_on=date(2026, 4, 30))
    history = history_of(days((0, requested), (1, promised)).filed())
    assert "按承诺时限 是" in "\n".join(as_text(difference(history, Cut(0), Cut()), NAMED))
