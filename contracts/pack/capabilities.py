"""Which module acts on which leaves of a policy pack, and which are printed or only shown?

One row for each leaf that a pack may have: `*` is any member, `**` everything below. Where
several modules are named, each of them may decide by the leaf.
"""

_INTAKE, _ASSIGNMENT = "services.intake.domain", "services.assignment.domain"
_SUPERVISION, _SHOW = "services.supervision.domain", "onefile pack show"

ENFORCED: dict[str, str] = {
    "shared.packs": """
        catalogue clocks.calendar clocks.overlays jurisdiction.code
        """,
    f"{_INTAKE}.eligibility": """
        scope.include.*.when.** scope.exclude.*.when.** scope.applicants.*.when.**
        scope.applicants.*.modes scope.refer.*.when.** scope.discretionary.when.**
        sites.parks.*.id sites.townships.prefix
        """,
    f"{_INTAKE}.admission": """
        scope.decline.needs channels.*.kind modes.*.id bodies.*.id process.*.steps
        process.*.canonical
        """,
    f"{_INTAKE}.approval": "scope.discretionary.needs",
    f"{_INTAKE}.scope": "scope.items.stages scope.items.utilities scope.items.levels",
    f"{_INTAKE}.material": "planning.prepare_ahead planning.share_materials",
    f"{_INTAKE}.numbers {_INTAKE}.agreement shared.paper.fill": """
        numbering.*.template numbering.*.digits
        """,
    f"{_INTAKE}.enrolment": "modes.*.enrol modes.*.muting modes.*.asked_by modes.*.ends_when",
    f"{_INTAKE}.authority": "origins.*.id origins.*.kind origins.*.from origins.*.consent",
    f"{_INTAKE}.agreement {_INTAKE}.gate {_INTAKE}.enrolment shared.paper.fill": """
        agreements.*.id agreements.*.form agreements.*.number agreements.*.modes
        agreements.*.covers agreements.*.stages agreements.*.carries agreements.*.states.*.id
        agreements.*.states.*.in_force agreements.*.moves.*.id agreements.*.moves.*.kind
        agreements.*.moves.*.from agreements.*.moves.*.to agreements.*.moves.*.by
        agreements.*.moves.*.countersigned_by agreements.*.moves.*.causes
        agreements.*.moves.*.notice.days agreements.*.moves.*.notice.unit
        agreements.*.term.days agreements.*.term.unit
        """,
    f"{_INTAKE}.gate {_SUPERVISION}.powers": """
        modes.*.papers.*.id modes.*.papers.*.when.** modes.*.papers.*.before
        """,
    f"{_INTAKE}.outreach": """
        proactive.*.id proactive.*.what proactive.*.when.** proactive.*.at proactive.*.via
        proactive.*.with
        """,
    f"{_INTAKE}.desk": "process.*.fallback.to",
    f"{_INTAKE}.registration {_ASSIGNMENT}.telling": "process.*.must",
    f"{_ASSIGNMENT}.routing {_ASSIGNMENT}.choosing": """
        routing.*.when.** routing.*.applies_to routing.*.to routing.*.assisted_by
        routing.*.jointly routing.*.co_lead routing.*.follow_until routing.*.at_once
        routing.*.confirm_within.days routing.*.confirm_within.unit routing.*.then.count
        team.per_matter
        """,
    f"{_ASSIGNMENT}.places {_ASSIGNMENT}.choosing {_ASSIGNMENT}.routing": """
        team.model team.slots.*.id team.slots.*.role team.slots.*.bodies team.slots.*.min
        team.slots.*.max team.slots.*.per team.slots.*.exclusive team.working_groups.*.id
        team.working_groups.*.body team.working_groups.*.head roles.*.min roles.*.max
        """,
    f"{_ASSIGNMENT}.telling": "team.working_groups.*.when.** team.pairs_with",
    f"{_ASSIGNMENT}.membership {_ASSIGNMENT}.choosing {_ASSIGNMENT}.routing {_INTAKE}.agreement "
    f"{_ASSIGNMENT}.places {_SUPERVISION}.ladders services.evaluation.domain.decide": """
        roles.*.canonical roles.*.bodies roles.*.requires bodies.*.parent
        bodies.*.staffed_from team.home_bodies
        """,
    f"{_ASSIGNMENT}.relay {_ASSIGNMENT}.choosing {_INTAKE}.agreement": """
        team.rules.*.id roles.*.can
        """,
    f"{_SUPERVISION}.powers {_INTAKE}.admission": "modes.*.staff_may modes.*.filed_by",
    f"{_SUPERVISION}.tasks {_ASSIGNMENT}.telling": """
        process.*.done_when process.*.owner process.*.modes
        """,
    f"{_SUPERVISION}.clocks {_SUPERVISION}.due": """
        clocks.count_from clocks.deemed_acceptance.days clocks.deemed_acceptance.unit
        clocks.warn_at_percent clocks.urge_after_percent clocks.silence.days clocks.silence.unit
        """,
    f"services.archive.domain.promised {_SUPERVISION}.clocks {_SUPERVISION}.due": """
        clocks.promises.*.starts clocks.promises.*.ends clocks.promises.*.within.days
        clocks.promises.*.within.unit
        """,
    f"{_SUPERVISION}.ladders": """
        ladders.*.id ladders.*.for ladders.*.rungs.*.id ladders.*.rungs.*.rung
        ladders.*.rungs.*.fires ladders.*.rungs.*.do ladders.*.rungs.*.by ladders.*.rungs.*.to
        ladders.*.rungs.*.wait.days ladders.*.rungs.*.wait.unit ladders.*.when.**
        ladders.*.enters_from.ladder ladders.*.enters_from.fires ladders.*.rungs.*.when.**
        ladders.*.rungs.*.via ladders.*.rungs.*.at_once ladders.*.rungs.*.every.days
        ladders.*.rungs.*.every.unit ladders.*.rungs.*.times ladders.*.rungs.*.needs
        """,
    f"{_SUPERVISION}.convening": """
        meetings.*.id meetings.*.convened_by meetings.*.papers meetings.*.binding
        """,
    f"{_SUPERVISION}.follow": """
        after.*.id after.*.starts after.*.every.days after.*.every.unit after.*.links
        """,
    f"{_SUPERVISION}.delivery": "delivery.ways.*.id delivery.ways.*.proof",
    f"{_SUPERVISION}.attendance": "conduct.fees bodies.*.kind",
    f"{_SUPERVISION}.office": """
        reporting.*.id reporting.*.from reporting.*.to reporting.*.period reporting.*.nil
        reporting.*.then.do
        """,
    "services.evaluation.domain.decide": """
        evaluation.instruments.*.id evaluation.instruments.*.asked_by
        evaluation.instruments.*.answered_by evaluation.instruments.*.indicators.*.id
        evaluation.instruments.*.scale evaluation.scales.*.id evaluation.scales.*.levels.*.id
        evaluation.scales.*.levels.*.bad evaluation.remind_after.days
        evaluation.remind_after.unit
        evaluation.bad_rating.rectify_within.days evaluation.bad_rating.rectify_within.unit
        evaluation.bad_rating.revisit appraisal.by
        evaluation.link.expires.days evaluation.link.expires.unit evaluation.link.sendings
        evaluation.complaints.within.days evaluation.complaints.within.unit
        evaluation.complaints.probity_to
        """,
    "services.evaluation.domain.sealing": """
        evaluation.link.release_at evaluation.link.release_after.days
        evaluation.link.release_after.unit
        """,
    "services.archive.domain.decide": """
        archive.contents.*.id archive.contents.*.min archive.contents.*.required_if
        archive.strength
        """,
}
"""Modules that act → the leaves by which they decide."""

PRINTED: dict[str, str] = {
    "shared.messages.wording": "messages.*.id messages.*.zh messages.*.en",
    "shared.paper.fill": """
        forms.*.id forms.*.zh forms.*.kind forms.*.red_head forms.*.attachment forms.*.fields
        forms.*.signatures forms.*.seal duties.*.who duties.*.zh
        """,
}
"""What prints them → the leaves that stand on paper."""

SHOWN: dict[str, str] = {
    _SHOW: """
        roles.*.activates_as roles.*.part_time roles.*.sees_nothing_until
        sites.parks.*.body sites.townships.body
        scope.items.other_public_services
        modes.*.applicant_takes_part modes.*.applicant_tasks modes.*.papers.*.must_state
        agreements.*.moves.*.form proactive.*.once
        channels.*.priority channels.*.hours channels.*.functions channels.*.forwards_to
        process.*.channels process.*.forms process.*.continuous process.*.at_once
        process.*.ladder process.*.first_contact_is_responsible process.*.fallback.when
        process.*.fallback.at_once process.*.single_point process.*.done_for process.*.branch
        routing.*.file_at routing.*.then.assign team.lead team.reserve
        planning.plan_required planning.parallel planning.follow_actual planning.dependencies
        planning.early_intervention planning.joint planning.rhythm planning.strike_off
        ladders.*.rungs.*.record ladders.*.rungs.*.alternative ladders.*.rungs.*.binding
        conduct.secrecy
        delivery.ways.*.done_by delivery.collected_by delivery.collect_at delivery.returned
        delivery.mail_paid_by evaluation.national evaluation.instruments.*.of
        evaluation.instruments.*.starts evaluation.instruments.*.printed
        evaluation.used_for reporting.*.due reporting.*.then.to
        appraisal.of appraisal.feeds appraisal.counts_in appraisal.centre_over_lower
        numbering.*.restarts archive.unit archive.keep_years archive.hand_over_to
        archive.waiver.needs
        after.*.ends
        """,
}
"""Page → the leaves that ask for something, and that people themselves see to."""

DESCRIBED: dict[str, str] = {
    _SHOW: """
        pack id version jurisdiction.zh jurisdiction.level jurisdiction.inherits
        jurisdiction.applies_to_children jurisdiction.children_may_change
        instrument.title instrument.status instrument.issuer instrument.issued_on
        instrument.effective_from instrument.expires_on instrument.based_on
        instrument.consultees instrument.public instrument.gaps terms.words.*
        bodies.*.zh bodies.*.seat bodies.*.members bodies.*.count bodies.*.overseen_by
        bodies.*.duties roles.*.id roles.*.zh roles.*.holder sites.parks.*.zh
        scope.include.*.id scope.include.*.zh scope.exclude.*.id scope.exclude.*.zh
        scope.applicants.*.id scope.applicants.*.zh scope.refer.*.id scope.refer.*.zh
        scope.discretionary.id scope.discretionary.zh origins.*.zh modes.*.zh
        agreements.*.zh agreements.*.states.*.zh agreements.*.moves.*.zh proactive.*.zh
        channels.*.id channels.*.zh channels.*.aliases channels.*.count
        process.*.id process.*.zh process.*.discretion routing.*.id routing.*.zh
        team.rules.*.zh team.slots.*.zh team.working_groups.*.zh
        clocks.promises.*.id clocks.promises.*.zh ladders.*.zh ladders.*.rungs.*.zh
        meetings.*.zh duties.*.id conduct.rules.*.id conduct.rules.*.kind
        conduct.rules.*.zh delivery.ways.*.zh evaluation.scales.*.levels.*.zh
        evaluation.instruments.*.zh evaluation.instruments.*.indicators.*.zh
        evaluation.instruments.*.indicators.*.explains reporting.*.zh archive.contents.*.zh
        forms.*.inferred after.*.zh
        open.*.id open.*.q open.*.paths open.*.default open.*.rows
        """,
}
"""Page → the leaves that say what something is."""
