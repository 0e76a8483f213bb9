"""Which facts of a project (项目情况) may rules ask about, and how is a condition read?"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)

from contracts.edition import DataRefused, Problem
from contracts.predicate import (
    All,
    Compare,
    Contains,
    Not,
    OneOf,
    Operator,
    Predicate,
    Scalar,
)
from contracts.predicate import Any as AnyOf
from contracts.vocabulary import Amount, Area

type Investment = Literal["government", "social", "mixed"]
type Nature = Literal["new", "alteration", "extension", "relocation", "technical_upgrade"]
type Land = Literal["granted", "allocated", "leased", "owned"]
type Eia = Literal["report", "statement", "form", "none"]
type SiteKind = Literal["park", "township", "elsewhere"]
type Word = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class ProjectFacts(BaseModel):
    """What is known of a project; None is *not yet known* (未知), never a quiet “no”.

    `site` is a site code of the pack: a park code, a nine-digit township code (GB/T 10114),
    or `elsewhere`. `eia` is `none` when the national list (环评名录) asks for nothing.
    A flag that is not set is a plain no.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    project_class: Word | None = Field(None, title="项目类别")
    investment: Investment | None = Field(None, title="投资类型")
    nature: Nature | None = Field(None, title="建设性质")
    site: Word | None = Field(None, title="项目选址")
    in_jurisdiction: bool | None = Field(None, title="在本行政区域内")
    land: Land | None = Field(None, title="土地取得方式")
    eia: Eia | None = Field(None, title="环评类别")
    special_works: bool | None = Field(None, title="特殊建设工程")
    pre_sale: bool | None = Field(None, title="预售商品房")
    civil: bool | None = Field(None, title="民用建筑")
    hazardous: bool | None = Field(None, title="危险化学品等高危建设项目")
    energy_review: bool | None = Field(None, title="达到节能审查标准")
    soil_plan: bool | None = Field(None, title="须报水土保持方案")
    flood: bool | None = Field(None, title="涉河或蓄滞洪区")
    water_abstraction: bool | None = Field(None, title="自备取水")
    relics: bool | None = Field(None, title="涉及文物保护")
    gas: bool | None = Field(None, title="用气")
    heating_telecom: bool | None = Field(None, title="接入供热、通信、广电")
    road_opening: bool | None = Field(None, title="开设出入口或挖掘道路")
    fee_reduced: bool | None = Field(None, title="配套费已减免")
    catalogue_listed: bool | None = Field(None, title="在核准目录内")
    registered_in_jurisdiction: bool | None = Field(None, title="在本地登记注册")
    industrial_policy_ok: bool | None = Field(None, title="符合产业政策")
    investment_amount: Amount | None = Field(None, title="投资额（元）")
    land_area: Area | None = Field(None, title="用地面积（平方米）")
    building_area: Area | None = Field(None, title="建筑面积（平方米）")
    flags: frozenset[Word] = Field(frozenset(), title="标记")

    def known(self) -> dict[str, bool | int | str | tuple[str, ...]]:
        """The facts that are known, for an event; flags sorted, so equal facts equal bytes.

        The figures have fields of their own in the events: see `figures`.
        """
        found = {name: v for name, v in self if v is not None and name not in FIGURES}
        return found | {"flags": tuple(sorted(self.flags))}

    def figures(self) -> dict[str, Decimal]:
        """The figures that are known: yuan and square metres."""
        return {name: value for name in FIGURES if (value := getattr(self, name)) is not None}


FIGURES = ("investment_amount", "land_area", "building_area")
NUMBERS = frozenset({*FIGURES, "item_count"})


class MatterFacts(ProjectFacts):
    """The facts of a project together with those of the request and the item at hand."""

    request: Literal["consult", "agency", "assist"] | None = Field(None, title="诉求")
    channel: Word | None = Field(None, title="渠道")
    item_level: Literal["province", "city", "county"] | None = Field(None, title="事项层级")
    item_count: int | None = Field(None, ge=0, title="事项数")
    severity: Literal["general", "complex", "major"] | None = Field(None, title="问题等级")
    beyond_own_power: bool | None = Field(None, title="超出本级权限")
    site_kind: SiteKind | None = Field(
        None, title="选址类别", description="derived from the pack's site codes; leave it None"
    )


def label(fact: str) -> str:
    """The Chinese name of a fact, for sentences to people."""
    return str(MatterFacts.model_fields[fact].title)


_SAID: dict[object, str] = {
    None: "未知", True: "是", False: "否",
    "government": "政府投资", "social": "社会投资", "mixed": "混合投资",
    "new": "新建", "alteration": "改建", "extension": "扩建", "relocation": "迁建",
    "technical_upgrade": "技术改造",
    "granted": "出让", "allocated": "划拨", "leased": "租赁", "owned": "自有",
    "report": "报告书", "statement": "报告表", "form": "登记表", "none": "无",
    "park": "园区", "township": "乡镇（街道）", "elsewhere": "园区以外",
    "building": "房屋建筑工程", "municipal": "市政基础设施工程", "special": "特殊工程",
    "transport": "交通工程", "water": "水利工程", "energy": "能源工程",
    "landscape": "园林绿化工程", "agriculture": "农业工程", "industrial": "工业项目",
    "province": "省级", "city": "市级", "county": "县级",
    "general": "一般", "complex": "复杂", "major": "重大工程",
    "utility_connection": "水电气等报装接入", "major_gov_investment": "政府重大投资项目",
    "newly_settled": "新落户项目", "attracted_investment": "招商引资项目",
    "consult": "咨询", "agency": "代办", "assist": "帮办",
}  # fmt: skip


def say(value: object) -> str:
    """A fact's value in Chinese, for sentences to people; an open word stays as it is."""
    if isinstance(value, frozenset):
        return "、".join(sorted(map(say, value))) or "无"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    plain_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if plain_number else _SAID.get(value, str(value))


def read_condition(data: object) -> Predicate:
    """Read a condition written as data; raises `DataRefused` naming the key that is wrong.

    `{investment: social, nature: [new, extension]}` is a conjunction of facts; `all:` and
    `any:` take lists of conditions, `not:` one; `flag:` asks for members of `flags`;
    `{item_count: {gt: 1}}` compares a number with a whole one. `{}` always holds.
    """
    match data:
        case dict():
            parts = [_read_test(str(key), value) for key, value in data.items()]
            return parts[0] if len(parts) == 1 else All(tuple(parts))
        case All() | AnyOf() | Not() | OneOf() | Compare() | Contains():
            return data
    raise _wrong("", "条件应为键值表", "a condition is a mapping of facts")


type Condition = Annotated[
    Predicate, PlainValidator(read_condition), WithJsonSchema({"type": "object"})
]


def _read_test(key: str, value: object) -> Predicate:
    match key, value:
        case "all", list():
            return All(tuple(read_condition(part) for part in value))
        case "any", list() if value:
            return AnyOf(tuple(read_condition(part) for part in value))
        case "not", dict():
            return Not(read_condition(value))
        case (("all" | "any" | "not"), _):
            zh = "all/any 后应为条件列表，not 后应为一个条件"
            raise _wrong(key, zh, "all and any take lists of conditions, not takes one")
        case "flag", _:
            flags = tuple(Contains("flags", word) for word in _words(key, value))
            return flags[0] if len(flags) == 1 else AnyOf(flags)
        case ("flags", _):
            raise _wrong(key, "请写 flag", "write `flag:` to ask for one")
    if key not in MatterFacts.model_fields:
        known = "、".join(sorted(MatterFacts.model_fields))
        raise _wrong(key, f"没有名为“{key}”的项目情况", f"no such fact; known are {known}")
    return _bounds(key, value) if isinstance(value, dict) else OneOf(key, _values(key, value))


def _bounds(fact: str, value: Mapping[str, object]) -> Predicate:
    operators: tuple[Operator, ...] = get_args(Operator.__value__)
    numeric = fact in NUMBERS
    tests = []
    for word, bound in value.items():
        operator = next((known for known in operators if known == word), None)
        if not numeric or operator is None or type(bound) is not int:
            raise _wrong(fact, "只有数量可以比较大小", f"only numbers compare, by {operators}")
        tests.append(Compare(fact, operator, bound))
    return All(tuple(tests))


def _values(fact: str, value: object) -> tuple[Scalar, ...]:
    members = value if isinstance(value, list) else [value]
    if fact in NUMBERS:
        return _whole_numbers(fact, members)
    try:
        found = tuple(
            getattr(MatterFacts.model_validate({fact: member}, strict=True), fact)
            for member in members
        )
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise _wrong(fact, f"“{label(fact)}”没有这样的取值：{value}", reason) from error
    if not found or None in found:
        raise _wrong(fact, f"“{label(fact)}”缺少取值", "give at least one value")
    return found


def _whole_numbers(fact: str, members: list[object]) -> tuple[Scalar, ...]:
    found = tuple(n for n in members if isinstance(n, int) and not isinstance(n, bool))
    if len(found) != len(members) or not found:
        raise _wrong(fact, f"“{label(fact)}”应为整数", "give whole numbers")
    return found


def _words(key: str, value: object) -> list[str]:
    words = value if isinstance(value, list) else [value]
    try:
        return TypeAdapter(Annotated[list[Word], Field(min_length=1)]).validate_python(
            words, strict=True
        )
    except ValidationError as error:
        raise _wrong(key, "标记应为小写英文词", error.errors()[0]["msg"]) from error


def _wrong(path: str, zh: str, en: str) -> DataRefused:
    return DataRefused(Problem(path, zh, en))
