"""Which application form did the unit file, and in which revision (服务申请表; HS-28, HS-53)?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.intake import ApplicationFormFiled
from services.intake.domain.authority import agreed
from services.intake.domain.commands import FileApplication
from services.intake.domain.doubles import first_of
from services.intake.domain.facts import Facts, defaults_of
from services.intake.domain.state import Matter
from shared.decider import Refused


def file_application(command: FileApplication, state: Matter, facts: Facts) -> Sequence[Event]:
    """Each new content is a new revision, the same again none; an agreement keeps its own.

    No form named: the one that the agreement of the mode carries.
    """
    forms = [
        f.id for f in facts.pack.forms if f.kind not in ("agreement", "commission", "register")
    ]
    applications = [f.id for f in facts.pack.forms if f.kind == "application"]
    carried = {f for a in facts.pack.agreements if state.mode in a.modes for f in a.carries}
    first = next((form for form in applications if form in carried), None)
    form = command.form or first or next(iter(applications), None)
    if form is None or form not in forms:
        raise Refused(
            "form_unknown",
            form=form,
            known=applications or forms,
            rule="forms",
            remedy="请选择本方案的申请表 / name an application form of the pack",
        )
    agreed(state, facts)
    if first_of(command, facts.mark, state):
        return []
    inferred = next(f.inferred for f in facts.pack.forms if f.id == form)
    return [
        ApplicationFormFiled(
            form=form,
            revision=state.entrusted.applications.get(form, 0) + 1,
            inferred=inferred,
            mark=facts.mark,
            defaults=defaults_of(facts.pack, f"forms.{form}"),
            content=command.content,
            fields_hash=command.fields_hash,
            signatory=command.signatory,
        )
    ]
