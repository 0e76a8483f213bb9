"""What does an agreement say (协议内容): which items, which attachment, from when to when?"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from contracts.pack.papers import Agreement as Kind
from contracts.pack.papers import Form
from contracts.pack.sections import Days
from services.intake.domain.commands import MoveAgreement
from services.intake.domain.entrusted import Agreement
from services.intake.domain.facts import Facts
from services.intake.domain.state import Matter
from shared.decider import Refused


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agreement says from now on."""

    begins_on: date
    ends_on: date | None
    stages: tuple[str, ...]
    items: tuple[str, ...]
    application: int | None
    agent: str | None
    defaults: tuple[str, ...]


def signed(
    command: MoveAgreement, kind: Kind, state: Matter, facts: Facts, *, anew: bool
) -> Terms:
    """The terms of a new agreement; refused when they are not what the pack asks for.

    Not `anew`, they were proposed with their people and are only countersigned.
    """
    if anew:
        _names_both_contacts(command, kind, state, facts)
    begins = command.begins_on or command.signed_on or facts.day
    ends = command.ends_on or _last_day(begins, kind, facts)
    _sound_period(begins, ends, kind, facts)
    stages, items = _covers(command, kind, state, None)
    used = () if command.ends_on or kind.term is None else (f"agreements.{kind.id}.term",)
    return Terms(
        begins,
        ends,
        stages,
        items,
        _attachment(command, kind, state, None, facts),
        command.agent,
        used,
    )


def amended(
    command: MoveAgreement, known: Agreement, kind: Kind, state: Matter, facts: Facts
) -> Terms:
    """What holds after a change; what is not named stays as it was."""
    begins = known.begins_on or facts.day
    ends = command.ends_on or known.ends_on
    _sound_period(begins, ends, kind, facts)
    stages, items = _covers(command, kind, state, known)
    attachment = _attachment(command, kind, state, known, facts)
    return Terms(begins, ends, stages, items, attachment, command.agent or known.agent, ())


def renewed(command: MoveAgreement, known: Agreement, kind: Kind, facts: Facts) -> Terms:
    """A new term: the day after the last one, unless the paper says another day."""
    after = known.ends_on + timedelta(days=1) if known.ends_on else facts.day
    begins = command.begins_on or max(after, facts.day)
    ends = command.ends_on or _last_day(begins, kind, facts)
    _sound_period(begins, ends, kind, facts)
    used = () if command.ends_on or kind.term is None else (f"agreements.{kind.id}.term",)
    return Terms(begins, ends, known.stages, known.items, known.application, known.agent, used)


def days_after(day: date, span: Days, facts: Facts) -> date:
    """The day that lies `span` after `day` (工作日按日历)."""
    if span.unit == "cd":
        return day + timedelta(days=span.days)
    assert facts.calendar is not None
    return facts.calendar.add_working_days(day, span.days).date


def _last_day(begins: date, kind: Kind, facts: Facts) -> date | None:
    if kind.term is None:
        return None
    return days_after(begins, kind.term, facts) - timedelta(days=1)


def _sound_period(begins: date, ends: date | None, kind: Kind, facts: Facts) -> None:
    longest = _last_day(begins, kind, facts)
    wrong = (
        None
        if ends is None
        else "ends_before_it_begins"
        if ends < begins
        else "period_is_over"
        if ends < facts.day
        else "beyond_the_term"
        if longest is not None and ends > longest
        else None
    )
    if wrong and ends:
        raise Refused(
            wrong,
            begins_on=begins.isoformat(),
            ends_on=ends.isoformat(),
            longest=longest.isoformat() if longest else None,
            day=facts.day.isoformat(),
            rule=f"agreements.{kind.id}.term",
            remedy="请核对协议期限 / check the term",
        )


def _covers(
    command: MoveAgreement, kind: Kind, state: Matter, known: Agreement | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Stages and items, as the pack lets an agreement be cut; neither means the whole."""
    rule = f"agreements.{kind.id}.covers"
    if kind.covers == "whole":
        if command.stages or command.items:
            raise Refused(
                "covers_the_whole", rule=rule, remedy="本协议涵盖全部事项 / leave out"
            )
        return (), ()
    if kind.covers == "stages":
        return _stages(command, kind, known, rule), ()
    items = command.items or (known.items if known else state.items)
    outside = [item for item in items if item not in state.items]
    if outside or not items:
        raise Refused(
            "items_outside_scope",
            items=outside,
            scope=list(state.items),
            rule=rule,
            remedy="请先确定事项范围，协议事项须在范围内 / fix the scope first",
        )
    return (), tuple(items)


def _stages(
    command: MoveAgreement, kind: Kind, known: Agreement | None, rule: str
) -> tuple[str, ...]:
    chosen = command.stages or (known.stages if known else kind.stages)
    outside = [stage for stage in chosen if kind.stages and stage not in kind.stages]
    if outside or not chosen:
        raise Refused(
            "stages_not_offered",
            stages=outside,
            offered=list(kind.stages),
            rule=rule,
            remedy="请选择本地提供的阶段 / choose among the stages offered",
        )
    return tuple(chosen)


def _attachment(
    command: MoveAgreement, kind: Kind, state: Matter, known: Agreement | None, facts: Facts
) -> int | None:
    """The revision of the application the agreement carries (代办内容见附件; HS-53)."""
    if known is None:
        _commissioned(kind, state, facts)
    carried = [form for form in kind.carries if facts.pack.form(form).kind == "application"]
    for form in carried:
        if form not in state.entrusted.applications:
            raise Refused(
                "application_not_filed",
                form=form,
                rule=f"agreements.{kind.id}.carries",
                remedy="请先提交服务申请表 / file the application form first",
            )
    if not carried:
        return None
    latest = state.entrusted.applications[carried[0]]
    wanted = command.application or (latest if known is None else known.application)
    if wanted is not None and wanted > latest:
        raise Refused("no_such_revision", application=wanted, latest=latest, remedy=_LATEST)
    return wanted


def _commissioned(kind: Kind, state: Matter, facts: Facts) -> None:
    """An agreement that carries the power of attorney is signed once that is filed (YY-12)."""
    carried = [form for form in kind.carries if facts.pack.form(form).kind == "commission"]
    if carried and (state.commission is None or state.commission.ends_on < facts.day):
        raise Refused(
            "commission_missing",
            form=carried[0],
            ended=[str(id) for id in state.ended],
            rule=f"agreements.{kind.id}.carries",
            remedy="协议须附授权委托书，请先提交委托书 / file the power of attorney it carries first",
        )


_LATEST = "请核对申请表版本 / check the revision of the application"


def _names_both_contacts(
    command: MoveAgreement, kind: Kind, state: Matter, facts: Facts
) -> None:
    """Two contacts where the agreement has a place for both (项目负责人和经办人; HS-54)."""
    form = next((form for form in facts.pack.forms if form.id == kind.form), None)
    if form and _names_a_handler(form, facts):
        given = {
            *state.setting.contacts,
            *(["applicant_lead"] if command.lead_name else []),
            *(["applicant_handler"] if command.handler_name else []),
        }
        lacking = sorted({"applicant_lead", "applicant_handler"} - given)
        if lacking:
            raise Refused(
                "two_contacts_required",
                missing=lacking,
                rule=f"forms.{kind.form}",
                remedy="请写明项目负责人和经办人 / name the unit's lead and its handler",
            )


def _names_a_handler(form: Form, facts: Facts) -> bool:
    posts = {r.id for r in facts.pack.roles if r.canonical == "applicant_handler"}
    return bool(posts & {*form.signatures, *form.fields})


def as_fields(terms: Terms) -> dict[str, Any]:
    """The terms as the members of an event."""
    return {
        "begins_on": terms.begins_on,
        "ends_on": terms.ends_on,
        "stages": terms.stages,
        "items": terms.items,
        "application": terms.application,
        "agent": terms.agent,
        "defaults": terms.defaults,
    }
