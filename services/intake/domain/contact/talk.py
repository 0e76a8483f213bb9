"""What is a visitor told: by whom, after how long, and all at once (咨询与一次性告知)?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.intake import ConsultationReferred
from services.intake.domain.consultation import answered
from services.intake.domain.contact.commands import AnswerContact, ReferQuestion, TellContact
from services.intake.domain.contact.state import Contact
from services.intake.domain.desk import Desk, decides
from services.intake.domain.notice import Telling, notice_of
from shared.decider import Refused


def refer(command: ReferQuestion, state: Contact, facts: Desk) -> list[Event]:
    id = command.consultation or facts.id
    if id in state.questions:
        return []
    known_items(command.items, facts)
    item = next(iter(command.items), None)
    found = decides(item, facts, command.to_body)
    return [
        ConsultationReferred(
            consultation=id,
            items=command.items,
            to_body=found.body,
            to_role=found.role,  # type: ignore[arg-type]
            to_person=facts.owners.get(item) if item else None,
            asked_at=facts.at,
            found_by=found.found_by,
            defaults=found.defaults,
            question=command.question,
        )
    ]


def answer(command: AnswerContact, state: Contact, facts: Desk) -> list[Event]:
    """Once; a second answer only when the first was not understood (AS-50)."""
    id = command.consultation or facts.id
    known = state.questions.get(id)
    if known is not None and known.answered and known.understood is not False:
        return []
    return [
        answered(
            command,
            facts.pack,
            facts.catalogue,
            id,
            asked_at=known.asked_at if known else None,
            answered_at=facts.at,
            answered_by=known.to_body if known else None,
        )
    ]


def tell(command: TellContact, state: Contact, facts: Desk) -> Event:
    known_items(command.items, facts)
    told = dict(facts.told)
    for item, times in state.told.items():
        told[item] = max(times, told.get(item, 0))
    telling = Telling(
        facts.id, facts.day, facts.mode, told, command.receiver, command.reason, command.signed
    )
    return notice_of(command.items, facts.pack, facts.catalogue, telling)


def known_items(items: Sequence[str], facts: Desk) -> None:
    for code in items:
        try:
            facts.catalogue.item(code)
        except LookupError:
            raise Refused(
                "item_unknown",
                item=code,
                catalogue=facts.catalogue.edition,
                remedy="请从本地事项目录中选取 / choose an item of the catalogue",
            ) from None
