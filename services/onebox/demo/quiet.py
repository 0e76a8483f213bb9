"""When has nobody anything left to hear or to do, so that what is seen stays until somebody acts?"""

from collections.abc import Collection, Mapping
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

LOGS = ("intake", "assignment", "supervision", "evaluation", "archive")
AGENDAS = ("intake", "assignment", "supervision", "evaluation")
"""Services that record by themselves what falls due."""
DONE = "onefile_agenda_done_seconds"


def quiet(stand: Mapping[str, Mapping[str, Any]], waiting: Collection[object] = ()) -> bool:
    """Whether every log is shown in full, and heard in full by whoever hears it.

    `stand` is what each service answers at `/log/position`; `waiting` was heard and is not filed.
    """
    said = {one: standing["position"] for one, standing in stand.items()}
    return not waiting and all(
        standing["shown"] >= standing["position"]
        and all(at >= said.get(of, 0) for of, at in standing["heard"].items())
        for standing in stand.values()
    )


def done_by(service: str, metrics: str) -> float:
    """The instant (unix time) up to which `service` did what was due; 0: not known yet.

    Services that share a process show each other's figures.
    """
    families = text_string_to_metric_families(metrics)
    samples = (one for family in families if family.name == DONE for one in family.samples)
    return next((one.value for one in samples if one.labels["service"] == service), 0.0)
