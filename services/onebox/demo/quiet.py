"""When has nobody anything left to hear or to do, so that what is seen stays until somebody acts?"""

from collections.abc import Mapping
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

LOGS = ("intake", "assignment", "supervision", "evaluation", "archive")
AGENDAS = ("intake", "assignment", "supervision", "evaluation")
"""Services that record by themselves what falls due."""
DONE = "onefile_agenda_done_seconds"


def quiet(stand: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether every log is shown in full, and heard in full by whoever hears it.

    `stand` is what each service answers at `/log/position`.
    """
    said = {one: standing["position"] for one, standing in stand.items()}
    return all(
        standing["shown"] >= standing["position"]
        and all(at >= said[of] for of, at in standing["heard"].items())
        for standing in stand.values()
    )


def done_by(metrics: str) -> float:
    """The instant (unix time) up to which a service did what was due; 0: not known yet."""
    families = text_string_to_metric_families(metrics)
    return next((s.value for f in families if f.name == DONE for s in f.samples), 0.0)
