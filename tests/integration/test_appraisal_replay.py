"""An appraisal from the views equals a replay from zero: by fresh views, and by hand without any."""

from services.onebox.platform import Platform
from tests.bench.appraisal import appraised


async def test_an_appraisal_equals_its_replay_from_zero(platform: Platform) -> None:
    """The same as `python -m tests.bench.appraisal` does over 100,000 matters."""
    figures = await appraised(platform, 700)
    assert figures["appraisal_replay_equal"] == 1.0
