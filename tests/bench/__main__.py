"""How fast is the event store beside its peers? Run with `python -m tests.bench --help`."""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import clocks, cuts, dossiers, history, install, plans, report
from tests.bench.packs import decided
from tests.bench.report import Measurement, Run
from tests.bench.servers import SETTINGS, Disk, Shim

HERE = Path(__file__).parent
PEERS = ("es", "message_db", "emmett", "umadb")
CLIENTS = {"append": 32, "command": 8, "rebuild": 1}
MEASURED = {
    "append": ("ours", *PEERS),
    "command": ("ours", "es"),
    "rebuild": ("ours", "es"),
}
ALONE: dict[str, Callable[[], dict[str, float]]] = {
    "pack": decided,
    "clock": clocks.explaining,
    "agenda": clocks.looking_over,
    "plan": plans.planned,
    "history": history.history,
    "cuts": cuts.measured,
    "dossier": dossiers.verified,
}
"""What needs no server: it prints its figures."""
SLOW = ("append", "command")
"""The workloads that `--slow-fsync` measures a second time."""
PATIENCE = 180.0
"""Seconds that a driver may take beyond the measured span, to fill and to stop."""


ROADS = {"system": PATIENCE, "archive": PATIENCE, "appraisal": 900.0}
"""The parts of the whole road that have no peer, and the seconds each may take."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One thing to measure in each round."""

    workload: str
    disk: Disk
    implementation: str


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """The command line, checked."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=report.ENOUGH_ROUNDS)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--only", choices=[*CLIENTS, *ALONE, *ROADS], default=None)
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--slow-fsync", action="store_true")
    parser.add_argument("--no-readme", action="store_true")
    options = parser.parse_args(given)
    options.peers = [name for name in options.peers.split(",") if name]
    if unknown := {*options.peers} - {*PEERS}:
        parser.error(f"no peer is called {sorted(unknown)}: choose from {', '.join(PEERS)}")
    if options.rounds < 1 or options.seconds <= 0:
        parser.error("--rounds must be at least 1 and --seconds above 0")
    return options


def driver(implementation: str) -> list[str]:
    """The command that measures an implementation; MODE CLIENTS SECONDS DSN follow."""
    if implementation == "ours":
        return [sys.executable, "-m", "tests.bench.ours"]
    if implementation == "emmett":
        return ["node", str(HERE / "peers" / "emmett.mjs")]
    return [str(install.PYTHON), "-m", f"tests.bench.peers.{implementation}"]


def drive(trial: Trial, seconds: float, dsn: str) -> dict[str, float]:
    """Measure once; what the driver said. RuntimeError with its last words on failure."""
    asked = [trial.workload, str(CLIENTS[trial.workload]), str(seconds), dsn]
    try:
        done = subprocess.run(
            [*driver(trial.implementation), *asked],
            check=False,
            cwd=install.ROOT,
            env=dict(os.environ, BENCH_NPM=str(install.NPM)),
            capture_output=True,
            text=True,
            timeout=seconds + PATIENCE,
        )
    except subprocess.TimeoutExpired:
        raise RuntimeError("its driver did not end in time") from None
    if done.returncode != 0:
        raise RuntimeError((done.stderr.strip().splitlines() or ["no message"])[-1])
    said: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return said


def measure(trial: Trial, number: int, run: Run) -> Measurement:
    """One measurement of a trial in round `number`.

    Raises RuntimeError when the driver failed, or when syncs were to be slow and the
    server made none through the shim.
    """
    dsn = trial.disk.server(trial.implementation).fresh(trial.implementation)
    before = trial.disk.syncs(trial.implementation)
    said = drive(trial, run.seconds, dsn)
    after = trial.disk.syncs(trial.implementation)
    syncs = None
    if before is not None and after is not None:
        if after == before:
            raise RuntimeError("its server made no sync through the slow shim")
        syncs = after - before
    return Measurement(
        run=run.at,
        round=number,
        workload=trial.workload,
        disk=trial.disk.name,
        implementation=trial.implementation,
        clients=CLIENTS[trial.workload],
        seconds=run.seconds,
        operations_per_s=said["operations_per_s"],
        events_per_s=said["events_per_s"],
        p50_ms=said["p50_ms"],
        p99_ms=said["p99_ms"],
        conflicts=int(said["conflicts"]),
        syncs=syncs,
        load=os.getloadavg()[0],
    )


def groups(
    options: argparse.Namespace, disks: list[Disk], able: set[str]
) -> Iterator[list[Trial]]:
    """The trials that are compared with each other, by workload and disk."""
    for workload in [options.only] if options.only else [*CLIENTS]:
        for disk in disks:
            if disk.name == "fast" or workload in SLOW:
                yield [
                    Trial(workload, disk, name) for name in MEASURED[workload] if name in able
                ]


def rounds(run: Run, compared: list[list[Trial]]) -> None:
    """Measure every trial once a round; each round begins with another implementation."""
    results = install.HOME / "results.jsonl"
    for number in range(1, run.rounds + 1):
        for trials in compared:
            first = (number - 1) % max(1, len(trials))
            for trial in trials[first:] + trials[:first]:
                label = f"{number}/{run.rounds} {trial.workload} {trial.disk.name}"
                try:
                    one = measure(trial, number, run)
                except RuntimeError as failure:
                    where = f"{trial.workload}, {trial.disk.name} disk, round {number}"
                    run.left_out[trial.implementation] = f"failed ({where}): {failure}"
                    print(f"{label} {trial.implementation}: failed: {failure}", flush=True)
                    continue
                run.measurements.append(one)
                with results.open("a") as lines:
                    lines.write(json.dumps(asdict(one)) + "\n")
                print(
                    f"{label} {trial.implementation}: {one.events_per_s:,.0f} events/s, "
                    f"p50 {one.p50_ms} ms, p99 {one.p99_ms} ms",
                    flush=True,
                )


def road() -> dict[str, float]:
    """The figures of the whole road; those of a part that failed are missing, and it is said."""
    return {name: value for part in ROADS for name, value in walked(part).items()}


def walked(part: str) -> dict[str, float]:
    """What a part of the road measured in a process of its own; empty when it failed."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", f"tests.bench.{part}"],
            check=False,
            cwd=install.ROOT,
            capture_output=True,
            text=True,
            timeout=ROADS[part],
        )
    except subprocess.TimeoutExpired:
        print(f"The whole road, {part}: failed: it did not end in time")
        return {}
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or ["?"])[-1]
        print(f"The whole road, {part}: failed: {said}")
        return {}
    figures: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    print(f"The whole road, {part}: {figures}", flush=True)
    return figures


def circumstances(disks: list[Disk], versions: dict[str, str]) -> list[str]:
    """The lines that say on what and with what was measured."""
    settings = ", ".join(f"{name}={value}" for name, value in SETTINGS.items())
    syncs = "; ".join(f"{disk.sync_us} µs, {report.DISKS[disk.name]}" for disk in disks)
    others = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    server = disks[0].postgres.ask("SHOW server_version")
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return [
        f"Machine: {os.cpu_count()} cores shared by clients and servers, {system}.",
        f"One fdatasync of 8 kB (median of 101): {syncs}.",
        f"PostgreSQL {server}: {settings}, the rest as delivered; a database for each.",
        f"Versions: {others or 'none'}.",
    ]


def opened(
    options: argparse.Namespace, left_out: dict[str, str], stack: ExitStack
) -> list[Disk]:
    """The disks to measure on, their PostgreSQL running; the stack stops them."""
    disks = [Disk("fast", None)]
    if options.slow_fsync:
        try:
            disks.append(Disk("slow", Shim(install.HOME)))
        except RuntimeError as missing:
            print(f"No slow disk: {missing}.")
            left_out["slow"] = f"{missing}"
    for disk in disks:
        stack.callback(disk.stop)
        disk.postgres.start()
    return disks


def main() -> int:
    """Install, start, measure, print and write; 1 when nothing could be measured."""
    options = arguments()
    if options.only in ALONE:
        print(json.dumps(ALONE[options.only]()))
        return 0
    if options.only in ROADS:
        return 0 if walked(options.only) else 1
    installed = install.ensure(options.peers)
    left_out = {name: reason for name, reason in installed.left_out.items()}
    left_out |= {name: "not asked for" for name in PEERS if name not in options.peers}
    if not (HERE / "ours.py").exists():
        left_out["ours"] = "tests/bench/ours.py does not exist yet"
    for name, reason in left_out.items():
        print(f"{report.NAMES[name]} is left out: {reason}.")
    able = {"ours", *PEERS} - {*left_out}
    with ExitStack() as stack:
        disks = opened(options, left_out, stack)
        run = Run(
            command=" ".join(["python -m tests.bench", *sys.argv[1:]]),
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            rounds=options.rounds,
            seconds=options.seconds,
            circumstances=circumstances(disks, installed.versions),
            left_out=left_out,
        )
        rounds(run, [*groups(options, disks, able)])
    if options.only is None:
        run.road = road()
    print("\n" + report.tables(run))
    if not options.no_readme and run.measurements:
        report.write(run)
    return 0 if run.measurements else 1


if __name__ == "__main__":
    sys.exit(main())
