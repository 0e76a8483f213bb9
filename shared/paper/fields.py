"""What is each field of a form called, how much room does it take, and which list does it hold?"""

from dataclasses import dataclass

from contracts.pack import Pack
from contracts.pack.papers import Form


@dataclass(frozen=True, slots=True)
class Field:
    """A field as forms print it: `wide` spans the row, `tall` leaves lines for the pen.

    `rows` names the list of `Known` that stands in its place.
    """

    zh: str
    en: str
    wide: bool = False
    tall: bool = False
    rows: str = ""


FIELDS: dict[str, Field] = {
    # the project and its unit
    "project": Field("项目名称", "Project", wide=True),
    "project_code": Field("项目代码", "Project code"),
    "works_code": Field("工程代码", "Works code"),
    "project_class": Field("项目类别", "Class"),
    "nature": Field("建设性质", "Nature of works"),
    "investment": Field("投资类型", "Investment by"),
    "investment_amount": Field("投资额", "Investment"),
    "land_area": Field("用地面积", "Land area"),
    "building_area": Field("建筑面积", "Building area"),
    "site": Field("项目选址", "Site"),
    "unit": Field("项目单位", "Project unit", wide=True),
    "applicant": Field("申请单位", "Applicant", wide=True),
    "unit_code": Field("统一社会信用代码", "Unit code"),
    "lead": Field("项目负责人", "Project lead"),
    "lead_name": Field("项目负责人", "Project lead"),
    "lead_phone": Field("负责人电话", "Lead's phone"),
    "handler": Field("经办人", "Handler"),
    "handler_name": Field("经办人", "Handler"),
    "handler_phone": Field("经办人电话", "Handler's phone"),
    "contact": Field("联系人", "Contact"),
    "phone": Field("联系电话", "Phone"),
    "address": Field("地址", "Address", wide=True),
    # the request
    "number": Field("办件编号", "Matter number"),
    "matter": Field("办件编号", "Matter number"),
    "mode": Field("服务方式", "Way of serving", wide=True),
    "channel": Field("申请渠道", "Door"),
    "needs": Field("服务需求", "Needs", wide=True, tall=True),
    "items": Field("办理事项", "Approval items", wide=True, tall=True),
    "stages": Field("审批阶段", "Stages", wide=True),
    "limits": Field("办理时限", "Time limits", wide=True, tall=True),
    "applied_on": Field("申请日期", "Applied on"),
    "requested_on": Field("申请日期", "Applied on"),
    "registered_on": Field("登记日期", "Registered on"),
    "accepted_on": Field("受理日期", "Accepted on"),
    "date": Field("日期", "Date"),
    "day": Field("日期", "Date"),
    "body": Field("受理单位", "Accepted by"),
    "department": Field("承办部门", "Department"),
    "opinion": Field("受理意见", "Decision", wide=True, tall=True),
    "remark": Field("备注", "Remarks", wide=True, tall=True),
    "remarks": Field("备注", "Remarks", wide=True, tall=True),
    # the people of the service
    "agent": Field("代办专员", "Agent"),
    "agent_name": Field("代办专员", "Agent"),
    "helper": Field("帮办专员", "Helper"),
    "staff": Field("服务人员", "Staff"),
    "window": Field("窗口工作人员", "Window clerk"),
    "issued_by": Field("告知人", "Told by"),
    "receiver": Field("接收人", "Receiver"),
    "specialist": Field("专员", "Specialist"),
    "liaison": Field("联络员", "Liaison"),
    # authority
    "principal": Field("委托人", "Principal"),
    "power": Field("代理权限", "Powers"),
    "authority": Field("代理权限", "Powers"),
    "period": Field("代理期限", "Period"),
    "signed_on": Field("签署日期", "Signed on"),
    # the agreement
    "party_a": Field("委托方（甲方）", "Principal (Party A)", wide=True),
    "party_b": Field("受托方（乙方）", "Service (Party B)", wide=True),
    "content": Field("服务内容", "Content", wide=True, tall=True),
    "application": Field("所附申请表", "Application attached"),
    "unit_lead": Field("项目负责人", "Project lead"),
    "unit_handler": Field("经办人", "Handler"),
    "address_a": Field("甲方地址", "Party A's address", wide=True),
    "address_b": Field("乙方地址", "Party B's address", wide=True),
    "phone_a": Field("甲方电话", "Party A's phone"),
    "phone_b": Field("乙方电话", "Party B's phone"),
    "term": Field("协议期限", "Term", wide=True),
    "begins_on": Field("起始日期", "From"),
    "ends_on": Field("截止日期", "Until"),
    "ground": Field("事由", "Ground", wide=True),
    "reason": Field("理由", "Reason", wide=True, tall=True),
    # papers
    "materials": Field("材料", "Materials", wide=True, rows="required"),
    "materials_received": Field("已收材料", "Materials received", wide=True, rows="received"),
    "originals": Field("原件合计", "Originals in all"),
    "copies": Field("复印件合计", "Copies in all"),
    "received_on": Field("接收日期", "Received on"),
    "conditions": Field("办理条件", "Conditions", wide=True, tall=True),
    "issued_on": Field("告知日期", "Told on"),
    "ordinal": Field("告知次数", "Which notice"),
    "checklist": Field("服务清单", "Checklist", wide=True, rows="checklist"),
    "results": Field("结果文件", "Results", wide=True, rows="results"),
    "way": Field("送达方式", "Way of delivery", wide=True),
    "delivered_on": Field("送达日期", "Delivered on"),
    "due_on": Field("办理期限", "Due on"),
    # letters
    "to": Field("主送单位", "To", wide=True),
    "subject": Field("事由", "Subject", wide=True),
    "reply_by": Field("反馈期限", "Reply by"),
    "reply": Field("回复意见", "Reply", wide=True, tall=True),
    "replied_by": Field("承办人", "Handled by"),
    "replied_on": Field("回复日期", "Replied on"),
    "from_body": Field("移交单位", "From"),
    "to_body": Field("接收单位", "To"),
    "item": Field("所属事项", "Item", wide=True),
    "passed_on": Field("移交日期", "Passed on"),
    "information": Field("所需信息", "Information", wide=True, tall=True),
    "points": Field("办理要点", "Points to note", wide=True, tall=True),
    "told_by": Field("告知人", "Told by"),
    "told_on": Field("告知日期", "Told on"),
    "approvals": Field("批复文件", "Approvals", wide=True, tall=True),
    "certificates": Field("证照", "Certificates", wide=True, tall=True),
    "handed_on": Field("移交日期", "Handed over on"),
    # letters, notices and minutes
    "request": Field("协办事项", "Request", wide=True, tall=True),
    "sent_on": Field("发函日期", "Sent on"),
    "bodies": Field("参会单位", "Bodies invited", wide=True),
    "place": Field("地点", "Place"),
    "held_at": Field("时间", "Time"),
    "meeting": Field("会议名称", "Meeting", wide=True),
    "present": Field("参加人员", "Present", wide=True, tall=True),
    "conclusions": Field("会议议定事项", "Conclusions", wide=True, tall=True),
    "actions": Field("任务分工", "Actions", wide=True, tall=True),
    "owners": Field("责任单位和责任人", "Owners", wide=True, tall=True),
    "signed_at": Field("签到时间", "Signed in at"),
    # the door
    "visitor": Field("来访人", "Visitor"),
    "wish": Field("来访事由", "Wish", wide=True, tall=True),
    "received_at": Field("接待时间", "Received at"),
    "handed_to": Field("接收人", "Handed to"),
    "handed_at": Field("交接时间", "Handed over at"),
    # what the unit warrants
    "truthful": Field("材料真实", "True", wide=True),
    "lawful": Field("材料合法", "Lawful", wide=True),
    "complete": Field("材料齐全", "Complete", wide=True),
    "valid": Field("材料有效", "Valid", wide=True),
    "conforming": Field("符合申办要求", "Conforming", wide=True),
    "free_of_charge": Field("服务收费", "Charge", wide=True),
    "proxy": Field("转委托代理人", "Proxy"),
    # rosters and ledgers
    "entry": Field("工作内容", "Entry", wide=True),
    "written_by": Field("记录人", "Written by"),
    "level": Field("评价等级", "Level", wide=True),
    "comment": Field("意见建议", "Comment", wide=True, tall=True),
    "person": Field("姓名", "Name"),
    "skills": Field("业务专长", "Skills", wide=True),
    "state": Field("办理状态", "State"),
    "name": Field("姓名", "Name"),
    "post": Field("岗位", "Post"),
    "unit_of_staff": Field("所在单位", "Unit"),
    "serial": Field("序号", "No."),
    "progress": Field("办理进展", "Progress"),
    "result": Field("办理结果", "Result"),
    "rating": Field("评价", "Rating"),
}

AS_AUTHORITY: dict[str, Field] = {
    "agent": Field("代理人", "Agent"),
    "matter": Field("代理事项", "Matters"),
    "items": Field("代理事项", "Matters"),
    "authority": Field("代理权限", "Powers"),
    "powers": Field("代理权限", "Powers"),
    "period": Field("代理期限", "Period"),
}
"""The four points a power of attorney must state (民法典第165条), as its fields are called there."""


def field_of(id: str, form: Form, pack: Pack) -> Field:
    """The field: what the place calls its posts and indicators, else the usual caption."""
    if form.kind == "commission" and id in AS_AUTHORITY:
        return AS_AUTHORITY[id]
    known = FIELDS.get(id)
    for role in pack.roles:
        if role.id == id and not (known and role.canonical.startswith("applicant")):
            return Field(role.zh, known.en if known else _spoken(id))
    for instrument in pack.evaluation.instruments:
        for indicator in instrument.indicators:
            if indicator.id == id:
                return Field(indicator.zh, _spoken(id))
    return known or Field(pack.terms.words.get(id, _spoken(id)), _spoken(id))


def _spoken(id: str) -> str:
    return id.replace("_", " ").replace("-", " ").capitalize()
