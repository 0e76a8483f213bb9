"""What does archive decide? Pure values only."""

from services.archive.domain.decide import decide
from services.archive.domain.sealing import SEALS as SEALS
from services.archive.domain.state import UNOPENED, evolve
from shared.decider import Decider

DECIDER = Decider(UNOPENED, evolve, decide)
