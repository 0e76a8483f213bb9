"""What assignment (派单) says of its own history."""

from typing import Literal

from contracts.checked import Checked
from contracts.event import Event


class HistoryChecked(Checked, Event):
    type: Literal["assignment.history_checked.v1"] = "assignment.history_checked.v1"
