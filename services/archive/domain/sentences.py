"""What does each kind of event say in plain words, in Chinese and in English?

`{item}` puts a member of the fact; `{mode:mode}` looks its word up in the glossary; `{lines#}`
counts; `{deemed?…}` and `{understood!…}` say their words when the member is true, or false.
A part in `[ ]` is left out when a member in it is absent. Personal fields are never put.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Sentence(NamedTuple):
    """One event type in both languages."""

    zh: str
    en: str


INTAKE = {
    "intake.pack_registered.v1": Sentence(
        "登记政策包{edition}（{status:pack_status}）",
        "entered the policy pack {edition} ({status:pack_status})",
    ),
    "intake.pack_activated.v1": Sentence(
        "政策包{edition}自{begins_on}起启用[，替代{replaces}]",
        "put the policy pack {edition} into force from {begins_on}[, replacing {replaces}]",
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
        "通过{medium:medium}发布公告（{kind}）",
        "published a notice ({kind}) by {medium:medium}",
    ),
    "intake.publicity_logged.v1": Sentence(
        "{body}通过{medium:medium}宣传服务", "{body} made the service known by {medium:medium}"
    ),
    "intake.consultation_answered.v1": Sentence(
        "解答咨询（{topic}）[，涉及{items}]{understood?，来访人表示明白}",
        "answered a question ({topic})[ on {items}]{understood?; the visitor understood}",
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
        "提交服务申请，办件编号{number}[，希望{wanted:mode}][，涉及{items}]",
        "asked for the service, matter {number}[, wanting {wanted:mode}][, for {items}]",
    ),
    "intake.number_reserved.v1": Sentence(
        "取用编号{number}（{series:series}）", "took the number {number} ({series:series})"
    ),
    "intake.number_voided.v1": Sentence(
        "编号{number}作废（{cause:void_cause}）",
        "voided the number {number} ({cause:void_cause})",
    ),
    "intake.eligibility_assessed.v1": Sentence(
        "审核服务条件：{result:eligibility}[，未满足{failed}][，待补{unknown}]",
        "assessed eligibility: {result:eligibility}[, not met {failed}][, not known {unknown}]",
    ),
    "intake.service_accepted.v1": Sentence("{body}受理服务申请", "{body} took the matter on"),
    "intake.service_declined.v1": Sentence(
        "不予受理服务（{cause:decline_cause}）{eligible?，项目符合条件，已告知督办人员}",
        "declined the request ({cause:decline_cause})"
        "{eligible?; it is eligible, a supervisor was told}",
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
        "授权委托{ended_by:ended_by}（{cause:agreement_end_cause}）",
        "the power of attorney was ended by {ended_by:ended_by} ({cause:agreement_end_cause})",
    ),
    "intake.form_drafted.v1": Sentence(
        "代填{item}申请表，第{draft}稿", "filled in the form of {item}, draft {draft}"
    ),
    "intake.form_confirmed.v1": Sentence(
        "单位确认{item}申请表，第{draft}稿", "confirmed the form of {item}, draft {draft}"
    ),
    "intake.material_requested.v1": Sentence(
        "{ahead?提前}通知准备{items}的材料：{materials}[，{due_on}前交齐]",
        "asked {ahead?early }for the materials of {items}: {materials}[, by {due_on}]",
    ),
    "intake.material_received.v1": Sentence(
        "接收材料{material}，原件{originals}份、复印件{copies}份",
        "took in {material}: {originals} originals, {copies} copies",
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

ASSIGNMENT = {
    "assignment.staff_added.v1": Sentence(
        "{body}有人员入库，岗位：{roles:role}",
        "someone joined the roster of {body} as {roles:role}",
    ),
    "assignment.staff_amended.v1": Sentence(
        "更正花名册[，机构{body}][，岗位：{roles:role}]",
        "put the roster right[, body {body}][, posts {roles:role}]",
    ),
    "assignment.staff_removed.v1": Sentence(
        "{body}有人员出库（{cause:vacancy_cause}）",
        "someone left the roster of {body} ({cause:vacancy_cause})",
    ),
    "assignment.post_filled.v1": Sentence(
        "{body}的{role:role}岗位自{begins_on}起{acting?代理}任职[，至{ends_on}]",
        "the post of {role:role} at {body} was {acting?provisionally }filled"
        " from {begins_on}[ to {ends_on}]",
    ),
    "assignment.post_vacated.v1": Sentence(
        "{body}的岗位{post}离岗（{cause:vacancy_cause}）",
        "the post {post} at {body} became vacant ({cause:vacancy_cause})",
    ),
    "assignment.training_held.v1": Sentence(
        "{body}组织业务培训（{topics:training_topic}），参加单位{invited#}个",
        "{body} held a training ({topics:training_topic}) for {invited#} bodies",
    ),
    "assignment.training_attended.v1": Sentence(
        "{body}有人员参加培训", "someone of {body} attended a training"
    ),
    "assignment.matter_routed.v1": Sentence(
        "按选址{site}分办给{to}{jointly?共同办理}，由{lead}牵头[，{assisted_by}协助]",
        "routed by its site {site} to {to}{jointly? jointly}, led by {lead}[, helped by {assisted_by}]",
    ),
    "assignment.item_dispatched.v1": Sentence(
        "将{item}分发给{body}的代办专员[，{assisted_by}协助]{jumped?，插办{jumped}件之前}",
        "handed {item} to an agent of {body}[, helped by {assisted_by}]"
        "{jumped?, before {jumped} earlier ones}",
    ),
    "assignment.agent_assigned.v1": Sentence(
        "{body}确定{lead?牵头}代办专员[，负责{items}]",
        "{body} named {lead?the lead agent}{lead!an agent}[ for {items}]",
    ),
    "assignment.agent_reassigned.v1": Sentence(
        "{lead?牵头}专员更换为{body}人员（{cause:reassign_cause}）[，移交{items}]"
        "{told_applicant?，已告知单位}{consented?，单位同意}",
        "a{lead? lead} agent of {body} took over ({cause:reassign_cause})[, with {items}]"
        "{told_applicant?; the unit was told}{consented?; the unit agreed}",
    ),
    "assignment.assignment_acknowledged.v1": Sentence(
        "{lead?牵头}代办专员确认接办[{items}]",
        "the {lead?lead }agent took over[ {items}]",
    ),
    "assignment.conflict_declared.v1": Sentence(
        "申报利益冲突（{kind:conflict_kind}），涉及{items}：{remedy:conflict_remedy}",
        "declared a conflict of interest ({kind:conflict_kind}) on {items}: {remedy:conflict_remedy}",
    ),
}

SUPERVISION_COURSE = {
    "supervision.plan_made.v1": Sentence(
        "预排工期，自{starts_on}起{lines#}项，关键线路{critical_days}个工作日"
        "（逐项办理为{serial_days}个）[，预计{forecast_on}办完]",
        "made the plan from {starts_on}, {lines#} items, {critical_days} working days"
        " (one by one {serial_days})[, done by {forecast_on}]",
    ),
    "supervision.plan_revised.v1": Sentence(
        "调整工期（{cause:revision_cause}）[，变动{variance_days}个工作日][，预计{forecast_on}办完]",
        "revised the plan ({cause:revision_cause})[, by {variance_days} working days]"
        "[, done by {forecast_on}]",
    ),
    "supervision.milestone_dated.v1": Sentence(
        "节点{milestone}{reached?已于}{reached!预计}{falls_on}{reached?达成}",
        "the milestone {milestone} {reached?was reached on}{reached!is expected on} {falls_on}",
    ),
    "supervision.item_ready.v1": Sentence("{item}可以申报", "{item} can be filed"),
    "supervision.item_submitted.v1": Sentence(
        "{filed_by:filer}{item}，送{body}[，系统编号{system_ref}]",
        "{item} was filed with {body} ({filed_by:filer})[, system number {system_ref}]",
    ),
    "supervision.item_received.v1": Sentence(
        "{body}接收{item}申报材料", "{body} received {item}"
    ),
    "supervision.correction_requested.v1": Sentence(
        "{item}第{round}次补正告知[：{materials}][，{due_on}前补齐]",
        "{item}: notice {round} of what must be supplied[: {materials}][, by {due_on}]",
    ),
    "supervision.correction_supplied.v1": Sentence(
        "{item}第{round}次补正完成", "{item}: what notice {round} asked for was supplied"
    ),
    "supervision.item_accepted.v1": Sentence(
        "{item}{deemed?视为}受理[，法定时限{statutory_due_on}][，承诺时限{commitment_due_on}]"
        "{estimated?（预估）}",
        "{item} {deemed?counts as accepted}{deemed!was accepted}[, due by law {statutory_due_on}]"
        "[, promised {commitment_due_on}]{estimated? (estimated)}",
    ),
    "supervision.item_refused.v1": Sentence(
        "{item}{kind:not_accepted}", "{item} was not accepted ({kind:not_accepted})"
    ),
    "supervision.special_procedure_started.v1": Sentence(
        "{item}转入特别程序（{procedure}），不计入时限[，预计{expected_days}天]",
        "{item}: {procedure} began, not counted[, expected {expected_days} days]",
    ),
    "supervision.special_procedure_ended.v1": Sentence(
        "{item}特别程序（{procedure}）结束[，法定时限顺延至{statutory_due_on}]"
        "[，承诺时限顺延至{commitment_due_on}]",
        "{item}: {procedure} ended[, due by law {statutory_due_on}]"
        "[, promised {commitment_due_on}]",
    ),
    "supervision.item_decided.v1": Sentence(
        "{body}{outcome:outcome}：{item}{e_certificate?，出具电子证照}[，有效期至{valid_until_on}]",
        "{body} decided {item}: {outcome:outcome}{e_certificate?, with an e-certificate}"
        "[, valid until {valid_until_on}]",
    ),
    "supervision.item_closed.v1": Sentence(
        "{item}销号，依据{evidence#}项记录", "{item} was struck off on {evidence#} facts"
    ),
    "supervision.result_collected.v1": Sentence(
        "向{body}代取{item}结果文件，原件{originals}份",
        "fetched the result of {item} from {body}: {originals} originals",
    ),
    "supervision.result_sent.v1": Sentence(
        "{items}结果文件以{delivery:delivery}方式发出[（{carrier}）]",
        "sent the results of {items} ({delivery:delivery})[ by {carrier}]",
    ),
    "supervision.result_delivered.v1": Sentence(
        "{items}结果文件送达单位（{delivery:delivery}）",
        "the unit has the results of {items} ({delivery:delivery})",
    ),
    "supervision.originals_returned.v1": Sentence(
        "退还材料原件{originals}份（{delivery:delivery}）",
        "returned {originals} originals ({delivery:delivery})",
    ),
}

SUPERVISION_CARE = {
    "supervision.visit_appointed.v1": Sentence(
        "预约{appointed_at}上门（{purposes:visit_purpose}）",
        "agreed a visit for {appointed_at} ({purposes:visit_purpose})",
    ),
    "supervision.visit_made.v1": Sentence(
        "上门服务（{purposes:visit_purpose}），{arrived_at}到达{offline?，离线记录}",
        "visited the unit ({purposes:visit_purpose}), arriving {arrived_at}{offline?, written offline}",
    ),
    "supervision.progress_reported.v1": Sentence(
        "{automatic?自动}向单位反馈{items}进度[：{state:item_state}][，预计{forecast_on}]",
        "told the unit {automatic?automatically }how {items} stand[: {state:item_state}]"
        "[, expected {forecast_on}]",
    ),
    "supervision.work_logged.v1": Sentence(
        "记工作日志（{kind:work_kind}）[，涉及{items}]",
        "logged work ({kind:work_kind})[ on {items}]",
    ),
    "supervision.fee_due.v1": Sentence(
        "告知法定缴费：{item}{kind}{amount}元，收费单位{payee}，依据{basis}[，{due_on}前缴]",
        "a fee is due by law: {item} {kind} {amount} yuan to {payee}, {basis}[, by {due_on}]",
    ),
    "supervision.fee_paid.v1": Sentence(
        "单位缴纳{item}法定费用{amount}元", "the unit paid {amount} yuan for {item}"
    ),
    "supervision.reminder_sent.v1": Sentence(
        "提醒{to}：{items}{signal:signal}[，{due_on}到期]",
        "reminded {to}: {items} {signal:signal}[, due {due_on}]",
    ),
    "supervision.urge_sent.v1": Sentence(
        "就{item}催办{to}（{signal:signal}，第{rung}级）[，已用{used_days}天][，共{allowed_days}天]",
        "urged {to} over {item} ({signal:signal}, rung {rung})[, {used_days} days used]"
        "[, of {allowed_days}]",
    ),
    "supervision.letter_sent.v1": Sentence(
        "向{to}{kind:letter_kind}[，涉及{items}][，请于{reply_by_on}前回复]",
        "sent {to} a {kind:letter_kind}[ on {items}][, to be answered by {reply_by_on}]",
    ),
    "supervision.letter_answered.v1": Sentence("{body}回复来函", "{body} answered the letter"),
    "supervision.issue_opened.v1": Sentence(
        "登记{severity:issue_severity}（{kind:issue_kind}），责任单位{owner}[，涉及{items}][，{due_on}前解决]",
        "opened a {severity:issue_severity} problem ({kind:issue_kind}) owned by {owner}[, on {items}]"
        "[, due {due_on}]",
    ),
    "supervision.issue_raised.v1": Sentence(
        "问题提级至{to}（{severity:issue_severity}，{signal:signal}）",
        "raised the problem to {to} ({severity:issue_severity}, {signal:signal})",
    ),
    "supervision.issue_resolved.v1": Sentence(
        "问题{outcome:issue_outcome}", "the problem was settled: {outcome:issue_outcome}"
    ),
    "supervision.return_due.v1": Sentence(
        "{body}应于{due_on}前报送{quarter}的{form}",
        "{body} owes the {form} of {quarter} by {due_on}",
    ),
    "supervision.return_filed.v1": Sentence(
        "{body}向{to}报送{quarter}的{form}，{nil?零报告}{nil!{rows}行}{late_days?，迟报{late_days}天}",
        "{body} sent {to} the {form} of {quarter}: {nil?nil}{nil!{rows} rows}"
        "{late_days?, {late_days} days late}",
    ),
    "supervision.issue_list_dispatched.v1": Sentence(
        "按属地{site}向{to}交办问题{issues#}件[，{due_on}前落实]",
        "sent {issues#} problems to {to} for {site}[, due {due_on}]",
    ),
    "supervision.inspection_made.v1": Sentence(
        "督促检查{body}，发现问题{shortcomings}个[，{rectify_by_on}前整改]",
        "inspected {body}: {shortcomings} shortcomings[, to be put right by {rectify_by_on}]",
    ),
}

EVALUATION = {
    "evaluation.evaluation_invited.v1": Sentence(
        "{asked_by}邀请单位评价（{instrument}，第{sending}次）",
        "{asked_by} invited the unit to rate ({instrument}, sending {sending})",
    ),
    "evaluation.evaluation_recorded.v1": Sentence(
        "单位评价（{instrument}）：{level:satisfaction}",
        "the unit rated ({instrument}): {level:satisfaction}",
    ),
    "evaluation.return_visit_made.v1": Sentence(
        "{body}{means:return_visit_means}{reached!，未联系上}",
        "{body} called on the unit ({means:return_visit_means}){reached!: not reached}",
    ),
    "evaluation.hearing_held.v1": Sentence(
        "{body}听取项目单位意见（{form:hearing_form}），{units}家单位{persons}人",
        "{body} heard {units} units, {persons} persons ({form:hearing_form})",
    ),
    "evaluation.complaint_received.v1": Sentence(
        "收到{anonymous?匿名}{kind:complaint_kind}，转{to}核查[，{due_on}前答复]",
        "received {anonymous?an anonymous}{anonymous!a} complaint ({kind:complaint_kind}) for {to}"
        "[, due {due_on}]",
    ),
    "evaluation.complaint_answered.v1": Sentence(
        "答复投诉：{verdict:verdict}", "answered the complaint: {verdict:verdict}"
    ),
    "evaluation.bad_rating_opened.v1": Sentence(
        "差评立项核查，{due_on}前整改", "opened a bad rating, due {due_on}"
    ),
    "evaluation.bad_rating_rectified.v1": Sentence(
        "差评整改完成（{verdict:verdict}）{visited_back?，已回访}",
        "put the bad rating right ({verdict:verdict}){visited_back?, and called back}",
    ),
    "evaluation.appraisal_computed.v1": Sentence(
        "{body}{quarter}考核结果：指标{measures#}项，未评价{unrated}件",
        "appraised {body} for {quarter}: {measures#} measures, {unrated} unrated",
    ),
    "evaluation.review_noted.v1": Sentence(
        "{body}总结{quarter}工作", "{body} reviewed its work of {quarter}"
    ),
}

ARCHIVE = {
    "archive.file_opened.v1": Sentence("建档，办件编号{number}", "opened the file of {number}"),
    "archive.entry_filed.v1": Sentence(
        "{store:store}第{position}条（{entry_type}）入档",
        "filed {store:store} {position} ({entry_type})",
    ),
    "archive.document_filed.v1": Sentence(
        "文件归档（{content}）{paper?，纸质}[，{sheets}页]",
        "put a document on file ({content}){paper?, on paper}[, {sheets} sheets]",
    ),
    "archive.file_checked.v1": Sentence(
        "档案检查：{complete?齐全}{complete!欠缺{lacking#}项}[，免归档{waived#}项]",
        "checked the file: {complete?complete}{complete!{lacking#} lacking}[, {waived#} waived]",
    ),
    "archive.file_closed.v1": Sentence(
        "结档，入档{entries}条、文件{documents}份",
        "closed the file: {entries} entries, {documents} documents",
    ),
    "archive.file_handed_over.v1": Sentence(
        "{holder:holder}，文件{documents#}份",
        "handed {documents#} documents over ({holder:holder})",
    ),
}

SENTENCES: Mapping[str, Sentence] = {
    **INTAKE,
    **ASSIGNMENT,
    **SUPERVISION_COURSE,
    **SUPERVISION_CARE,
    **EVALUATION,
    **ARCHIVE,
}
"""Event type to sentence, for every type in the registry."""
