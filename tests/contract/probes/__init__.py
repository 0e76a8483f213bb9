"""What do the services do under a pack: each probe is a transcript of one module's decisions.

A probe asks the real domain functions every question that a leaf could answer differently, in
the closed words of the vocabulary, never in the words of the pack under test. Two packs for
which a probe reads the same are the same to that module.
"""

from collections.abc import Callable, Mapping

from contracts.pack import Pack
from tests.contract.probes import (
    archive,
    assignment,
    entrusting,
    evaluation,
    intake,
    paper,
    supervision,
)
from tests.contract.probes.asking import Base

type Probe = Callable[[Pack, Base], object]

PROBES: Mapping[str, Probe] = {
    **intake.PROBES,
    **assignment.PROBES,
    **supervision.PROBES,
    **evaluation.PROBES,
    **archive.PROBES,
    **entrusting.PROBES,
    **paper.PROBES,
}
"""The module that a row of the capability table names → what it does under a pack."""
