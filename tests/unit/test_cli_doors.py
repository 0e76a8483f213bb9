"""A command at a shell asks the running box, or whom it is told, and says what went wrong."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from shared.doors import CannotAsk, Doors, NotKnown

REFUSAL = {
    "type": "urn:onefile:problem:refused",
    "reason": "sealed",
    "details": {"remedy": "等"},
}


class Service(BaseHTTPRequestHandler):
    """Answers with what it was asked; refuses what is posted to /sealed."""

    def do_GET(self) -> None:
        self._answer(200, {"path": self.path, "token": self.headers["Authorization"]})

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        told = {
            "body": json.loads(self.rfile.read(length)),
            "key": self.headers["Idempotency-Key"],
        }
        self._answer(
            409 if self.path == "/sealed" else 201, REFUSAL if self.path == "/sealed" else told
        )

    def log_message(self, format: str, *arguments: object) -> None:
        """Quiet."""

    def _answer(self, status: int, told: object) -> None:
        content = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Service)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def box(home: Path, address: str) -> Path:
    told = {"addresses": {"archive": address}, "tokens": {"auditor": "of the box"}}
    (home / "box.json").write_text(json.dumps(told))
    return home


def test_the_running_box_tells_where_and_with_which_token(tmp_path: Path, address: str) -> None:
    answer = (
        Doors(box(tmp_path, address)).get("archive", "/matters", number="1", at=None).json()
    )
    assert answer == {"path": "/matters?number=1", "token": "Bearer of the box"}


def test_an_option_comes_before_the_box(tmp_path: Path, address: str) -> None:
    doors = Doors(box(tmp_path, "http://127.0.0.1:1"), "mine", {"archive": address})
    assert doors.get("archive", "/").json()["token"] == "Bearer mine"


def test_each_command_has_a_key_of_its_own(tmp_path: Path, address: str) -> None:
    doors = Doors(box(tmp_path, address))
    first, second = (doors.send("archive", "/x", {"a": 1}).json() for _ in range(2))
    assert first["body"] == {"a": 1} and first["key"] != second["key"]


def test_a_refusal_is_told_in_its_own_words(tmp_path: Path, address: str) -> None:
    with pytest.raises(CannotAsk, match="archive /sealed: 409 sealed 等"):
        Doors(box(tmp_path, address)).send("archive", "/sealed", {})


def test_without_a_box_the_settings_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotKnown, match="set ONEFILE_ARCHIVE_URL and ONEFILE_TOKEN"):
        Doors(tmp_path, None, {"archive": None}).get("archive", "/")


def test_a_service_that_is_silent_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotAsk, match=r"archive does not answer at http://127\.0\.0\.1:1/"):
        Doors(box(tmp_path, "http://127.0.0.1:1")).get("archive", "/")
