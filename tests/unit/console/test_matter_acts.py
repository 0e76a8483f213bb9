"""What the matter page offers, and what it says of the rest."""

from services.console.matter.acts import act_of, by_item, file_acts, lacks_of, offer_of, offered


def told(command: str, **more: object) -> dict[str, object]:
    return {"command": command, "item": "S1-01", "can": False, "why_not": None, **more}


def test_what_can_be_done_what_cannot_and_what_others_do_are_three_lists() -> None:
    acts = [
        act_of("supervision", told("SubmitItem", can=True)),
        act_of("supervision", told("CloseItem", why_not="not_in_this_state")),
        act_of(
            "supervision",
            told("DecideItem", why_not="not_your_post", details={"posts": ["approver"]}),
        ),
    ]
    offer = offer_of(acts)
    assert [one.command for one in offer.now] == ["SubmitItem"]
    assert [one.command for one in offer.not_now] == ["CloseItem"]
    assert [one.posts for one in offer.others] == [("approver",)]
    assert set(by_item(offer.now)) == {"S1-01"}


def test_the_reason_keeps_its_rule_and_its_remedy() -> None:
    details = {"remedy": "先办 / first", "rule": "clocks.x", "state": "ready"}
    act = act_of("supervision", told("CollectResult", why_not="x", details=details))
    assert (act.remedy, act.rule, act.state) == ("先办 / first", "clocks.x", "ready")


def test_a_file_that_lacks_something_cannot_be_closed() -> None:
    acts = {a.command: a for a in file_acts({"state": "open", "lacking": [{"condition": "c"}]})}
    assert (acts["CloseFile"].can, acts["CloseFile"].why_not) == (False, "file_incomplete")
    assert acts["CheckFile"].can and not acts["HandOverFile"].can
    done = {a.command: a for a in file_acts({"state": "closed", "lacking": []})}
    assert done["HandOverFile"].can and done["CloseFile"].why_not == "file_closed"
    assert file_acts(None) == []


def test_what_other_services_take_is_offered_by_post_and_state() -> None:
    found = offered(("agent",), {"S1-01": "ready"}, ("supervision", "archive"))
    assert {one.service for one in found} == {"intake", "assignment"}
    assert ("intake", "PrecheckItem", "S1-01") in {
        (one.service, one.command, one.item) for one in found
    }
    assert offered(("auditor",), {"S1-01": "ready"}, ()) == []


def test_what_is_lacking_is_told_once_with_its_number() -> None:
    found = lacks_of(["decision", "original:1", "original:2", "later"], english=False)
    assert found == [("未作决定", 1), ("原件未退", 2), ("later", 1)]
