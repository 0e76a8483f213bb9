"""Which edition of its rules do new matters of a place follow on a day, and why not another?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from contracts.pack import Pack
from shared.decider import Refused


@dataclass(frozen=True, slots=True)
class Activation:
    """From `begins_on` new matters follow `edition`; `override` is a person's word for a draft."""

    edition: str
    begins_on: date
    override: bool = False


@dataclass(frozen=True, slots=True)
class Editions:
    """The editions of a place that were activated, in the order of the acts, and retired."""

    activations: tuple[Activation, ...] = ()
    retired: Mapping[str, date] = MappingProxyType({})

    def activated(self, activation: Activation) -> "Editions":
        """Activating again what was retired takes it back."""
        left = {e: day for e, day in self.retired.items() if e != activation.edition}
        return Editions((*self.activations, activation), MappingProxyType(left))

    def retire(self, edition: str, ends_on: date) -> "Editions":
        return replace(self, retired=MappingProxyType({**self.retired, edition: ends_on}))

    def chosen(self, day: date) -> Activation | None:
        """The activation that counts on `day`: the latest to begin, the later act on a tie."""
        begun = [one for one in self.activations if one.begins_on <= day]
        return max(reversed(begun), key=lambda one: one.begins_on, default=None)

    def is_retired(self, edition: str, day: date) -> bool:
        ends_on = self.retired.get(edition)
        return ends_on is not None and ends_on <= day

    def is_overruled(self, edition: str) -> bool:
        """Whether a person let live matters follow this draft."""
        return any(one.override for one in self.activations if one.edition == edition)

    def was_activated(self, edition: str) -> bool:
        return any(one.edition == edition for one in self.activations)


NO_EDITIONS = Editions()


@dataclass(frozen=True, slots=True)
class Carried:
    """What this deployment carries for a place: packs by edition, and the one it came with.

    `drafts` says that whoever runs it lets new matters follow drafts (HS-01).
    """

    packs: Mapping[str, Pack]
    current: str
    drafts: bool = False


def edition_for_new(editions: Editions, carried: Carried, day: date) -> str:
    """The edition a matter that begins on `day` follows; refused with the reason if none."""
    chosen = editions.chosen(day)
    return taken_up(chosen.edition if chosen else carried.current, editions, carried, day)


def taken_up(edition: str, editions: Editions, carried: Carried, day: date) -> str:
    """`edition`, when a matter may take it up on `day`; refused with the reason otherwise."""
    if editions.is_retired(edition, day):
        raise Refused(
            "pack_retired",
            edition=edition,
            ends_on=editions.retired[edition].isoformat(),
            remedy="该版方案已停用，请由管理部门启用其他版本 / retired: activate another edition",
        )
    pack = carried.packs.get(edition)
    if pack is None:
        raise Refused(
            "edition_not_loaded",
            edition=edition,
            loaded=sorted(carried.packs),
            remedy="请先部署该版政策包 / deploy that pack first",
        )
    refuse_out_of_date(pack, day)
    if not carried.drafts and not editions.is_overruled(edition):
        refuse_draft(pack)
    return edition


def refuse_out_of_date(pack: Pack, day: date) -> None:
    """Refuse what is not yet effective on `day`, or no longer (HS-49)."""
    text = pack.instrument
    match text.dated(day):
        case "not_yet":
            begins = (
                text.issued_on if text.effective_from == "on_issue" else text.effective_from
            )
            raise Refused(
                "pack_not_yet_effective",
                edition=pack.edition,
                effective_from=str(begins or "on_issue"),
                day=day.isoformat(),
                rule="instrument.effective_from",
                remedy="该版方案尚未施行，请待施行之日或启用现行版本 / not yet in effect on that day",
            )
        case "expired":
            raise Refused(
                "pack_expired",
                edition=pack.edition,
                expires_on=str(text.expires_on),
                day=day.isoformat(),
                rule="instrument.expires_on",
                remedy="该版方案已过有效期，请启用新版本 / expired: activate a newer edition",
            )


def refuse_draft(pack: Pack) -> None:
    """A text for comment is not law: live matters only by explicit override (HS-01, AS-01)."""
    if pack.instrument.status != "in_force":
        raise Refused(
            "pack_is_draft",
            edition=pack.edition,
            status=pack.instrument.status,
            rule="instrument.status",
            remedy="征求意见稿、讨论稿不得用于实际办件；确需试行的，由管理部门写明理由后启用 / "
            "a draft is no rule: activate it with a reason (override), or allow drafts",
        )


def effective_day(pack: Pack) -> date | None:
    """The first day on which the text itself is in effect; None when it names none."""
    text = pack.instrument
    return text.issued_on if text.effective_from == "on_issue" else text.effective_from
