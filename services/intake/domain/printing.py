"""What is known of a matter when one of its papers is printed? Everything an event holds (X-14)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from contracts.glossary import GLOSSARY
from contracts.pack import Pack
from contracts.pack.papers import Form
from services.intake.domain.paperlists import Papers, papers_of
from services.intake.domain.record import (
    OPENINGS,
    Record,
    Said,
    body_of,
    items_of,
    modes_of,
    project_of,
    request_of,
    warranted_of,
)
from shared.paper.check import code_of
from shared.paper.known import (
    Known,
    day_text,
    span_text,
)

ANCHORS: dict[str, tuple[str, ...]] = {
    "commission": ("CommissionFiled",),
    "agreement": ("AgreementSigned",),
    "application": ("ApplicationFormFiled",),
    "register": ("RegistrationCompleted",),
    "one_time_notice": ("OneTimeNoticeIssued",),
    "receipt": ("MaterialReceived",),
}
"""Kind of form -> the event that holds the signed paper; the newest stands behind the code."""
YEAR = timedelta(days=364)
_POWERS = {
    "prepare": ("precheck", "prepare_with"),
    "fill_forms": ("fill_for_applicant",),
    "submit": ("upload", "file_for_applicant"),
    "supplement": ("file_for_applicant",),
    "urge": ("urge",),
    "collect": ("fetch",),
    "receive_originals": ("collect",),
    "deliver": ("deliver",),
}


def known_of(form: Form, record: Record, address: str, of: UUID | None = None) -> Known | None:
    """What the paper says; None when `of` names nothing that this form is about."""
    anchor = record.newest(*ANCHORS.get(form.kind, ()), of=of)
    if of is not None and anchor is None:
        return None
    opening = record.newest(*OPENINGS)
    behind = anchor or opening
    papers = papers_of(record.matter, record.catalogue, items_of(record), anchor, form)
    values, defaults = _values(form, record, papers, anchor)
    code = code_of("intake", behind.position, behind.leafhash) if behind else None
    return Known(
        day=anchor.day if anchor else record.today,
        issuer=_issuer(record),
        values={id: text for id, text in values.items() if text},
        lists=papers.lists,
        choices={"mode": modes_of(record), **warranted_of(record)},
        number=_number(form, record, anchor),
        defaults=frozenset(defaults),
        leant=tuple(anchor.fact.get("defaults", ())) if anchor else (),
        signed=anchor is not None,
        check=code.at(address) if code else None,
    )


def _values(
    form: Form, record: Record, papers: Papers, anchor: Said | None
) -> tuple[dict[str, str], set[str]]:
    values = {**project_of(record), **request_of(record), **papers.values}
    defaults: set[str] = set()
    match form.kind:
        case "commission":
            said, defaults = _commission(record, anchor)
            values |= said
        case "agreement":
            values |= _agreement(form, record, anchor)
        case "application" if anchor:
            values |= {"signed_on": day_text(anchor.day), "applied_on": day_text(anchor.day)}
        case "register" if anchor:
            values |= {"date": day_text(anchor.day), "registered_on": day_text(anchor.day)}
    return values, defaults


def _issuer(record: Record) -> str:
    """The body that serves, else the issuer of the rules, without where it has its seat."""
    return body_of(record) or record.pack.instrument.issuer.split("（")[0]


def _number(form: Form, record: Record, anchor: Said | None) -> str:
    opening = record.newest(*OPENINGS)
    own = anchor.fact if anchor else {}
    if form.kind in ("slip", "ledger", "roster"):
        return ""
    if form.kind == "register" and own.get("label"):
        return str(own["label"])
    if form.kind in ("commission", "agreement"):
        return str(own.get("label") or _printed(record.pack, own.get("number")) or "")
    return str(opening.fact.get("number", "")) if opening else ""


def _printed(pack: Pack, number: str | None) -> str:
    """The agreement number by the place's template (编号： 年第 号; HS-51)."""
    rule = pack.numbering.agreement
    if number is None or rule is None:
        return number or ""
    adcode, year, serial = number.split("-")
    return rule.template.format(adcode=adcode, year=year, serial=serial.zfill(rule.digits))


def _commission(record: Record, anchor: Said | None) -> tuple[dict[str, str], set[str]]:
    """The four points; before signing, the service as agent, for a year from today (默认值)."""
    if anchor:
        fact = anchor.fact
        return {
            "principal": fact.get("principal", ""),
            "agent": fact.get("agent_name", ""),
            "commissioned": "；".join(map(record.zh, fact["items"])),
            "authority": "、".join(map(_power, fact["powers"])),
            "period": span_text(fact["begins_on"], fact["ends_on"]),
            "signed_on": day_text(fact["signed_on"]),
        }, set()
    proposed = {
        "agent": body_of(record),
        "commissioned": "；".join(map(record.zh, items_of(record))),
        "authority": "、".join(map(_power, _usual_powers(record.pack))),
        "period": span_text(record.today, record.today + YEAR),
    }
    return proposed, {"agent", "period"}


def _power(power: str) -> str:
    return GLOSSARY.get(f"power.{power}", power)


def _usual_powers(pack: Pack) -> Iterable[str]:
    """What the place's agents may do, as powers the unit would give."""
    acts = {act for mode in pack.modes if mode.filed_by == "agent" for act in mode.staff_may}
    return [power for power, needs in _POWERS.items() if acts & set(needs)]


def _agreement(form: Form, record: Record, anchor: Said | None) -> dict[str, str]:
    """What holds now: as signed, with its amendments; before that, as proposed."""
    kinds = {one.id for one in record.pack.agreements if one.form == form.id}
    if anchor:
        fact = _held(record, anchor.fact["agreement"])
    else:
        proposed = [one for one in record.matter if one.name == _PROPOSED]
        mine = [one for one in proposed if not kinds or one.fact.get("kind") in kinds]
        fact = _told(mine[-1]) if mine else {}
    items = fact.get("items") or items_of(record)
    values = {
        "items": "；".join(map(record.zh, items)),
        "application": _application(record, fact.get("application")),
        "term": span_text(fact.get("begins_on"), fact.get("ends_on")),
        "agent": fact.get("agent_name", ""),
        "signed_on": day_text(fact.get("signed_on")),
    }
    given = {
        "party_a": fact.get("principal"),
        "handler": fact.get("handler_name"),
        "address_a": fact.get("address"),
        "phone_a": fact.get("phone"),
    }
    return values | {key: value for key, value in given.items() if value}


_PROPOSED = "AgreementProposed"
_HOLDING = ("AgreementSigned", "AgreementAmended", "AgreementRenewed")


def _held(record: Record, agreement: str) -> dict[str, Any]:
    """What was signed, with what each side told when it signed first (HS-58)."""
    fact: dict[str, Any] = {}
    pending: dict[str, Any] = {}
    for one in record.matter:
        if one.fact.get("agreement") != agreement:
            continue
        if one.name == _PROPOSED:
            pending |= _told(one)
            continue
        if one.name in _HOLDING:
            fact |= pending | _told(one)
        pending = {}
    return fact


def _told(said: Said) -> dict[str, Any]:
    return {key: value for key, value in said.fact.items() if value is not None}


def _application(record: Record, revision: int | None) -> str:
    """The application form the agreement carries, in its fixed version (HS-53)."""
    named = {form.id: form.zh for form in record.pack.forms if form.kind == "application"}
    filed = record.newest("ApplicationFormFiled")
    if filed is None:
        return next(iter(named.values()), "")
    number = revision or filed.fact.get("revision")
    return f"{named.get(filed.fact['form'], '')}（第{number}版）"
