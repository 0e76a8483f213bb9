"""What does each kind of event of supervision's ladders, meetings and after-care say?"""

from services.archive.domain.sentences.words import Sentence

SUPERVISION_LADDERS = {
    "supervision.reported_up.v1": Sentence(
        "就{item}向{to}报告（{signal:signal}，第{rung}级）",
        "reported {item} to {to} ({signal:signal}, rung {rung})",
    ),
    "supervision.interview_held.v1": Sentence(
        "[就{item}]约谈{person}[（{signal:signal}）]，第{rung}级",
        "held an interview with {person}[ over {item}][ ({signal:signal})], rung {rung}",
    ),
    "supervision.sanction_recorded.v1": Sentence(
        "[就{item}]作出处理（{kind:sanction_kind}）[：{person}][，单位{body}]",
        "recorded a measure ({kind:sanction_kind})[ over {item}][ against {person}][, {body}]",
    ),
    "supervision.rung_closed.v1": Sentence(
        "[{item}]督办本级办结，由负责人确认", "the head closed the rung[ for {item}]"
    ),
    "supervision.rung_waived.v1": Sentence(
        "[{item}]越过第{rung}级（{rung_id@.ladder}），已说明理由",
        "passed over rung {rung} ({rung_id@.ladder})[ for {item}], with a reason",
    ),
    "supervision.issue_classed.v1": Sentence(
        "问题由{before:issue_severity}改列{severity:issue_severity}[（{signal:signal}）]",
        "the problem was classed anew, from {before:issue_severity} to {severity:issue_severity}"
        "[ ({signal:signal})]",
    ),
}

SUPERVISION_MEETINGS = {
    "supervision.whistle_blown.v1": Sentence(
        "吹哨，请{to}于{report_by_on}前报到",
        "blew the whistle: {to} to report by {report_by_on}",
    ),
    "supervision.department_reported.v1": Sentence(
        "{body}{late?逾期}报到", "{body} reported{late? late}"
    ),
    "supervision.meeting_called.v1": Sentence(
        "{convened_by}通知{bodies}开会（{kind@meetings}），{starts_at}",
        "{convened_by} called {bodies} to a meeting ({kind@meetings}) at {starts_at}",
    ),
    "supervision.attendance_signed.v1": Sentence(
        "{body}到会签到", "{body} signed in at the meeting"
    ),
    "supervision.minutes_issued.v1": Sentence(
        "印发会议纪要{binding?，各部门遵照执行}[，{absent}未到会]{agreed!，未达成一致}",
        "issued the minutes{binding?, to be followed by all}[, {absent} did not come]"
        "{agreed!, without agreement}",
    ),
    "supervision.action_assigned.v1": Sentence(
        "议定由{owner}于{due_on}前落实", "{owner} is to act on the minutes by {due_on}"
    ),
    "supervision.action_done.v1": Sentence(
        "议定事项{late?逾期}落实", "what the minutes asked for was done{late? late}"
    ),
    "supervision.joint_attack_begun.v1": Sentence(
        "由{owner}组织{bodies}联合攻关[，{due_on}前解决]",
        "{owner} took the problem on together with {bodies}[, due {due_on}]",
    ),
    "supervision.joint_review_held.v1": Sentence(
        "{lead}牵头联合审图：{items}，{bodies}参加[，{absent}未到]",
        "{lead} led a joint drawing review of {items} with {bodies}[, {absent} did not come]",
    ),
    "supervision.joint_survey_held.v1": Sentence(
        "{lead}牵头联合勘验：{items}，{bodies}参加[，{absent}未到]",
        "{lead} led a joint site survey for {items} with {bodies}[, {absent} did not come]",
    ),
    "supervision.joint_acceptance_held.v1": Sentence(
        "{lead}牵头联合验收：{items}，{bodies}参加[，{absent}未到]",
        "{lead} led a joint acceptance of {items} with {bodies}[, {absent} did not come]",
    ),
    "supervision.early_review_given.v1": Sentence(
        "{body}就{items}提前介入，提出意见（非审批决定）",
        "{body} gave an early opinion on {items} (not a decision)",
    ),
}

SUPERVISION_AFTER = {
    "supervision.follow_up_opened.v1": Sentence(
        "完工不脱钩：开始后续服务[，下次联系{next_on}]",
        "service goes on after completion[, next contact {next_on}]",
    ),
    "supervision.follow_up_contacted.v1": Sentence(
        "后续联系项目单位（{means:contact_means}）[，有{wish@wish}意向][，下次联系{next_on}]",
        "was in touch with the unit ({means:contact_means})[, which thinks of {wish@wish}]"
        "[, next contact {next_on}]",
    ),
    "supervision.follow_up_closed.v1": Sentence(
        "后续服务结束（{cause:follow_up_end}）", "the follow-up ended ({cause:follow_up_end})"
    ),
}
