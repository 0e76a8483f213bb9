"""Two projects that every planner must agree about: a factory and a housing estate."""

from contracts.project import ProjectFacts

FACTORY = ProjectFacts(
    project_class="building", investment="social", nature="new", site="elsewhere",
    in_jurisdiction=True, land="granted", eia="statement", special_works=False,
    pre_sale=False, civil=False, hazardous=False, energy_review=True, soil_plan=True,
    flood=False, water_abstraction=False, relics=False, gas=True, heating_telecom=False,
    road_opening=True, fee_reduced=True, catalogue_listed=False,
)  # fmt: skip
HOUSING = FACTORY.model_copy(
    update={
        "eia": "none", "special_works": True, "pre_sale": True, "civil": True,
        "energy_review": False, "heating_telecom": True, "fee_reduced": False,
    }
)  # fmt: skip
