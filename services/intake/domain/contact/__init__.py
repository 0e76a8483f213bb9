"""First contact (首问负责): one stream for each visitor, owned by whoever received him."""

from services.intake.domain.contact.decide import decide
from services.intake.domain.contact.state import Contact, evolve
from shared.decider import Decider

CONTACT = Decider(Contact(), evolve, decide)

__all__ = ["CONTACT", "Contact"]
