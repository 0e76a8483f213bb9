"""How long does a decision on admission and routing take under a pack of a thousand rules?"""

import copy
import json
from typing import Any

from contracts.edition import read_data
from contracts.pack import Pack, load_pack, shipped_packs
from contracts.project import MatterFacts
from shared.effects import monotonic

RULES, DECISIONS = 1_000, 2_000


def grown(rules: int = RULES) -> Pack:
    """A shipped pack with `rules` rules, a quarter of each kind; only the last of each holds."""
    data = copy.deepcopy(read_data(shipped_packs()[0]))
    each, bodies = rules // 4, [data["bodies"][0]["id"]]
    agents = [role["id"] for role in data["roles"] if role["canonical"] == "agent"]
    said = {"zh": "规则", "src": "测量"}
    amount = {"investment_amount": {"ge": 10**9}}
    data["scope"] |= {
        "include": [
            {
                "id": f"in_{n}",
                "when": {"project_class": f"c{n}", "investment": "social"},
                **said,
            }
            for n in range(each)
        ],
        "exclude": [
            {"id": f"out_{n}", "when": {"all": [amount, {"flag": [f"x{n}", "y1"]}]}, **said}
            for n in range(each)
        ],
        "refer": [],
        "applicants": [],
    }
    last = {"to": bodies, **said}
    data["routing"] = [
        *(
            {"id": f"to_{n}", "when": {"project_class": f"d{n}", **amount}, **last}
            for n in range(each - 1)
        ),
        {"id": "to_last", **last},
        *(
            {
                "id": f"item_{n}", "applies_to": "item", "to": agents, **said,
                "when": {"item_level": ["city", "county"], "not": {"channel": "app"},
                         "flag": f"z{n}"},
            }
            for n in range(each - 1)
        ),
        {"id": "item_last", "applies_to": "item", "to": agents, **said},
    ]  # fmt: skip
    left = [question for known in data["open"] if (question := _left(known))["paths"]]
    nothing = {"q": "?", "paths": ["scope.refer", "scope.applicants"], "default": "-"}
    data["open"] = [*left, {"id": "nothing_else", **nothing}]
    return load_pack(json.dumps(data, default=str).encode())  # JSON is YAML


def _left(question: dict[str, Any]) -> dict[str, Any]:
    """A question without the paths that were measured away."""
    gone = ("scope.include", "scope.exclude", "scope.refer", "scope.applicants", "routing")
    return question | {"paths": [p for p in question["paths"] if not p.startswith(gone)]}


def facts(rules: int = RULES) -> MatterFacts:
    """A project that the last rule of each kind is about."""
    return MatterFacts.model_validate(
        {
            "project_class": f"c{rules // 4 - 1}",
            "investment": "social",
            "investment_amount": "12345678.90",
            "item_level": "county",
            "channel": "window",
            "flags": ["major"],
        }
    )


def decided() -> dict[str, float]:
    """Milliseconds of one admission with its routing, and seconds to load the pack."""
    began = monotonic()
    pack, known = grown(), facts()
    loading = monotonic() - began
    assert pack.admits(known).ok
    assert pack.route(known).rules == ("to_last", "item_last")
    taken = []
    for _ in range(DECISIONS):
        began = monotonic()
        pack.admits(known)
        pack.route(known)
        taken.append((monotonic() - began) * 1e3)
    taken.sort()
    return {
        "pack_p50_ms": round(taken[DECISIONS // 2], 3),
        "pack_p99_ms": round(taken[DECISIONS * 99 // 100], 3),
        "pack_load_s": round(loading, 2),
    }


if __name__ == "__main__":
    print(json.dumps(decided()))
