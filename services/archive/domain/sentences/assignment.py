"""What does each kind of event of assignment say in plain words?"""

from services.archive.domain.sentences.words import Sentence

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
        "{body}的岗位{post@posts}离岗（{cause:vacancy_cause}）",
        "the post {post@posts} at {body} became vacant ({cause:vacancy_cause})",
    ),
    "assignment.staff_imported.v1": Sentence(
        "导入花名册，入库{added}人，{unchanged}人原已在册",
        "took in a table of people: {added} joined the roster, {unchanged} stood on it",
    ),
    "assignment.roster_viewed.v1": Sentence(
        "查阅花名册{opened}人（{purpose:view_purpose}）",
        "opened {opened} entries of the roster ({purpose:view_purpose})",
    ),
    "assignment.chief_appointed.v1": Sentence(
        "{body}的代办长自{begins_on}起就任",
        "the chief agent of {body} took office on {begins_on}",
    ),
    "assignment.team_formed.v1": Sentence(
        "{formed_on}组建队伍{team@team}[，暂缺{wanting@posts}]",
        "the team {team@team} stood on {formed_on}[, still wanting {wanting@posts}]",
    ),
    "assignment.reserve_activated.v1": Sentence(
        "启用{body}的候补代办员（{cause:reserve_cause}），自{begins_on}至{ends_on}",
        "a reserve of {body} was activated ({cause:reserve_cause}) from {begins_on} to {ends_on}",
    ),
    "assignment.reserve_stood_down.v1": Sentence(
        "候补代办员自{stood_down_on}起退出（{cause:stand_down_cause}）",
        "a reserve stood down on {stood_down_on} ({cause:stand_down_cause})",
    ),
    "assignment.absence_recorded.v1": Sentence(
        "有人员自{begins_on}至{ends_on}缺勤", "someone is away from {begins_on} to {ends_on}"
    ),
    "assignment.absence_ended.v1": Sentence(
        "缺勤人员返岗，最后缺勤日{last_on}",
        "someone came back; the last day away was {last_on}",
    ),
    "assignment.training_held.v1": Sentence(
        "{body}组织业务培训（{topics:training_topic}），参加单位{invited#}个",
        "{body} held a training ({topics:training_topic}) for {invited#} bodies",
    ),
    "assignment.training_attended.v1": Sentence(
        "{body}有人员参加培训", "someone of {body} attended a training"
    ),
    "assignment.matter_routed.v1": Sentence(
        "[因{known:facts}，]分办给{to}{jointly?共同办理}，由{lead}牵头[，{co_leads}同时牵头]"
        "[，{assisted_by}协助]",
        "routed[ because of {known:facts}] to {to}{jointly? jointly}, led by {lead}"
        "[, with {co_leads}][, helped by {assisted_by}]",
    ),
    "assignment.centre_notified.v1": Sentence(
        "第一时间告知{to}[，距接件{delay_minutes}分钟]",
        "told {to} at first receipt[, {delay_minutes} minutes after it]",
    ),
    "assignment.notice_confirmed.v1": Sentence(
        "确认收到办件告知[，距接件{delay_minutes}分钟]",
        "confirmed the notice[, {delay_minutes} minutes after receipt]",
    ),
    "assignment.handover_prepared.v1": Sentence(
        "生成交接单[，涉及{items}]，摘要{digest}",
        "made the hand-over sheet[ of {items}], digest {digest}",
    ),
    "assignment.matter_transferred.v1": Sentence(
        "{at_once?立即}将{items}转办给{to}[，须于{confirm_by_on}前确认]",
        "transferred {items} to {to}{at_once? at once}[, to be confirmed by {confirm_by_on}]",
    ),
    "assignment.transfer_confirmed.v1": Sentence(
        "{to}确认接收转办的{items}{late?（逾期）}", "{to} took over {items}{late?, late}"
    ),
    "assignment.steward_paired.v1": Sentence(
        "企业管家与代办专员结对（可看不办）",
        "paired a steward with the agent: he sees, and does not act",
    ),
    "assignment.item_owner_named.v1": Sentence(
        "{body}确定{item}的具体责任人[（{post@posts}）]",
        "{body} named who answers for {item}[ ({post@posts})]",
    ),
    "assignment.item_dispatched.v1": Sentence(
        "将{item}分发给{body}的代办专员{shadow?跟踪}[，{assisted_by}协助]"
        "{jumped?，插办{jumped}件之前}",
        "handed {item} to an agent of {body}{shadow? to follow}[, helped by {assisted_by}]"
        "{jumped?, before {jumped} earlier ones}",
    ),
    "assignment.agent_assigned.v1": Sentence(
        "{body}确定{lead?牵头}{co_lead?本单位牵头}代办专员[，负责{items}]",
        "{body} named {lead?the lead agent}{lead!an agent}{co_lead? of its own lead}[ for {items}]",
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
