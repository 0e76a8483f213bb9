"""The agency's commands: make a key, try a subscriber."""

import argparse
import sys
from pathlib import Path

from onefile_client.keys import Key
from onefile_client.kit import play


def main(arguments: list[str] | None = None) -> int:
    """Run a verb; 1 when a trial was not passed, 2 when it could not be done."""
    parser = argparse.ArgumentParser("onefile-client", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    key = verbs.add_parser(
        "key", help="生成密钥 make a key: the seed stays here, hand out the U… line"
    )
    key.add_argument("file", type=Path, help="where the seed is written (0600)")
    kit = verbs.add_parser(
        "kit", help="订阅方检验 play what happens over years at your subscriber"
    )
    kit.add_argument(
        "--outage",
        type=float,
        default=1800.0,
        help="seconds the operator is away; played, not waited for (default: half an hour)",
    )
    kit.add_argument(
        "--silence", type=float, default=5.0, help="seconds for which nobody really answers"
    )
    kit.add_argument(
        "--golden", type=Path, help="contracts/golden: every version ever said is played too"
    )
    kit.add_argument(
        "--type", action="append", default=[], help="an event type you handle; repeat"
    )
    kit.add_argument("command", nargs=argparse.REMAINDER, help="-- your program and its words")
    chosen = parser.parse_args(arguments)
    if chosen.verb == "key":
        made = Key.made()
        try:
            made.save(chosen.file)
        except FileExistsError:
            print(
                f"{chosen.file} 已存在 exists already: keys are never overwritten",
                file=sys.stderr,
            )
            return 2
        print(made.public)
        return 0
    command = chosen.command[1:] if chosen.command[:1] == ["--"] else chosen.command
    if not command:
        print("请在 -- 之后给出命令 name your program after --", file=sys.stderr)
        return 2
    passed = True
    how = {"outage": chosen.outage, "silence": chosen.silence}
    for finding in play(command, **how, types=chosen.type, golden=chosen.golden):
        print(finding, flush=True)
        passed &= finding.passed
    return 0 if passed else 1


if __name__ == "__main__":
    raise SystemExit(main())
