"""The only spelling of streams and subjects on the bus."""

SERVICES = ("intake", "assignment", "supervision", "evaluation", "archive")
NOWHERE = "000000"
"""The area of what belongs to no place, such as a seal or a check of a whole store."""


def stream_of(service: str) -> str:
    """The JetStream stream in which `service` speaks: `ONEFILE_INTAKE`."""
    return f"ONEFILE_{service.upper()}"


def subject_of(area: str, type: str) -> str:
    """`990100` and `intake.service_accepted.v1` give `onefile.99.01.00.intake.service_accepted.v1`.

    The area code is split in pairs, so that a province or a city is one wildcard.
    """
    return f"onefile.{area[0:2]}.{area[2:4]}.{area[4:6]}.{type}"


def everything_from(service: str) -> str:
    """The subjects of `service`, for its stream: `onefile.*.*.*.intake.*.*`."""
    return f"onefile.*.*.*.{service}.*.*"


def durable_of(hearer: str, speaker: str) -> str:
    """The durable consumer by which `hearer` hears `speaker`."""
    return f"{hearer}--{speaker}"
