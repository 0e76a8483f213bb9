"""What does each kind of event of evaluation say in plain words?"""

from services.archive.domain.sentences.words import Sentence

EVALUATION = {
    "evaluation.evaluation_invited.v1": Sentence(
        "{asked_by}邀请单位评价（{instrument}，第{sending}次）",
        "{asked_by} invited the unit to rate ({instrument}, sending {sending})",
    ),
    "evaluation.evaluation_recorded.v1": Sentence(
        "单位评价（{instrument}[，{entry:rating_entry}]）：{level:satisfaction}",
        "the unit rated ({instrument}[, {entry:rating_entry}]): {level:satisfaction}",
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
    "evaluation.appraisal_appealed.v1": Sentence(
        "{body}对考核结果申诉，{due_on}前复核", "{body} appealed the appraisal, due {due_on}"
    ),
    "evaluation.appeal_decided.v1": Sentence(
        "考核申诉复核：{verdict:verdict}[，{excluded#}件不计入]",
        "decided the appeal: {verdict:verdict}[, {excluded#} matters left out]",
    ),
    "evaluation.appraisal_published.v1": Sentence(
        "{quarter}考核结果报送（{form:assessment_form}），{rows#}个单位",
        "published the figures of {quarter} ({form:assessment_form}): {rows#} bodies",
    ),
    "evaluation.publication_withdrawn.v1": Sentence(
        "撤回{quarter}考核结果报送（{form:assessment_form}）",
        "withdrew the published figures of {quarter} ({form:assessment_form})",
    ),
    "evaluation.review_noted.v1": Sentence(
        "{body}总结{quarter}工作", "{body} reviewed its work of {quarter}"
    ),
}
