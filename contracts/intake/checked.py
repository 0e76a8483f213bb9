"""What intake (受理) says of its own history."""

from typing import Literal

from contracts.checked import Checked
from contracts.event import Event


class HistoryChecked(Checked, Event):
    type: Literal["intake.history_checked.v1"] = "intake.history_checked.v1"
