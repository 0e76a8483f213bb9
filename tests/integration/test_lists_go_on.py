"""No list of what waits ends silently: it has a next page, and the pages together are the whole."""

from typing import Any

from services.onebox.platform import Platform
from tests.integration.evaluation_scene import Place, place


async def pages(at: Place, kind: str) -> list[list[Any]]:
    found, after = [], {kind: ""}
    while kind in after:
        page = await at.office("/tasks", kind=kind, after=after[kind], limit=1)
        found.append(page[kind])
        after = page["after"]
    return found


async def test_what_evaluation_waits_for_is_read_page_by_page(platform: Platform) -> None:
    async with place(platform) as at:
        matters = {str(await at.serve()) for _ in range(3)}
        whole = await at.world.eventually(
            lambda: at.office("/tasks"), lambda t: len(t["return_visits"]) == 3
        )
        assert whole["after"] == {}
        first = await at.office("/tasks", limit=1)
        assert len(first["return_visits"]) == 1 and set(first["after"]) == {"return_visits"}
        read = await pages(at, "return_visits")
        assert [len(rows) for rows in read] == [1, 1, 1]
        assert {row["matter"] for rows in read for row in rows} == matters
        assert [row for rows in read for row in rows] == whole["return_visits"]

        for path in ("/appeals", "/appraisals", "/appraisals/publications"):
            assert await at.office(path, limit=1) == {"rows": [], "after": None}
        bad = await at.world.client("evaluation", "office").get(
            "/appeals", params={"area": at.world.area, "after": "eA=="}
        )
        assert bad.json()["type"] == "urn:onefile:problem:bad_cursor"
