"""A matter at a cut: what was known by a position, of what had happened by a time."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from contracts.canonical import canonical
from contracts.documents import EXAMPLES
from contracts.event import Event, Personal
from contracts.supervision import (
    DueRecomputed,
    FeeDue,
    FeePaid,
    ItemAccepted,
    ItemExtended,
    ItemReceived,
)
from contracts.supervision.clock import DueShift
from services.archive.domain.file import facts_of
from services.archive.domain.replay import as_document, replay, stood
from services.archive.domain.telling import fold, fold_leaves
from services.archive.domain.timetravel import STRIDE, Cut, History, Unclear, history_of
from tests.unit.archive.examples import (
    BEGAN,
    COURSE,
    ITEM,
    PIECE,
    Telling,
    accepted,
    decided,
    logged,
    matter,
    requested,
    scoped,
    told,
)

LATER = BEGAN + timedelta(days=365)
CALENDAR = "cn-2026@0123456789abcdef"
came = ItemReceived(item=ITEM, body="depts")
taken = ItemAccepted(item=ITEM, calendar=CALENDAR, statutory_due_on=date(2026, 5, 8))


def days(*tellings: tuple[int, Event]) -> Telling:
    """Each fact on its day after the beginning, told in the order given."""
    telling = Telling()
    for day, event in tellings:
        telling.now = BEGAN + timedelta(days=day)
        telling.say(event)
    return telling


def late() -> History:
    """The papers came on 16 April; that was entered on the 24th, after the acceptance."""
    telling = days((0, requested), (0, accepted), (0, scoped), (6, taken))
    telling.now = BEGAN + timedelta(days=10)
    telling.say(came, effective="2026-04-16")
    return history_of(telling.filed())


def test_the_state_known_at_a_position_as_of_now_is_the_replay_there() -> None:
    filed = told(*COURSE).filed()
    history = history_of(filed)
    for entry in filed.entries:
        at = entry.position
        as_of_now = stood(history, Cut(at, LATER))
        assert as_document(as_of_now) == as_document(replay(filed, at))
        assert as_of_now.matter == replay(filed, at).matter


def test_a_late_entry_is_unknown_before_it_was_entered_and_on_its_day_after() -> None:
    history = late()
    entered = history.points[-1].position
    on_the_day = date(2026, 4, 17)
    then = stood(history, Cut(entered - 1, on_the_day)).matter
    now = stood(history, Cut(None, on_the_day)).matter
    assert (then.item(ITEM).state, now.item(ITEM).state) == ("waiting", "received")


def test_what_was_entered_late_does_not_undo_what_happened_after_it() -> None:
    assert stood(late(), Cut()).matter.item(ITEM).state == "accepted"


def test_a_day_is_meant_to_its_end_and_an_instant_to_the_instant() -> None:
    history = history_of(days((0, requested), (1, accepted)).filed())
    noon = (BEGAN + timedelta(days=1)).replace(hour=0)
    assert stood(history, Cut(None, date(2026, 4, 15))).matter.standing == "accepted"
    assert stood(history, Cut(None, noon)).matter.standing == "requested"
    assert stood(history, Cut(None, date(2026, 4, 13))).matter.number is None


def test_a_time_of_the_clock_becomes_the_last_position_recorded_by_then() -> None:
    history = late()
    assert history.position_at(date(2026, 4, 14)) == history.points[-3].position
    assert history.position_at(date(2026, 4, 20)) == history.points[-2].position
    assert history.position_at(date(2026, 4, 23)) == history.points[-2].position
    assert history.position_at(LATER) == history.points[-1].position
    assert history.position_at(date(2025, 1, 1)) == 0


def test_a_cut_is_read_as_it_is_written() -> None:
    history = late()
    last = history.points[-1].position
    for text in ("now", "3", "3@2026-04-16", "now@2026-04-16T10:00:00+08:00"):
        assert history.cut(text).written() == text
    assert history.cut("2026-04-24") == Cut(last)
    assert history.cut("@2026-04-16") == Cut(None, date(2026, 4, 16))
    lost_in_an_address = history.cut("now@2026-04-16T10:00:00 08:00")
    assert lost_in_an_address == history.cut("now@2026-04-16T02:00:00Z")
    assert history.cut("now@2026-04-16T10:00") == history.cut("now@2026-04-16T02:00Z")


@pytest.mark.parametrize("text", ["then", "3@", "3@4", "-1", "2026-02-30", "1e3", "٣"])
def test_what_names_no_cut_is_refused(text: str) -> None:
    with pytest.raises(Unclear):
        late().cut(text)


def test_known_then_and_known_now_are_two_cuts_of_one_time() -> None:
    history = late()
    then, now = history.hindsight(date(2026, 4, 20))
    assert then.known == history.points[-2].position and now.known is None
    assert then.effective == now.effective == date(2026, 4, 20)


def test_what_is_kept_of_earlier_cuts_changes_no_later_one() -> None:
    telling = told(requested, accepted, scoped, *[logged] * (STRIDE + 20), decided)
    telling.say(came, effective="2026-04-10").say(*[logged] * STRIDE)
    filed = telling.filed()
    history = history_of(filed)
    places = [entry.position for entry in filed.entries]
    cuts = [
        Cut(at, by)
        for at in (None, *places[::97], places[-1])
        for by in (None, date(2026, 4, 14), datetime(2026, 4, 14, 4, 30, tzinfo=UTC))
    ]
    whole = [as_document(stood(history, cut)) for cut in cuts]
    assert whole == [as_document(stood(history_of(filed), cut)) for cut in cuts]
    assert whole[::-1] == [as_document(stood(history, cut)) for cut in reversed(cuts)]


def test_a_file_that_grew_is_opened_from_there_on() -> None:
    telling = told(requested, accepted)
    before = history_of(telling.filed())
    grown = telling.say(scoped, decided).filed()
    after = history_of(grown, before)
    assert after.points[: len(before.points)] == before.points
    assert after == history_of(grown)
    assert history_of(before.filed, after).points == before.points


def test_a_payment_dated_before_its_fee_was_entered_pays_it() -> None:
    fee = FeeDue(
        fee=PIECE,
        item=ITEM,
        kind="fee",
        amount=Decimal("10.00"),
        payee="depts",
        basis="《测试收费条例》第五条",
    )
    paid = FeePaid(fee=PIECE, item=ITEM, amount=Decimal("10.00"))
    telling = days((0, requested), (3, fee)).say(paid, effective="2026-04-15")
    assert not stood(history_of(telling.filed()), Cut()).matter.unpaid


def test_due_days_move_as_supervision_says() -> None:
    longer = ItemExtended(
        item=ITEM,
        step=1,
        days=10,
        approved_by="organ",
        statutory_due_on=date(2026, 5, 22),
        reason=Personal("案情复杂"),
    )
    shift = DueShift(
        item=ITEM, clock="statutory", was_on=date(2026, 5, 22), now_on=date(2026, 5, 25)
    )
    again = DueRecomputed(cause="calendar", calendar=CALENDAR, lines=(shift,))
    assert matter(requested, taken).item(ITEM).due_on == date(2026, 5, 8)
    assert matter(requested, taken, longer).item(ITEM).due_on == date(2026, 5, 22)
    assert matter(requested, taken, longer, again).item(ITEM).due_on == date(2026, 5, 25)
    promised = taken.model_copy(update={"commitment_due_on": date(2026, 4, 30)})
    assert matter(requested, promised, longer).item(ITEM).due_on == date(2026, 4, 30)


def test_what_moves_no_matter_need_not_be_opened() -> None:
    """Folding leaf by leaf, most of them unopened, comes out as folding every fact."""
    leaves = [e.copy for e in told(*COURSE).filed().entries if e.copy is not None]
    base = fold_leaves(leaves)
    assert base == fold(facts_of(leaves))
    about = json.loads(leaves[0].body)["about"]
    kinds = set()
    for file in sorted(EXAMPLES.glob("*/*.json")):
        type_ = ".".join((file.parent.name, *file.name.split(".")[:2]))
        members = {"about": {**about, "type": type_}, "fact": json.loads(file.read_bytes())}
        leaf = replace(leaves[0], body=canonical(members).encode())
        if file.parent.name == "archive" or leaf.told()[1] is None:
            continue
        kinds.add(type_)
        assert fold_leaves([leaf], base) == fold(facts_of([leaf]), base), file.name
    assert len(kinds) > 100


def test_a_glance_is_what_the_opened_body_says() -> None:
    for entry in told(*COURSE).filed().entries:
        about, _ = entry.leaf.parts()
        assert entry.leaf.glance("effective") == about.effective
        assert entry.leaf.glance("type") == about.type
        assert datetime.fromisoformat(entry.leaf.glance("recorded")) == about.recorded
        spaced = replace(entry.leaf, body=entry.leaf.body.replace(b'":', b'" :'))
        assert spaced.glance("effective") == about.effective
