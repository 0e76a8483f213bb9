"""Teams of every shape: who leads, who is missing, and when a team stands."""

from contracts.assignment import ChiefAppointed, PostVacated, SlotFilled, TeamFormed
from services.assignment.domain.commands import AppointChief, FormTeam
from services.assignment.domain.facts import RosterFacts
from services.assignment.domain.teams import Team, teams
from tests.unit.assignment.examples import TODAY
from tests.unit.assignment.people import (
    CHIEFED,
    FAY,
    GROUPED,
    GUS,
    HAL,
    IDA,
    LISTED,
    SITED,
    TOMORROW,
    at,
    before,
    into,
    joined,
    post,
)

AREA = CHIEFED.pack.jurisdiction.code
fay = joined(FAY, CHIEFED, "team", "chief_agent")
gus = joined(GUS, CHIEFED, "team", "chief_agent", "agent")
hal = joined(HAL, CHIEFED, "team", "agent")
ida = joined(IDA, CHIEFED, "team", "reserve_agent")
chief = post(FAY, "chief", "chief_agent", "team", slot="chief", begins_on=before(9))
led = ChiefAppointed(team="team", person=FAY, body="team", post="chief", begins_on=before(9))


def shape(facts: RosterFacts) -> dict[str, Team]:
    return {team.id: team for team in teams(at(facts)().state(), facts)}


def test_the_four_places_have_teams_of_their_own_shape() -> None:
    assert {"team", "tf"} <= shape(CHIEFED).keys()
    assert set(shape(GROUPED)) == {"whole", "government", "social", "utility"}
    assert {"park_i", "park_a", "depts", "town"} <= shape(SITED).keys()
    assert set(shape(LISTED)) == {"whole"}


def test_each_working_group_has_a_head() -> None:
    groups = [team for team in shape(GROUPED).values() if team.kind == "group"]
    assert [team.chief.place.role for team in groups if team.chief] == ["head"] * 3


def test_a_chief_is_appointed_by_the_post() -> None:
    command = AppointChief(area=AREA, person=FAY)
    at(CHIEFED)(fay).when(command).then(
        post(FAY, "chief", "chief_agent", "team", slot="chief"),
        ChiefAppointed(team="team", person=FAY, body="team", post="chief", begins_on=TODAY),
    )
    at(CHIEFED)(fay, chief, led).when(command).then_nothing()


def test_the_next_chief_follows_the_one_before_who_stays_in_the_history() -> None:
    command = AppointChief(area=AREA, person=GUS)
    events = (
        PostVacated(
            post="chief",
            body="team",
            person=FAY,
            cause="moved",
            successor=GUS,
            vacated_on=TODAY,
        ),
        post(GUS, "chief", "chief_agent", "team", slot="chief"),
        ChiefAppointed(
            team="team",
            person=GUS,
            body="team",
            post="chief",
            begins_on=TODAY,
            predecessor=FAY,
        ),
    )
    at(CHIEFED)(fay, gus, chief, led).when(command).then(*events)
    state = at(CHIEFED)(fay, gus, chief, led, *events).state()
    assert [p.person for p in state.holders("chief", TODAY)] == [GUS]
    assert [p.person for p in state.holders("chief", before(1))] == [FAY]
    assert state.heir(FAY) == GUS and state.chiefs == {"team": ("chief", GUS)}


def test_a_chief_begins_today_and_not_before_the_one_he_follows() -> None:
    ahead = AppointChief(area=AREA, person=GUS, begins_on=TOMORROW)
    at(CHIEFED)(gus).when(ahead).then_refused("begins_out_of_turn")
    back = AppointChief(area=AREA, person=GUS, begins_on=before(10))
    at(CHIEFED)(fay, gus, chief, led).when(back).then_refused("begins_out_of_turn")


def test_a_second_chief_is_refused_at_the_post_too() -> None:
    at(CHIEFED)(fay, gus, chief, led).when(into(CHIEFED, GUS, "chief")).then_refused(
        "post_is_held"
    )


def test_only_who_has_the_role_leads_and_only_a_team_with_a_chief_is_led() -> None:
    at(CHIEFED)(hal).when(AppointChief(area=AREA, person=HAL)).then_refused(
        "role_not_on_the_roster"
    )
    at(CHIEFED)(fay).when(AppointChief(area=AREA, person=FAY, team="moon")).then_refused(
        "team_unknown"
    )
    at(CHIEFED)(fay).when(AppointChief(area=AREA, person=FAY, team="whole")).then_refused(
        "team_has_no_chief"
    )


def test_a_team_stands_when_what_must_be_filled_is() -> None:
    command = FormTeam(area=AREA, team="team")
    refused = at(CHIEFED)(fay, hal).when(command).then_refused("team_incomplete")
    assert refused["vacant"] == ["chief"] and refused["rule"] == "team.slots.chief"
    formed = TeamFormed(
        team="team",
        model="one_plus_n",
        formed_on=TODAY,
        slots=(
            SlotFilled(slot="chief", post="chief", persons=(FAY,)),
            SlotFilled(slot="agents", post="agents", persons=(HAL,)),
        ),
        wanting=("reserves",),
    )
    decided = at(CHIEFED)(fay, hal, chief, led).when(command)
    event = formed.model_copy(update={"defaults": _defaults()})
    decided.then(event)
    at(CHIEFED)(fay, hal, chief, led, event).when(command).then_nothing()
    again = event.model_copy(
        update={
            "slots": (
                *event.slots,
                SlotFilled(slot="reserves", post="reserves", persons=(IDA,)),
            ),
            "wanting": (),
        }
    )
    at(CHIEFED)(fay, hal, ida, chief, led, event).when(command).then(again)


def _defaults() -> tuple[str, ...]:
    ours = (d.path for d in CHIEFED.pack.defaults())
    return tuple(p for p in ours if p.startswith(("team.slots.", "team.model")))


def test_a_reserve_is_shown_apart_from_the_members() -> None:
    state = at(CHIEFED)(fay, hal, ida).state()
    team = next(t for t in teams(state, CHIEFED) if t.id == "team")
    assert team.reserves == (IDA,) and set(team.members) == {FAY, HAL}
