"""A receipt follows one complaint; nobody makes one, and what anybody says picks no judge."""

import pytest
from pydantic import ValidationError

from contracts.event import Personal
from services.evaluation.domain.commands import ComplainOpenly
from services.evaluation.domain.complaints import by_anybody
from services.evaluation.domain.receipts import Receipts
from shared.decider import Refused
from shared.effects import new_id
from tests.unit.evaluation.examples import PACK

AREA = PACK.jurisdiction.code


def test_a_receipt_is_read_however_it_is_typed_and_by_this_deployment_alone() -> None:
    here, there, origin = Receipts(b"k" * 32), Receipts(b"q" * 32), new_id()
    receipt = here.of(origin)
    assert receipt == here.of(origin) != here.of(new_id())
    assert here.made(receipt) == here.made(f" {receipt.replace('-', ' ').lower()} ") is not None
    assert there.of(origin) != receipt and there.made(receipt) != here.made(receipt)


@pytest.mark.parametrize("wrong", ["", "1234", "ABCD-EFGH-IJKL-MN0P", "ABCD-EFGH-IJKL-MNOP-A"])
def test_what_is_no_receipt_names_nothing(wrong: str) -> None:
    assert Receipts(b"k" * 32).made(wrong) is None


def test_without_name_and_contact_it_is_anonymous() -> None:
    said = ComplainOpenly(area=AREA, kind="conduct", words=Personal("等了两个小时"))
    assert by_anybody(said, PACK).anonymous
    named = said.model_copy(update={"contact": Personal("000-0000001")})
    assert not by_anybody(named, PACK).anonymous


def test_a_body_that_is_not_of_the_place_is_refused() -> None:
    said = ComplainOpenly(area=AREA, kind="fee", body="nowhere", words=Personal("收了费"))
    with pytest.raises(Refused) as refused:
        by_anybody(said, PACK)
    assert refused.value.code == "body_unknown"


@pytest.mark.parametrize("more", ["to", "against", "order", "anonymous"])
def test_anybody_names_neither_who_looks_into_it_nor_a_person(more: str) -> None:
    with pytest.raises(ValidationError):
        ComplainOpenly.model_validate(
            {"area": AREA, "kind": "fee", "words": Personal("收了费"), more: "hall"}
        )
