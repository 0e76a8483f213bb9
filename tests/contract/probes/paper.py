"""What stands on the papers of a pack: every form, filled with nothing and with something?"""

from collections.abc import Iterator
from typing import Any

from contracts.pack import Pack
from contracts.pack.papers import Form
from services.intake.domain.numbers import NumberFloor
from shared.messages.wording import said
from shared.paper.fill import fill
from shared.paper.known import Known
from tests.contract.probes.asking import MONDAY, Base, answer

KNOWN = Known(day=MONDAY, issuer="测试机关", values={"project": "测试项目"})


def printed(pack: Pack) -> Iterator[object]:
    """Every form of the pack as a paper, without its file."""
    for form in pack.forms:
        yield answer(_filled, form, pack)


def _filled(form: Form, pack: Pack) -> object:
    found = fill(form, pack, KNOWN)
    return [(name, str(getattr(found, name))) for name in found.__slots__ if name != "notes"]


def _numbers(pack: Pack, base: Base) -> object:
    rules = [(id, pack.numbering.rule(id)) for id in sorted(pack.numbering.ids())]
    return [(id, NumberFloor(rule.digits).digits, _shown(rule)) for id, rule in rules]


def _shown(rule: Any) -> str:
    serial = "6".zfill(rule.digits)
    return str(rule.template.format(adcode="990100", year="2026", serial=serial))


def _loaded(pack: Pack, base: Base) -> object:
    """Which place, catalogue and calendar a deployment would follow."""
    names = (pack.catalogue, pack.clocks.calendar, *pack.clocks.overlays)
    return pack.jurisdiction.code, names


def _messages(pack: Pack, base: Base) -> object:
    return [said(pack, one.id, {"wording": "请办"}) for one in base.pack.messages]


PROBES = {
    "shared.messages.wording": _messages,
    "shared.paper.fill": lambda pack, base: list(printed(pack)),
    "services.intake.domain.numbers": _numbers,
    "shared.packs": _loaded,
}
