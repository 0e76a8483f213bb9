"""What does each kind of event of supervision say in plain words?"""

from services.archive.domain.sentences.words import Sentence

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
        "{item}转入特别程序（{procedure@procedure}），不计入时限[，预计{expected_days}天]",
        "{item}: {procedure@procedure} began, not counted[, expected {expected_days} days]",
    ),
    "supervision.special_procedure_ended.v1": Sentence(
        "{item}特别程序（{procedure@procedure}）结束[，法定时限顺延至{statutory_due_on}]"
        "[，承诺时限顺延至{commitment_due_on}]",
        "{item}: {procedure@procedure} ended[, due by law {statutory_due_on}]"
        "[, promised {commitment_due_on}]",
    ),
    "supervision.special_procedure_supplemented.v1": Sentence(
        "补录{item}特别程序（{procedure@procedure}）：{started_on}至{ended_on}，不计入时限",
        "entered afterwards for {item}: {procedure@procedure} from {started_on} to {ended_on},"
        " not counted",
    ),
    "supervision.item_decided.v1": Sentence(
        "{body}{outcome:outcome}：{item}{e_certificate?，出具电子证照}[，有效期至{valid_until_on}]",
        "{body} decided {item}: {outcome:outcome}{e_certificate?, with an e-certificate}"
        "[, valid until {valid_until_on}]",
    ),
    "supervision.item_withdrawn.v1": Sentence(
        "{item}{kind:withdrawal}（{by}）", "{item} was taken back by {by} ({kind:withdrawal})"
    ),
    "supervision.item_extended.v1": Sentence(
        "{item}经{approved_by:head_of}批准延长{days}个工作日（第{step}次）[，法定时限至{statutory_due_on}]",
        "{item} was extended by {days} working days, step {step} ({approved_by:head_of})"
        "[, due by law {statutory_due_on}]",
    ),
    "supervision.system_state_noted.v1": Sentence(
        "审批系统（{source@source}）称{item}于{stated_on}为状态{system_state}：{verdict:system_verdict}",
        "the approval system ({source@source}) says that {item} was in state {system_state} on"
        " {stated_on}: {verdict:system_verdict}",
    ),
    "supervision.tracked_item_noted.v1": Sentence(
        "跟踪{item}[，{started_on}开始][，{finished_on}完成]",
        "followed {item}[, begun {started_on}][, done {finished_on}]",
    ),
    "supervision.states_imported.v1": Sentence(
        "导入审批状态{rows}行（{source@source}），跟进{followed}行，不一致{conflicts}行，退回{refused}行",
        "took in {rows} states of {source@source}: {followed} followed, {conflicts} in conflict,"
        " {refused} refused",
    ),
    "supervision.item_closed.v1": Sentence(
        "{item}销号，依据{evidence#}项记录", "{item} was struck off on {evidence#} facts"
    ),
    "supervision.result_collected.v1": Sentence(
        "向{body}代取{item}结果文件，原件{originals}份",
        "fetched the result of {item} from {body}: {originals} originals",
    ),
    "supervision.result_sent.v1": Sentence(
        "{items}结果文件以{delivery:delivery}方式发出[（{carrier@carrier}）]",
        "sent the results of {items} ({delivery:delivery})[ by {carrier@carrier}]",
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
        "告知法定缴费：{item}{kind@fee}{amount}元，收费单位{payee}，依据{basis}[，{due_on}前缴]",
        "a fee is due by law: {item} {kind@fee} {amount} yuan to {payee}, {basis}[, by {due_on}]",
    ),
    "supervision.fee_paid.v1": Sentence(
        "单位缴纳{item}法定费用{amount}元", "the unit paid {amount} yuan for {item}"
    ),
    "supervision.reminder_sent.v1": Sentence(
        "提醒{to}：{items}{signal:signal}[，{due_on}到期]",
        "reminded {to}: [{items} ]{signal:signal}[, due {due_on}]",
    ),
    "supervision.urge_sent.v1": Sentence(
        "就{item}催办{to}（{signal:signal}，第{rung}级）[，已用{used_days}天][，共{allowed_days}天]",
        "urged {to} over {item} ({signal:signal}, rung {rung})[, {used_days} days used]"
        "[, of {allowed_days}]",
    ),
    "supervision.due_recomputed.v1": Sentence(
        "时限重算（{cause:due_cause}）[：{items}]，{lines#}个期限变动，按日历{calendar}",
        "counted due days again ({cause:due_cause})[: {items}], {lines#} moved, by {calendar}",
    ),
    "supervision.reminder_corrected.v1": Sentence(
        "更正对{to}的提醒：{item}{due_on}并未{signal:signal}[，期限为{now_on}]",
        "took back the reminder to {to} over {item}: not {signal:signal} on {due_on}"
        "[, due {now_on}]",
    ),
    "supervision.reminder_missed.v1": Sentence(
        "漏提醒：{item}{due_on}到期前无人提醒{to}",
        "nobody had reminded {to} of {item} before {due_on}",
    ),
    "supervision.urge_answered.v1": Sentence(
        "{body}答复催办：{item}[，预计{expected_on}]，{quiet_until_on}前不再自动催办",
        "{body} answered the urging over {item}[, expected {expected_on}], quiet until"
        " {quiet_until_on}",
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
        "{body}应于{due_on}前报送{quarter}的{form@reporting}",
        "{body} owes the {form@reporting} of {quarter} by {due_on}",
    ),
    "supervision.return_filed.v1": Sentence(
        "{body}向{to}报送{quarter}的{form@reporting}，{nil?零报告}{nil!{rows}行}{late_days?，迟报{late_days}天}",
        "{body} sent {to} the {form@reporting} of {quarter}: {nil?nil}{nil!{rows} rows}"
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
