"""How long does it take to explain one due day, and to look over ten thousand open items?"""

from datetime import date, timedelta
from statistics import median
from uuid import UUID

from contracts.event import Event
from contracts.supervision import ItemAccepted, ItemReceived, ItemSubmitted
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import ArrangePlan
from services.supervision.domain.due import Rulebook, due
from services.supervision.domain.explaining import Noted, explained
from services.supervision.domain.facts import Facts
from services.supervision.domain.state import INITIAL, Matter
from services.supervision.domain.why import Rules, reckonings
from shared.effects import monotonic
from shared.packs import Packs

BEGUN, TODAY = date(2026, 3, 2), date(2026, 3, 20)
EXPLAINED, OPEN_ITEMS = 500, 10_000


def of_a_shipped_place() -> Facts:
    """The rules of the first place that is shipped."""
    rules = Packs.load(None).all()[0]
    return Facts(BEGUN, BEGUN, rules.pack, rules.catalogue, rules.calendar)


def under_way(facts: Facts, licences: int) -> tuple[Matter, list[Event]]:
    """A matter whose first licences were accepted; the facts that made it so."""
    scope = [item.id for item in facts.catalogue.items if item.kind == "licence"][:licences]
    events: list[Event] = [*DECIDER.decide(ArrangePlan(items=tuple(scope)), INITIAL, facts)]
    for code in scope:
        item = facts.catalogue.item(code)
        due_on = facts.calendar.add_working_days(BEGUN, item.limit.planned_wd).date
        legal_on = facts.calendar.add_working_days(BEGUN, item.limit.statutory or 20).date
        events += [
            ItemSubmitted(item=code, body="b", filed_by="applicant", submitted_on=BEGUN),
            ItemReceived(item=code, body="b", received_on=BEGUN),
            ItemAccepted(
                item=code,
                accepted_on=BEGUN,
                calendar=facts.calendar.edition,
                statutory_due_on=legal_on,
                commitment_due_on=due_on,
            ),
        ]
    return DECIDER.fold(events), events


def explaining() -> dict[str, float]:
    """The four clocks of one item day by day, and the whole answer with facts and digest."""
    facts = of_a_shipped_place()
    matter, events = under_way(facts, 1)
    (course,) = matter.items.values()
    rules = Rules(facts.item(course.item), facts.pack, facts.calendar)
    history = [Noted(n, UUID(int=n), event) for n, event in enumerate(events, 1)]
    ledgers, answers = [], []
    for _ in range(EXPLAINED):
        began = monotonic()
        reckonings(course, rules, TODAY)
        between = monotonic()
        explained(course, rules, TODAY, history)
        ledgers.append(between - began)
        answers.append(monotonic() - between)
    return {
        "ledgers_ms": round(median(ledgers) * 1e3, 3),
        "ledgers_p99_ms": round(sorted(ledgers)[int(EXPLAINED * 0.99)] * 1e3, 3),
        "answer_ms": round(median(answers) * 1e3, 3),
    }


def looking_over() -> dict[str, float]:
    """One whole pass of the agenda's rules over matters of twenty open items each."""
    facts = of_a_shipped_place()
    each = 20
    matters = [under_way(facts, each)[0] for _ in range(10)]
    book = Rulebook(facts.pack, facts.catalogue, facts.calendar)
    seen = found = 0
    began = monotonic()
    while seen < OPEN_ITEMS:
        matter = matters[seen // each % len(matters)]
        found += len(due(matter, book, TODAY + timedelta(days=seen // each % 5)))
        seen += len(matter.scope())
    took = monotonic() - began
    return {"items": seen, "thresholds": found, "pass_s": round(took, 3)}
