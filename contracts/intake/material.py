"""What intake says of the papers an item needs (材料)."""

from typing import Literal
from uuid import UUID

from contracts.event import Event, Personal
from contracts.vocabulary import (
    CatalogueEdition,
    Count,
    Day,
    Defaults,
    Document,
    ItemCode,
    Mark,
    MaterialCode,
    MaterialOrigin,
    UndertakingPoint,
    WaitingOn,
)


class MaterialRequested(Event):
    """Materials were asked for, once and in full or early for later items (通知备料; YO-30,
    X-07).

    `ahead` means the item is not yet due: the unit may prepare early. `waiting_on` says whose
    clock runs until they come. `late` flags a request that comes after the set was complete
    and therefore needs a `reason` (AS-58).
    """

    type: Literal["intake.material_requested.v1"] = "intake.material_requested.v1"

    request: UUID
    items: tuple[ItemCode, ...]
    materials: tuple[MaterialCode, ...]
    waiting_on: WaitingOn = "applicant"
    ahead: bool = False
    due_on: Day | None = None
    late: bool = False
    defaults: Defaults = ()
    wording: Personal[str] | None = None
    reason: Personal[str] | None = None


class MaterialReceived(Event):
    """A material was taken in against a receipt (接收材料; YO-39, YO-03).

    `piece` is this very paper or file set; `replaces` an earlier piece it supersedes. Originals
    are counted because they must come back. By `mark` the same files handed in again are known.
    """

    type: Literal["intake.material_received.v1"] = "intake.material_received.v1"

    piece: UUID
    material: MaterialCode
    originals: Count = 0
    copies: Count = 0
    sheets: Count | None = None
    valid_until_on: Day | None = None
    replaces: UUID | None = None
    request: UUID | None = None
    visit: UUID | None = None
    mark: Mark | None = None
    title: Personal[str] | None = None
    handed_in_by: Personal[str] | None = None
    scans: Personal[tuple[Document, ...]] | None = None
    receipt: Personal[Document] | None = None


class MaterialSuperseded(Event):
    """A later version took the place of a material; the earlier one stays on file (材料更新;
    YO-39, HS-39).
    """

    type: Literal["intake.material_superseded.v1"] = "intake.material_superseded.v1"

    piece: UUID
    by: UUID
    material: MaterialCode
    items: tuple[ItemCode, ...] = ()


class UndertakingGiven(Event):
    """The unit warranted materials to be true, lawful, complete, valid and conforming (材料承诺;
    YY-46, HS-55).

    `pieces` are the papers it speaks for; false ones are a ground for ending the service.
    """

    type: Literal["intake.undertaking_given.v1"] = "intake.undertaking_given.v1"

    points: tuple[UndertakingPoint, ...]
    pieces: tuple[UUID, ...]
    signatory: Personal[str] | None = None
    paper: Personal[Document] | None = None


class MaterialReused(Event):
    """What the unit had given once was used again, so it was not asked twice (材料共享; YO-03,
    X-14).
    """

    type: Literal["intake.material_reused.v1"] = "intake.material_reused.v1"

    material: MaterialCode
    items: tuple[ItemCode, ...]
    origin: MaterialOrigin
    piece: UUID | None = None
    from_matter: UUID | None = None
    from_item: ItemCode | None = None


class MaterialSetCompleted(Event):
    """Every material an item needs is there (材料齐全; YO-39, YO-36)."""

    type: Literal["intake.material_set_completed.v1"] = "intake.material_set_completed.v1"

    item: ItemCode
    catalogue: CatalogueEdition
    materials: tuple[MaterialCode, ...]
    tolerated: tuple[MaterialCode, ...] = ()


class PrecheckPassed(Event):
    """The agent read the papers of an item through and found them in order (预审通过; YO-69)."""

    type: Literal["intake.precheck_passed.v1"] = "intake.precheck_passed.v1"

    item: ItemCode
    pieces: tuple[UUID, ...]
    note: Personal[str] | None = None


class PrecheckFailed(Event):
    """The agent read the papers of an item through and found faults (预审不通过; YO-69, X-07)."""

    type: Literal["intake.precheck_failed.v1"] = "intake.precheck_failed.v1"

    item: ItemCode
    faulty: tuple[MaterialCode, ...]
    waiting_on: WaitingOn = "applicant"
    due_on: Day | None = None
    defaults: Defaults = ()
    faults: Personal[str]
