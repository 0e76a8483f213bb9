"""Which rungs does the pack's ladder have, and who owns the rules (升级层级)?"""

from contracts.pack import Pack
from contracts.pack.rules import Ladder, Rung
from shared.decider import Refused


def ladder_for(pack: Pack, concerns: str) -> Ladder:
    """The pack's ladder for slow items or for problems; refused when it has none."""
    for ladder in pack.ladders:
        if ladder.concerns == concerns:
            return ladder
    raise Refused("no_ladder", concerns=concerns, rule="ladders")


def rules_owner(pack: Pack) -> str | None:
    """The body that owns the rules: the reform office of the pack, else its first body."""
    offices = [body.id for body in pack.bodies if body.kind == "reform_office"]
    return next(iter([*offices, *(body.id for body in pack.bodies)]), None)


def rung_of(ladder: Ladder, number: int) -> Rung:
    """The rung of that number; refused when the ladder has none."""
    for rung in ladder.rungs:
        if rung.rung == number:
            return rung
    raise Refused(
        "no_such_rung",
        rule=f"ladders.{ladder.id}",
        rungs=[rung.rung for rung in ladder.rungs],
    )


def require_signal(ladder: Ladder, rung: Rung, signal: str) -> None:
    """Refuse a signal that the rung does not fire on."""
    if rung.fires and signal not in rung.fires:
        raise Refused(
            "signal_not_on_this_rung",
            signal=signal,
            fires=list(rung.fires),
            rule=f"ladders.{ladder.id}.rungs.{rung.id}.fires",
        )
