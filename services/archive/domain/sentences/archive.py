"""What does each kind of event of archive say in plain words?"""

from services.archive.domain.sentences.words import Sentence

ARCHIVE = {
    "archive.file_opened.v1": Sentence("建档，办件编号{number}", "opened the file of {number}"),
    "archive.entry_filed.v1": Sentence(
        "{store:store}第{position}条（{entry_type}）入档",
        "filed {store:store} {position} ({entry_type})",
    ),
    "archive.document_filed.v1": Sentence(
        "文件归档（{content@contents}）{paper?，纸质}[，{sheets}页][，{media_check:media_check}]{replaces?，更换旧版}",
        "put a document on file ({content@contents}){paper?, on paper}[, {sheets} sheets]"
        "[, {media_check:media_check}]{replaces?, replacing an earlier version}",
    ),
    "archive.file_checked.v1": Sentence(
        "档案检查：{complete?齐全}{complete!欠缺{lacking#}项}[，免归档{waived#}项]",
        "checked the file: {complete?complete}{complete!{lacking#} lacking}[, {waived#} waived]",
    ),
    "archive.archive_tested.v1": Sentence(
        "四性检测：真实性{authentic:test_result}，完整性{complete:test_result}，"
        "可用性{usable:test_result}，安全性{safe:test_result}",
        "tested the file: authentic {authentic:test_result}, complete {complete:test_result}, "
        "usable {usable:test_result}, safe {safe:test_result}",
    ),
    "archive.file_closed.v1": Sentence(
        "结档，入档{entries}条、文件{documents}份",
        "closed the file: {entries} entries, {documents} documents",
    ),
    "archive.heads_sealed.v1": Sentence(
        "封存{store:store}前{log_size}条的{count}条流",
        "sealed {count} streams of {store:store} at {log_size}",
    ),
    "archive.file_handed_over.v1": Sentence(
        "{holder:holder}，文件{documents#}份{on_paper?，签收清单留存纸质}",
        "handed {documents#} documents over ({holder:holder}){on_paper?, signed list on paper}",
    ),
    "archive.protection_proposed.v1": Sentence(
        "申请{protection:protection}（{of:subject}），事由：{ground:legal_ground}",
        "proposed to {protection:protection} personal data ({of:subject}): {ground:legal_ground}",
    ),
    "archive.correction_worded.v1": Sentence(
        "拟定更正内容（{of:subject}，{member}）", "worded a correction ({of:subject}, {member})"
    ),
    "archive.protection_rejected.v1": Sentence(
        "个人信息处置申请不予批准", "did not approve what was proposed about personal data"
    ),
    "archive.processing_restricted.v1": Sentence(
        "限制处理（{of:subject}），两人批准",
        "restricted the use of {of:subject}, two approving",
    ),
    "archive.restriction_lifted.v1": Sentence(
        "解除限制（{of:subject}），两人批准",
        "lifted the restriction of {of:subject}, two approving",
    ),
    "archive.disclosures_erased.v1": Sentence(
        "删除个人信息{digests#}项（{of:subject}），两人批准",
        "erased {digests#} personal fields ({of:subject}), two approving",
    ),
    "archive.disclosure_corrected.v1": Sentence(
        "更正个人信息一项（{member}），两人批准",
        "corrected a personal field ({member}), two approving",
    ),
}
CHECKED = Sentence(
    "核对全部历史至第{upto}条，差异{found}处（第{check}次核对）",
    "checked the whole history up to {upto}: {found} differences (check {check})",
)
"""The same fact of every store."""
