"""What do the measurements of one run say, as a table?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
ENOUGH_ROUNDS = 5

NAMES = {
    "ours": "Onefile",
    "es": "eventsourcing, stock Application",
    "message_db": "message-db",
    "emmett": "emmett-postgresql",
    "umadb": "UmaDB (Rust server)",
    "slow": "Slow syncs",
}
WORKLOADS = {
    "append": "Append one event to a new stream, 32 clients",
    "command": "Command: load a matter of 50 events, decide, append one, 8 clients",
    "rebuild": "Rebuild 400 matters of 50 events, one process",
}
DISKS = {"fast": "the disk as it is", "slow": "every fsync and fdatasync 1.5 ms slower"}


@dataclass(frozen=True, slots=True)
class Measurement:
    """One implementation measured once; rates a second, latencies in milliseconds.

    `syncs` is what the server made while the driver ran, where syncs are slowed.
    """

    run: str
    round: int
    workload: str
    disk: str
    implementation: str
    clients: int
    seconds: float
    operations_per_s: float
    events_per_s: float
    p50_ms: float
    p99_ms: float
    conflicts: int
    syncs: int | None
    load: float


@dataclass(slots=True)
class Run:
    """Everything one run measured, and under which circumstances."""

    command: str
    at: str
    rounds: int
    seconds: float
    circumstances: list[str]
    left_out: dict[str, str] = field(default_factory=dict)
    measurements: list[Measurement] = field(default_factory=list)
    road: dict[str, float] = field(default_factory=dict)


def _rates(some: Iterable[Measurement]) -> dict[str, dict[int, float]]:
    """Events a second by implementation and round."""
    rates: dict[str, dict[int, float]] = {}
    for one in some:
        rates.setdefault(one.implementation, {})[one.round] = one.events_per_s
    return rates


def ratio(over: dict[int, float], under: dict[int, float]) -> float | None:
    """Median over the rounds that both were measured in of the ratio in each round."""
    both = over.keys() & under.keys()
    return median(over[n] / under[n] for n in both) if both else None


def _times(value: float | None) -> str:
    return "–" if value is None else f"×{value:.2f}"


def _row(name: str, mine: Sequence[Measurement], rates: dict[str, dict[int, float]]) -> str:
    figures = sorted(one.events_per_s for one in mine)
    own = rates[name]
    cells = [
        NAMES[name],
        f"{median(figures):,.0f}",
        f"{figures[0]:,.0f}–{figures[-1]:,.0f}",
        f"{median(one.p50_ms for one in mine):.1f} / {median(one.p99_ms for one in mine):.1f}",
        _times(ratio(own, rates.get("es", {}))),
        _times(ratio(rates.get("ours", {}), own)),
        str(len(mine)),
    ]
    return f"| {' | '.join(cells)} |"


def table(workload: str, disk: str, some: Sequence[Measurement]) -> str:
    """One table: implementations by median events a second, best first."""
    rates = _rates(some)
    best_first = sorted(rates, key=lambda name: -median(rates[name].values()))
    head = (
        f"**{WORKLOADS[workload]}; {DISKS[disk]}**\n\n"
        "| | events/s, median | lowest–highest | p50 / p99 ms "
        "| × stock Application | Onefile ÷ this | rounds |\n"
        "|---|---:|---:|---:|---:|---:|---:|"
    )
    rows = [
        _row(name, [one for one in some if one.implementation == name], rates)
        for name in best_first
    ]
    return "\n".join([head, *rows])


ROAD = {
    "rebuild_events_per_s": ("rebuild a deleted stream from the log, events/s", "≥ 9,000"),
    "told_p50_ms": ("commit → another service's handler, median, ms", "–"),
    "told_p99_ms": ("commit → another service's handler, p99, ms", "< 25"),
    "import_s": ("5,000 people from a workbook, request to the last one committed, s", "< 5"),
    "import_shown_s": ("the same until the list shows them, s", "–"),
    "pack_p50_ms": ("admit and route under a pack of 1,000 rules, median, ms", "–"),
    "pack_p99_ms": ("the same, p99, ms", "< 5"),
    "cold_start_s": ("one box, installed, from nothing to every service healthy, s", "< 10"),
    "check_ms": ("close-check of a file of 500 facts, median, ms", "< 100"),
    "check_cpu_ms": ("the same, processor time of service and client, ms", "–"),
    "book_s": ("case book of 500 facts as PDF, the first one, s", "< 5"),
    "book_cpu_s": ("the same, processor time, s", "–"),
    "closing_s": ("closing it, with the test of four properties and its report, s", "–"),
    "upload_s": ("an upload of 20 MiB, s", "–"),
    "upload_memory_mib": ("memory of it above that of 1 MiB, both ends, MiB", "0: constant"),
    "appraisal_s": ("appraisal over 100,000 matters, s", "< 10"),
    "appraisal_again_s": ("the same a second time, s", "–"),
    "appraisal_replayed_s": ("the views of its 200,000 facts from zero again, s", "–"),
    "appraisal_by_hand_s": ("every fact counted again without a table, s", "–"),
    "appraisal_replay_equal": ("1 when six appraisals are equal after both", "1"),
    "box_pss_mb": ("the same box, PSS of all its processes, MB", "< 800"),
}


def whole_road(figures: dict[str, float]) -> str:
    """What has no peer: ours alone, on embedded servers with every sync on."""
    rows = [
        f"| {text} | {figures[name]:,.1f} | {reach} |"
        for name, (text, reach) in ROAD.items()
        if name in figures
    ]
    head = "**The whole road, one box**\n\n| | measured | wanted |\n|---|---:|---:|"
    return "\n".join([head, *rows])


def tables(run: Run) -> str:
    """All tables of a run."""
    parts = [whole_road(run.road)] if run.road else []
    for workload in WORKLOADS:
        for disk in DISKS:
            key = (workload, disk)
            if some := [one for one in run.measurements if (one.workload, one.disk) == key]:
                parts.append(table(workload, disk, some))
    return "\n\n".join(parts)


def block(run: Run) -> str:
    """The generated part of the README."""
    rough = "" if run.rounds >= ENOUGH_ROUNDS else " Fewer than five rounds: rough figures."
    rounds = f"{run.rounds} interleaved rounds, {run.seconds:g} s each after 0.5 s of warm-up"
    about = [
        f"`{run.command}` at {run.at}: {rounds}.{rough}",
        *run.circumstances,
    ]
    left_out = [f"- {NAMES[name]}: {reason}" for name, reason in run.left_out.items()]
    return "\n\n".join(
        [
            "\n".join(f"- {line}" for line in about),
            tables(run),
            "Left out of this run:\n\n" + "\n".join(left_out)
            if left_out
            else "No peer was left out.",
        ]
    )


def write(run: Run) -> None:
    """Put the generated part between the README's markers; the rest stays as it is."""
    before, begin, rest = README.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise RuntimeError(f"{README} has lost its markers {BEGIN} and {END}: put them back.")
    README.write_text(f"{before}{BEGIN}\n{block(run)}\n{END}{after}")
