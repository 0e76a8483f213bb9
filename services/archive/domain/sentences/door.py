"""What does each kind of event at the front door of intake say in plain words?"""

from services.archive.domain.sentences.words import Sentence

DOOR = {
    "intake.visitor_received.v1": Sentence(
        "接待来访，首问负责[，事由：{topic@topic}][，涉及{items}][，{mode:mode}开始]",
        "received a visitor and answers for him[, about {topic@topic}][, on {items}]"
        "[, {mode:mode} began]",
    ),
    "intake.contact_linked.v1": Sentence(
        "来访与项目、办件关联", "tied the contact to its project or matter"
    ),
    "intake.handover_offered.v1": Sentence(
        "提出第{offer}次交接[，交{to_body}][{to_role:role}]",
        "offered hand-over {offer}[ to {to_body}][ as {to_role:role}]",
    ),
    "intake.handover_declined.v1": Sentence(
        "不接收第{offer}次交接，仍由原首问人负责",
        "did not take over hand-over {offer}; it stays with its owner",
    ),
    "intake.contact_handed_over.v1": Sentence(
        "确认交接，改由接收人首问负责", "took the contact over and answers for it now"
    ),
    "intake.contact_closed.v1": Sentence(
        "首问办结（{outcome@outcome}）",
        "dealt with what the visitor came for ({outcome@outcome})",
    ),
    "intake.contact_left_over.v1": Sentence(
        "{since_on}的来访当日未办结也未交接，第{nights}次提醒",
        "the contact of {since_on} was neither closed nor handed over, reminder {nights}",
    ),
    "intake.consultation_referred.v1": Sentence(
        "咨询转{to_body}（{to_role:role}）解答[，涉及{items}]",
        "referred a question to {to_body} ({to_role:role})[ on {items}]",
    ),
    "intake.one_time_notice_issued.v1": Sentence(
        "一次性告知{items}的办理条件和全部材料：{materials}[，其中{again}为再次告知（第{ordinal}次）]",
        "told at once all that {items} need: {materials}[; {again} told again, notice {ordinal}]",
    ),
    "intake.hotline_order_received.v1": Sentence(
        "接收热线工单{order}，转{to_role:role}，{due_on}前答复{estimated?（预估）}"
        "{about_staff?，涉及工作人员}",
        "took in the hotline order {order} for {to_role:role}, due {due_on}"
        "{estimated? (estimated)}{about_staff?, about staff}",
    ),
    "intake.hotline_order_taken.v1": Sentence("签收热线工单", "took the hotline order on"),
    "intake.hotline_order_answered.v1": Sentence(
        "答复热线工单（{result@outcome}）{late_days?，逾期{late_days}天}",
        "answered the hotline order ({result@outcome}){late_days?, {late_days} days late}",
    ),
    "intake.booking_made.v1": Sentence(
        "预约{begins_at}到访[{body}]", "booked a visit for {begins_at}[ at {body}]"
    ),
    "intake.booking_moved.v1": Sentence("改约{begins_at}", "moved the visit to {begins_at}"),
    "intake.booking_ended.v1": Sentence(
        "{ending:booking_ending}", "the booked visit was {ending:booking_ending}"
    ),
    "intake.outreach_opened.v1": Sentence(
        "按{rule}主动对接项目（{what@what}）", "went to the project by {rule} ({what@what})"
    ),
    "intake.checklist_published.v1": Sentence(
        "形成批前服务清单第{edition}版，事项{items}，材料{materials}[，待定{undecided}]",
        "made edition {edition} of the checklist: items {items}, materials {materials}"
        "[, open {undecided}]",
    ),
    "intake.checklist_delivered.v1": Sentence(
        "{via:outreach_via}批前服务清单第{edition}版，凭据：{proven_by@proof}",
        "delivered edition {edition} of the checklist ({via:outreach_via}),"
        " proven by {proven_by@proof}",
    ),
    "intake.service_visited.v1": Sentence(
        "{visited_on}服务上门（{purpose@purpose}）",
        "came to the door on {visited_on} ({purpose@purpose})",
    ),
    "intake.outreach_closed.v1": Sentence(
        "主动对接完成（{outcome@outcome}）", "the outreach was closed ({outcome@outcome})"
    ),
    "intake.project_auto_enrolled.v1": Sentence(
        "项目自动纳入{mode:mode}，办件编号{number}（{origin@origins}）",
        "enrolled the project for {mode:mode} by itself, matter {number} ({origin@origins})",
    ),
    "intake.help_prompted.v1": Sentence(
        "单位自行申报{items}，提示主动帮办（{seen_by@source}）",
        "the unit filed {items} by itself: help is offered ({seen_by@source})",
    ),
    "intake.feed_taken.v1": Sentence(
        "接收{source@source}推送{rows}条：新登记{registered}、更新{amended}、已知{known}、退回{refused}",
        "took {rows} rows from {source@source}: {registered} new, {amended} amended, {known} known,"
        " {refused} refused",
    ),
    "intake.policy_pushed.v1": Sentence(
        "推送政策（{via:outreach_via}）[，匹配{matched@facts}]",
        "brought a policy to the project ({via:outreach_via})[, for {matched@facts}]",
    ),
    "intake.story_published.v1": Sentence(
        "{body}通过{medium:medium}发布{kind@story}{consented?，单位已同意}",
        "{body} published a {kind@story} by {medium:medium}{consented?, with the unit's leave}",
    ),
}
