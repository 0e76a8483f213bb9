"""A long file is told from what was opened before, and reads as if it were opened anew."""

from services.archive.domain.discretion import without_ratings
from services.archive.domain.file import Filed, facts_in
from services.archive.domain.frames import Frame, frames
from services.archive.domain.phrasing import CHINESE, ENGLISH
from services.archive.domain.story import Line, in_order_of_days, story
from services.archive.domain.telling import fold
from services.archive.service.stories import Stories
from tests.unit.archive.examples import COURSE, told
from tests.unit.archive.long_files import long_file

COURSE_FILED = told(*COURSE).filed()


def read(stories: Stories, filed: Filed) -> list[tuple[Line, ...]]:
    found = []
    for tongue in (CHINESE, ENGLISH):
        matter = fold(facts_in(filed))
        shown = (one.shown(matter, tongue) for one in stories.of(filed, "x", tongue))
        found.append(in_order_of_days(shown))
    return found


def anew(filed: Filed) -> list[tuple[Line, ...]]:
    return [story(filed, tongue) for tongue in (CHINESE, ENGLISH)]


def test_what_was_told_before_reads_as_if_it_were_opened_anew() -> None:
    stories = Stories()
    for upto in (3, 1, 8, len(COURSE_FILED.entries)):
        filed = Filed(COURSE_FILED.matter, COURSE_FILED.entries[:upto], COURSE_FILED.project)
        assert read(stories, filed) == read(stories, filed) == anew(filed)


def test_the_rated_read_the_closing_with_the_entries_that_are_left_to_them() -> None:
    stories = Stories()
    around = without_ratings(COURSE_FILED)
    assert read(stories, COURSE_FILED) == anew(COURSE_FILED)
    assert read(stories, around) == anew(around)
    assert read(stories, COURSE_FILED) == anew(COURSE_FILED)


def test_what_was_told_is_not_opened_again() -> None:
    filed = long_file(300)
    made: dict[int, Frame] = {}
    first = list(frames(filed, made))
    assert list(frames(filed, made)) == first
    assert all(one is other for one, other in zip(first, frames(filed, made), strict=True))
