"""What is the unit told when the state of an item changes (反馈进度, YO-44)?"""

from collections.abc import Sequence
from datetime import date

from contracts.event import Personal
from contracts.supervision import ProgressReported
from contracts.vocabulary import GLOSSARY, ItemState
from services.supervision.domain.facts import Facts


def told(
    facts: Facts,
    items: Sequence[str],
    state: ItemState,
    forecast_on: date | None = None,
    *,
    estimated: bool = False,
    why: str = "",
) -> ProgressReported:
    """The message that goes out by itself."""
    names = "、".join(facts.item(item).zh for item in items)
    mark = "（预估）" if estimated else ""
    ending = f"，预计 {forecast_on.isoformat()} 前办结{mark}" if forecast_on else ""
    return ProgressReported(
        items=tuple(items),
        state=state,
        forecast_on=forecast_on,
        automatic=True,
        wording=Personal(f"{names}：{GLOSSARY[f'item_state.{state}']}{why}{ending}。"),
    )
