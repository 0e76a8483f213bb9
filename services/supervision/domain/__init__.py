"""What does supervision decide, about a matter and about an area's office?"""

from contracts.event import Event
from services.supervision.domain.decide import decide
from services.supervision.domain.facts import Facts, OfficeFacts
from services.supervision.domain.office import (
    EMPTY,
    Office,
    decide_office,
    evolve_office,
)
from services.supervision.domain.state import INITIAL, Matter, evolve
from shared.command import Command
from shared.decider import Decider

DECIDER: Decider[Command, Matter, Event, Facts] = Decider(INITIAL, evolve, decide)
OFFICE_DECIDER: Decider[Command, Office, Event, OfficeFacts] = Decider(
    EMPTY, evolve_office, decide_office
)
