"""What supervision (督办) says of its own history."""

from typing import Literal

from contracts.checked import Checked
from contracts.event import Event


class HistoryChecked(Checked, Event):
    type: Literal["supervision.history_checked.v1"] = "supervision.history_checked.v1"
