"""What can be wrong with a row of the table of people (人员表), in both languages?"""

from dataclasses import dataclass

FAULTS: dict[str, tuple[str, str]] = {
    "column_unknown": ("没有这个列名，请用模板", "no such column: take the template"),
    "column_twice": ("列名重复", "the column stands twice"),
    "column_missing": ("缺少必填的列", "a column that is needed is missing"),
    "missing": ("必填项为空", "must be filled in"),
    "body_unknown": ("政策包中没有这个单位", "the pack has no such body"),
    "home_body_unknown": ("政策包中没有这个派出单位", "the pack has no such body"),
    "home_body_may_not_send": ("方案未规定由此单位派员", "the pack does not let this body send people"),
    "roles_unknown": ("政策包中没有这个岗位角色", "the pack has no such role"),
    "staff_kind_unknown": ("没有这个人员类别", "there is no such kind of staff"),
    "items_unknown": ("事项目录中没有这个事项", "the catalogue has no such item"),
    "item_unknown": ("事项目录中没有这个事项", "the catalogue has no such item"),
    "sites_unknown": ("政策包中没有这个选址", "the pack has no such site"),
    "site_unknown": ("政策包中没有这个选址", "the pack has no such site"),
    "role_of_the_unit": ("项目单位的岗位不入花名册", "a post of the unit is not on the roster"),
    "role_not_for_this_body": ("此单位不能担任此岗位", "this body may not fill this role"),
    "role_not_for_this_kind": ("此类人员不能担任此岗位", "this kind of staff may not fill this role"),
    "name_invalid": ("姓名过长或不合要求", "the name is too long or not valid"),
    "title_invalid": ("职务过长或不合要求", "the title is too long or not valid"),
    "phone_invalid": ("电话应为半角数字", "a telephone is made of ASCII digits"),
    "phone_full_width": ("电话是全角数字，请改为半角", "full-width digits: write ASCII ones"),
    "skills_invalid": ("技能标签应为小写字母、数字代码", "a skill is a code of lower-case letters"),
    "languages_invalid": ("语言应为小写字母代码", "a language is a code of lower-case letters"),
    "person_invalid": ("人员代号格式不对", "this is not a pseudonym"),
    "roles_invalid": ("岗位角色过多或不合要求", "too many roles, or not valid"),
    "items_invalid": ("事项过多或不合要求", "too many items, or not valid"),
    "sites_invalid": ("选址过多或不合要求", "too many sites, or not valid"),
    "invalid": ("内容不合要求", "not valid"),
    "row_twice": ("同一人在表中出现两次", "the same person stands twice in the table"),
    "already_on_the_roster": (
        "此人已在花名册上且内容不同，请用人员变更",
        "already on the roster with other details: amend instead",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RowFault:
    """One thing that is wrong, in a row (from 1, the header is 1) and a column by its name."""

    code: str
    row: int | None = None
    column: str | None = None

    @property
    def zh(self) -> str:
        return FAULTS.get(self.code, FAULTS["invalid"])[0]

    @property
    def en(self) -> str:
        return FAULTS.get(self.code, FAULTS["invalid"])[1]
