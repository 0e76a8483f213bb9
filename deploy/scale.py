"""What do so many counties need: nodes, disks, streams, hours?

python deploy/scale.py --counties 3000            prints the table for one size
python deploy/scale.py --write                    puts the tables into deploy/SCALE.md (make scale)
python -m tests.bench.cells --write               measures one node anew: deploy/scale.measured.json
"""

import argparse
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).with_name("SCALE.md")
BEGIN, END = "<!-- scale:begin -->", "<!-- scale:end -->"
SIZES = (1, 100, 3000)

MEASURED = Path(__file__).with_name("scale.measured.json")
"""What one node did in one run of tests.bench.cells, beside another cell on the same machine."""


def measured(file: Path = MEASURED) -> dict[str, float]:
    """Of the cells that were measured, the one that did least and took most room."""
    told = json.loads(file.read_text())
    cells, alone = told["cells"].values(), told["one_process_per_s"]
    return {
        "commands": min(one["commands_per_s"] for one in cells),
        "bytes": max(one["bytes_an_event"] for one in cells),
        "streamed": max(one["streamed_bytes_an_event"] for one in cells),
        "appends": alone["append"],
        "refilled": alone["refill"],
        "replayed": alone["rebuild"],
    }


# Assumed, to be replaced by your own figures (默认值).
SERVICES = 5
WORKING = 250 * 8 * 3600
"""Seconds of office hours in a year."""
COPIES = 3
SPARE = 0.3
"""Share of a store's measured rate that is planned for: the rest is for peaks, vacuum and growth."""
HOURS = 4
"""Within so many hours a lost stream is whole again: that, not the rate, limits a cell."""


@dataclass(frozen=True, slots=True)
class Load:
    """How much is done in a year, and how it comes."""

    counties: int
    matters: int = 400
    events: int = 250
    years: int = 10
    peak: int = 10


@dataclass(frozen=True, slots=True)
class Need:
    """What that comes to."""

    yearly: int
    mean: float
    peak: float
    cells: int
    counties_a_cell: int
    stores: int
    streams: int
    disk: float
    stream_disk: float
    hours: float
    nodes: int
    refill: float


def needed(load: Load, node: Mapping[str, float]) -> Need:
    """The arithmetic. A cell is one installation: five services, their stores and streams."""
    said = load.counties * load.matters * load.events
    yearly = 2 * said  # archive notes each event of the others in its own store
    mean = yearly / WORKING
    peak = mean * load.peak
    by_rate = math.ceil(peak / (node["appends"] * SPARE))
    by_commands = math.ceil(peak / 2 / (node["commands"] * SPARE))
    largest = yearly / 2 * load.years  # archive's store is as large as the others together
    by_refill = math.ceil(largest / (node["refilled"] * HOURS * 3600))
    cells = max(1, by_rate, by_commands, by_refill)
    disk = yearly * load.years * node["bytes"] * COPIES
    streamed = yearly * load.years * node["streamed"] * COPIES
    nodes = 1 if load.counties == 1 else 3 + 3 * cells
    return Need(
        yearly,
        mean,
        peak,
        cells,
        math.ceil(load.counties / cells),
        cells * (SERVICES + 1),
        cells * SERVICES,
        disk,
        streamed,
        yearly * load.years / cells / node["replayed"] / 3600,
        nodes,
        largest / cells / node["refilled"] / 3600,
    )


def table(load: Load, node: Mapping[str, float]) -> str:
    """One size, as Markdown."""
    need = needed(load, node)
    rows = (
        ("县 counties", f"{load.counties:,}"),
        ("每年事件 events a year, archive's notes included", f"{need.yearly:,}"),
        ("平均 events/s in office hours, mean", f"{need.mean:,.1f}"),
        (f"高峰 the same at a peak of ×{load.peak}", f"{need.peak:,.0f}"),
        ("分区 cells (by area code)", f"{need.cells:,}"),
        ("每区县数 counties in a cell", f"{need.counties_a_cell:,}"),
        ("库 stores, with that of the keys", f"{need.stores:,}"),
        ("流 streams", f"{need.streams:,}"),
        (f"数据库磁盘 disks of stores, {load.years} years × {COPIES} copies", size(need.disk)),
        (f"流磁盘 disks of streams, the same, R{COPIES}", size(need.stream_disk)),
        ("节点 nodes (3 for all, 3 a cell; one county: one box)", f"{need.nodes:,}"),
        ("最大流重灌 hours to fill a cell's largest stream again", f"{need.refill:,.1f}"),
        ("重放一区 hours to fold a cell's whole history, one process", f"{need.hours:,.1f}"),
    )
    lines = ["| | |", "|---|---:|", *(f"| {name} | {value} |" for name, value in rows)]
    return "\n".join(lines)


def size(count: float) -> str:
    """Bytes, for people."""
    for unit in ("GB", "TB"):
        count /= 1e9 if unit == "GB" else 1e3
        if count < 1000 or unit == "TB":
            return f"{count:,.1f} {unit}"
    raise AssertionError


def of_node(node: Mapping[str, float]) -> str:
    """What is reckoned with, as Markdown."""
    rows = (
        ("指令 commands/s over HTTP, whole: asked, decided, recorded, answered", "commands", 1),
        ("追加 events/s appended by one process", "appends", 0),
        ("重灌 events/s by which lost streams are filled again", "refilled", 0),
        ("重放 events/s folded by one process", "replayed", 0),
        ("库 bytes of an event in its store, with indexes, receipt, views, tree", "bytes", 0),
        ("流 bytes of an event on its stream", "streamed", 0),
    )
    lines = [f"| {name} | {node[key]:,.{digits}f} |" for name, key, digits in rows]
    return "\n".join(["| one node | |", "|---|---:|", *lines])


def page(node: Mapping[str, float]) -> str:
    """What stands on the page: what was measured, and a table for each of the sizes."""
    return "\n\n".join([of_node(node), *(table(Load(size), node) for size in SIZES)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    standard = Load(1)
    for name in Load.__dataclass_fields__:
        parser.add_argument(f"--{name}", type=int, default=getattr(standard, name))
    parser.add_argument("--write", action="store_true", help="put the tables into the page")
    asked = vars(parser.parse_args())
    if asked.pop("write"):
        text = PAGE.read_text()
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}\n{page(measured())}\n{END}{after}")
        return
    if min(asked.values()) < 1:
        parser.error("每个数都要大于 0 · every number must be 1 or more")
    print(table(Load(**asked), measured()))


if __name__ == "__main__":
    main()
