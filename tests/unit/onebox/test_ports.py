"""Services of one box never share a port, whatever else runs on the machine."""

from services.onebox.ports import free_port
from services.onebox.serving import bound, listening


def test_who_finds_the_usual_port_taken_gets_one_of_his_own() -> None:
    first = listening(free_port(0))
    usual = first.getsockname()[1]
    others = [listening(usual) for _ in range(3)]
    ports = {sock.getsockname()[1] for sock in (first, *others)}
    assert len(ports) == 4
    assert bound(usual) is None
    for sock in (first, *others):
        sock.close()
