"""A replica that was told to leave says so, and still answers whoever has not heard it yet."""

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from shared.leaving import Leaving


def service() -> Leaving:
    app = FastAPI()

    @app.get("/readyz")
    async def readyz() -> dict[str, bool]:
        return {"database": True}

    @app.get("/thing")
    async def thing() -> dict[str, str]:
        return {"is": "there"}

    return Leaving(app)


async def test_it_is_not_ready_any_more_and_every_answer_closes_its_connection() -> None:
    leaving = service()
    async with AsyncClient(transport=ASGITransport(leaving), base_url="http://it") as client:
        assert (await client.get("/readyz")).status_code == 200
        assert "connection" not in (await client.get("/thing")).headers
        leaving.tell()
        refused = await client.get("/readyz")
        assert (refused.status_code, refused.json()) == (503, {"staying": False})
        still = await client.get("/thing")
        assert (still.status_code, still.json()) == (200, {"is": "there"})
        assert still.headers["connection"] == "close"


async def test_a_second_signal_is_at_once() -> None:
    leaving = service()
    leaving.tell()
    assert not leaving.at_once.is_set()
    leaving.tell()
    assert leaving.at_once.is_set()
