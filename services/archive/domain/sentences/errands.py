"""What does each kind of event of supervision's errands, messages and feeds say?"""

from services.archive.domain.sentences.words import Sentence

SUPERVISION_ERRANDS = {
    "supervision.papers_transferred.v1": Sentence(
        "{handed_on}转交{item}的纸质材料{pieces#}份至{to}",
        "carried {pieces#} papers of {item} to {to} on {handed_on}",
    ),
    "supervision.transfer_signed.v1": Sentence(
        "{body}签收{item}的纸质材料", "{body} signed for the papers of {item}"
    ),
    "supervision.presence_required.v1": Sentence(
        "{item}须由项目单位人员到场（{by}，{starts_at}）",
        "the unit must come in person for {item} ({by}, {starts_at})",
    ),
    "supervision.presence_noted.v1": Sentence(
        "{item}：项目单位{came?已到场}{came!未到场}",
        "{item}: the unit {came?came}{came!did not come}",
    ),
    "supervision.message_settled.v1": Sentence(
        "发给{to}的消息：{step:message_step}", "the message to {to}: {step:message_step}"
    ),
    "supervision.feed_silent.v1": Sentence(
        "{source@source}已{minutes}分钟未导入",
        "{source@source} has not come for {minutes} minutes",
    ),
}
