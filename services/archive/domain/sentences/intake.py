"""What does each kind of event of intake say in plain words?"""

from services.archive.domain.sentences.words import Sentence

INTAKE = {
    "intake.pack_registered.v1": Sentence(
        "登记政策包{edition}（{status:pack_status}）",
        "entered the policy pack {edition} ({status:pack_status})",
    ),
    "intake.pack_activation_asked.v1": Sentence(
        "提请自{begins_on}起启用政策包{edition}",
        "asked that the policy pack {edition} be put into force from {begins_on}",
    ),
    "intake.pack_activated.v1": Sentence(
        "政策包{edition}自{begins_on}起启用[，替代{replaces}]",
        "put the policy pack {edition} into force from {begins_on}[, replacing {replaces}]",
    ),
    "intake.pack_retired.v1": Sentence(
        "政策包{edition}自{ends_on}起不再用于新办件",
        "no new matter follows the policy pack {edition} from {ends_on}",
    ),
    "intake.pack_amended.v1": Sentence(
        "将政策包{amends}修订为{edition}，改动{changed}",
        "amended the policy pack {amends} to {edition}: {changed}",
    ),
    "intake.pack_question_decided.v1": Sentence(
        "政策包{edition}的待定事项“{question}”已作决定",
        "settled the open question {question} of the policy pack {edition}",
    ),
    "intake.matter_migrated.v1": Sentence(
        "办件由政策包{left}改用{taken}",
        "moved the matter from the policy pack {left} to {taken}",
    ),
    "intake.notice_published.v1": Sentence(
        "通过{medium:medium}发布公告（{kind@notice}）",
        "published a notice ({kind@notice}) by {medium:medium}",
    ),
    "intake.publicity_logged.v1": Sentence(
        "{body}通过{medium:medium}宣传服务", "{body} made the service known by {medium:medium}"
    ),
    "intake.consultation_answered.v1": Sentence(
        "解答咨询（{topic@topic}）[，涉及{items}]{understood?，来访人表示明白}",
        "answered a question ({topic@topic})[ on {items}]{understood?; the visitor understood}",
    ),
    "intake.project_registered.v1": Sentence(
        "登记项目[，项目代码{code}][，工程代码{works}]",
        "entered the project[, code {code}][, works {works}]",
    ),
    "intake.project_amended.v1": Sentence(
        "补正项目信息[，项目代码{code}][，工程代码{works}]",
        "put the project's data right[, code {code}][, works {works}]",
    ),
    "intake.project_identified.v1": Sentence(
        "项目代码{code}归并到同一项目", "tied the project code {code} to its one project"
    ),
    "intake.service_requested.v1": Sentence(
        "提交服务申请，办件编号{number}[，来源：{origin@origins}][，由{ordered_by}交办][，希望{wanted:mode}]"
        "[，涉及{items}]",
        "asked for the service, matter {number}[, begun by {origin@origins}][, ordered by {ordered_by}]"
        "[, wanting {wanted:mode}][, for {items}]",
    ),
    "intake.number_reserved.v1": Sentence(
        "取用编号{number}（{series:series}）", "took the number {number} ({series:series})"
    ),
    "intake.number_taken.v1": Sentence(
        "启用预印编号{number}（{series:series}）",
        "entered a paper with the pre-printed number {number} ({series:series})",
    ),
    "intake.number_voided.v1": Sentence(
        "编号{number}作废（{cause:void_cause}）",
        "voided the number {number} ({cause:void_cause})",
    ),
    "intake.eligibility_assessed.v1": Sentence(
        "审核服务条件：{result:eligibility}{override?（确有必要，经批准纳入）}[，未满足{failed}]"
        "[，待补{unknown}]",
        "assessed eligibility: {result:eligibility}{override? (really needed, approved)}"
        "[, not met {failed}][, not known {unknown}]",
    ),
    "intake.condition_checked.v1": Sentence(
        "核验{condition}：{met?符合}{met!不符合}（依据{source@source}）",
        "checked {condition} against {source@source}: {met?met}{met!not met}",
    ),
    "intake.service_consented.v1": Sentence(
        "单位同意接受服务（{origin@origins}）",
        "the unit agreed to be served ({origin@origins})",
    ),
    "intake.process_explained.v1": Sentence(
        "介绍服务流程和职责（资料版本{leaflet}）{understood?，单位表示明白}",
        "explained the service and the duties (leaflet {leaflet})"
        "{understood?; the unit understood}",
    ),
    "intake.registration_completed.v1": Sentence(
        "完成登记（{form@forms}），明确{limits#}个事项的时限，{complete_set?材料一次性收齐}"
        "{complete_set!材料未收齐}[：{outstanding}]",
        "completed the register ({form@forms}) with limits for {limits#} items; "
        "{complete_set?all materials came in one go}{complete_set!materials still to come}"
        "[: {outstanding}]",
    ),
    "intake.help_muted.v1": Sentence(
        "单位{muted?静默帮办提示}{muted!恢复帮办提示}",
        "the unit {muted?muted the help}{muted!wants to hear of the help again}",
    ),
    "intake.mode_ended.v1": Sentence(
        "{mode:mode}结束（{after@outcome}）", "{mode:mode} came to its end ({after@outcome})"
    ),
    "intake.service_accepted.v1": Sentence("{body}受理服务申请", "{body} took the matter on"),
    "intake.approval_asked.v1": Sentence(
        "提请批准{decision:approval_subject}[（{cause:decline_cause}）]",
        "asked another person to approve: {decision:approval_subject}[ ({cause:decline_cause})]",
    ),
    "intake.approval_denied.v1": Sentence(
        "未予批准{decision:approval_subject}",
        "did not approve: {decision:approval_subject}",
    ),
    "intake.service_declined.v1": Sentence(
        "不予受理服务（{cause:decline_cause}）{eligible?，项目符合条件，已经另一人同意}",
        "declined the request ({cause:decline_cause})"
        "{eligible?; it is eligible, a second person agreed}",
    ),
    "intake.mode_chosen.v1": Sentence(
        "{mode:mode_choice}[，原为{replaces:mode_choice}]",
        "chose {mode:mode_choice}[ instead of {replaces:mode_choice}]",
    ),
    "intake.item_scope_fixed.v1": Sentence(
        "确定事项范围{items#}项：{items}[；单位自办{not_wanted}]",
        "fixed the scope, {items#} items: {items}[; the unit keeps {not_wanted}]",
    ),
    "intake.item_scope_amended.v1": Sentence(
        "调整事项范围[，增加{added}][，减少{removed}]",
        "changed the scope[, adding {added}][, taking out {removed}]",
    ),
    "intake.commission_filed.v1": Sentence(
        "备存授权委托书，自{begins_on}至{ends_on}，权限：{powers:power}；事项：{items}",
        "filed a power of attorney, {begins_on} to {ends_on}, for {powers:power} on {items}",
    ),
    "intake.agreement_ended.v1": Sentence(
        "{agreement?协议}{commission?授权委托}{ended_by:ended_by}（{cause:agreement_end_cause}）",
        "the {agreement?agreement}{commission?power of attorney} was ended by "
        "{ended_by:ended_by} ({cause:agreement_end_cause})",
    ),
    "intake.application_form_filed.v1": Sentence(
        "提交服务申请表（{form@forms}），第{revision}版",
        "filed the application form ({form@forms}), version {revision}",
    ),
    "intake.agreement_proposed.v1": Sentence(
        "{signed_by}已签署（{move_kind:move_kind}）[，待{awaits}会签][，{takes_effect_on}起生效]",
        "{signed_by} signed ({move_kind:move_kind})[, waiting for {awaits}]"
        "[, taking effect on {takes_effect_on}]",
    ),
    "intake.agreement_proposal_withdrawn.v1": Sentence(
        "撤回未生效的协议手续（{move@moves}）",
        "took back the unfinished move {move@moves} of the agreement",
    ),
    "intake.agreement_signed.v1": Sentence(
        "签订协议[{label}]（{signed_by}），自{begins_on}起[至{ends_on}][，附申请表第{application}版]"
        "[，事项：{items}]",
        "signed the agreement[ {label}] ({signed_by}) from {begins_on}[ to {ends_on}]"
        "[, with version {application} of the application][, for {items}]",
    ),
    "intake.agreement_amended.v1": Sentence(
        "变更协议（{signed_by}）[，附申请表第{application}版][，事项：{items}][，至{ends_on}]",
        "amended the agreement ({signed_by})[, with version {application} of the application]"
        "[, for {items}][, to {ends_on}]",
    ),
    "intake.agreement_suspended.v1": Sentence(
        "{signed_by}中止协议[（{ground@ground}）]",
        "{signed_by} suspended the agreement[ ({ground@ground})]",
    ),
    "intake.agreement_resumed.v1": Sentence(
        "{signed_by}恢复协议", "{signed_by} resumed the agreement"
    ),
    "intake.agreement_renewed.v1": Sentence(
        "续签协议（{signed_by}），自{begins_on}起[至{ends_on}]",
        "renewed the agreement ({signed_by}) from {begins_on}[ to {ends_on}]",
    ),
    "intake.form_drafted.v1": Sentence(
        "代填{item}申请表，第{draft}稿", "filled in the form of {item}, draft {draft}"
    ),
    "intake.form_confirmed.v1": Sentence(
        "单位确认{item}申请表，第{draft}稿", "confirmed the form of {item}, draft {draft}"
    ),
    "intake.material_requested.v1": Sentence(
        "{ahead?提前}{late?收齐后再次}通知准备{items}的材料：{materials}[，{due_on}前交齐]",
        "asked {ahead?early }{late?again, after the set was complete, }"
        "for the materials of {items}: {materials}[, by {due_on}]",
    ),
    "intake.material_received.v1": Sentence(
        "接收材料{material}，原件{originals}份、复印件{copies}份",
        "took in {material}: {originals} originals, {copies} copies",
    ),
    "intake.material_superseded.v1": Sentence(
        "材料{material}已由新版替换[，用于{items}]",
        "a later version of {material} took the place of the earlier[ for {items}]",
    ),
    "intake.undertaking_given.v1": Sentence(
        "单位就{pieces#}份材料作出承诺（{points:undertaking_point}）",
        "the unit warranted {pieces#} papers ({points:undertaking_point})",
    ),
    "intake.material_reused.v1": Sentence(
        "共享材料{material}（{origin:material_origin}）[，用于{items}]，不再索要",
        "used {material} again ({origin:material_origin})[ for {items}]: not asked twice",
    ),
    "intake.material_set_completed.v1": Sentence(
        "{item}材料齐全[，容缺{tolerated}]",
        "the materials of {item} are complete[, lacking with leave {tolerated}]",
    ),
    "intake.precheck_passed.v1": Sentence("{item}预审通过", "{item} passed the precheck"),
    "intake.precheck_failed.v1": Sentence(
        "{item}预审不通过，需补正{faulty}[，{due_on}前补正]",
        "{item} failed the precheck: {faulty}[, to be put right by {due_on}]",
    ),
}
