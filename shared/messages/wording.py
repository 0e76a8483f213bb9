"""What does a message say, in two languages: the pack's own words, or ours where it has none?"""

from collections.abc import Mapping

from contracts.pack import Pack
from contracts.pack.rules import MESSAGE_MEMBERS

OURS: Mapping[str, tuple[str, str]] = {
    "ReminderSent": ("提醒：{wording}", "Reminder: {wording}"),
    "ReminderCorrected": ("更正提醒：{wording}", "A reminder is taken back: {wording}"),
    "UrgeSent": ("催办：{wording}", "Please go on: {wording}"),
    "ProgressReported": ("办理进度：{wording}", "How it stands: {wording}"),
    "LetterSent": ("协办来函，请于{due_on}前回复：{wording}", "Please answer by {due_on}: {wording}"),
    "WhistleBlown": ("吹哨：请于{due_on}前报到。{wording}", "Please report by {due_on}: {wording}"),
    "MeetingCalled": ("会议通知（{due_on}）：{wording}", "A meeting, {due_on}: {wording}"),
    "ActionAssigned": ("会议议定，请于{due_on}前落实：{wording}", "Agreed, due {due_on}: {wording}"),
    "ReportedUp": ("督办报告：事项{items}。{wording}", "Reported to you: {items}. {wording}"),
    "IssueRaised": ("问题提级，请予协调。{wording}", "A problem was raised to you. {wording}"),
    "JointAttackBegun": ("联合攻关方案：{wording}", "To be solved together: {wording}"),
    "FeeDue": ("法定缴费提示：事项{items}，请于{due_on}前缴纳。", "Due by law: {items}, by {due_on}."),
    "ReturnDue": ("请于{due_on}前报送：{wording}", "Please send in by {due_on}: {wording}"),
    "ReturnFiled": ("已报送，请查收：{wording}", "Signed and sent to you: {wording}"),
    "IssueListDispatched": (
        "问题清单交办，请于{due_on}前办结：{wording}",
        "Problems listed for you, due {due_on}: {wording}",
    ),
    "PresenceRequired": (
        "请派人到场（{due_on}）：{wording}",
        "Please come in person, {due_on}: {wording}",
    ),
    "FeedSilent": (
        "审批系统状态未按时导入，最近一次{due_on}：{wording}",
        "No states were taken in since {due_on}: {wording}",
    ),
    "EvaluationInvited": (
        "服务已办结，请您评价（自愿，{due_on}前有效，被评价的人看不到单条评价）：{wording}",
        "The service is done; please rate it if you wish, until {due_on}: {wording}",
    ),
    "IssueOpened": ("请核查：{wording}", "Please look into it: {wording}"),
}  # fmt: skip


def said(pack: Pack, event: str, members: Mapping[str, str]) -> tuple[str, str]:
    """Subject and text of a message about an event; what is not known stays empty."""
    own = next(((one.zh, one.en) for one in pack.messages if one.id == event), None)
    zh, en = own or OURS.get(event, ("{wording}", "{wording}"))
    known = dict.fromkeys(MESSAGE_MEMBERS, "") | dict(members)
    chinese, english = zh.format_map(known), en.format_map(known)
    place, matter = known["place"], known["matter"]
    subject = f"【{place}】{chinese.split('：')[0][:40]} {matter}".strip()
    return subject, f"{chinese}\n\n{english}\n\n{place} {matter}".rstrip()
