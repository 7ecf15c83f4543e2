"""What the transport of the contract kit lets through, how fast, and how it waits."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from rufus_mock.client import RufusClient
from rufus_mock.contract import Owned, Refused, Transport
from rufus_mock.contract.session.errors import BudgetSpent, Overloaded
from rufus_mock.contract.session.transport import LONGEST_WAIT
from tests.contract.recorder import Recorder

KEY = "ror-ae4fc6c19681a20fad30"

OWN, NOBODYS, FOREIGN = "A" * 64, "B" * 64, "C" * 64


@pytest.fixture(scope="module")
def module_recorder() -> Iterator[Recorder]:
    with Recorder() as recorder:
        yield recorder


@pytest.fixture
def recorder(module_recorder: Recorder) -> Recorder:
    module_recorder.arrived.clear()
    module_recorder.answers.clear()
    return module_recorder


@pytest.fixture
def owned() -> Owned:
    return Owned("run 1", devices={OWN: True}, sessions={OWN: True}, nobodys={NOBODYS})


METHODS = ["POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS", "TRACE", "get", "Post"]

PATHS = ["/devices", f"/devices/{OWN}", "/sessions", f"/sessions/close/{OWN}", "/passings", "/x", "/../admin"]


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(METHODS),
    st.sampled_from(PATHS),
    st.sampled_from([None, b"{}", b'{"deviceid":"' + b"A" * 64 + b'"}']),
)
def test_without_leave_nothing_but_get_leaves(method: str, path: str, body: bytes | None) -> None:
    with Recorder() as recorder, Transport(recorder.url, Owned("run 1", {OWN: True}, {OWN: True})) as transport:
        ways: list[Callable[[], Any]] = [
            lambda: transport.request(method, recorder.url + path, data=body),
            lambda: transport.send(requests.Request(method, recorder.url + path, data=body).prepare()),
            lambda: transport.get_adapter(recorder.url).send(
                requests.Request(method, recorder.url + path, data=body).prepare()
            ),
        ]
        transport.mount("http://", requests.adapters.HTTPAdapter())
        for way in ways:
            try:
                way()
            except Refused:
                continue
        assert [line for line in recorder.arrived if not line.startswith("GET ")] == []


@pytest.mark.parametrize(
    "operation", ["bind_device", "open_session", "close_session", "insert_passings", "unbind_device"]
)
def test_the_client_cannot_write_without_leave(recorder: Recorder, owned: Owned, operation: str) -> None:
    arguments: dict[str, tuple[Any, ...]] = {"bind_device": ("m", "s"), "insert_passings": (OWN, [])}
    with Transport(recorder.url, owned) as transport, pytest.raises(Refused, match="--allow-writes"):
        getattr(RufusClient(recorder.url, KEY, session=transport), operation)(*arguments.get(operation, (OWN,)))
    assert recorder.arrived == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", f"/devices/{FOREIGN}", None),
        ("PATCH", f"/sessions/close/{FOREIGN}", None),
        ("PATCH", f"/sessions/close/{FOREIGN.replace('C', '%43')}", None),
        ("POST", "/sessions", {"deviceid": FOREIGN}),
        ("POST", "/passings", {"token_session": FOREIGN, "passings_list": []}),
        ("POST", "/passings", {"token_session": OWN, "deviceid": FOREIGN}),
        ("POST", "/devices", {"model": "m", "serial_number": "s", "alias": "someone's"}),
        ("POST", "/devices", {"model": "m", "serial_number": "s", "alias": 1}),
        ("POST", "/devices/", {}),
        ("DELETE", "/devices", None),
        ("PUT", "/devices", {}),
    ],
)
def test_what_is_not_the_runs_own_stays_as_it_is(
    recorder: Recorder, owned: Owned, method: str, path: str, body: Any
) -> None:
    with Transport(recorder.url, owned, allow_writes=True) as transport, pytest.raises(Refused, match="run's own"):
        transport.request(method, recorder.url + path, json=body)
    assert recorder.arrived == []


def test_what_was_made_is_known_from_the_answers(recorder: Recorder, owned: Owned) -> None:
    device, session = "D" * 64, "E" * 64
    recorder.answers += [
        (201, {}, b'{"deviceid":"' + device.encode() + b'"}'),
        (201, {}, b'{"body":{"token_session":"' + session.encode() + b'"}}'),
    ]
    with Transport(recorder.url, owned, allow_writes=True) as transport:
        transport.post(f"{recorder.url}/devices", json={"serial_number": "s", "alias": "run 1"})
        transport.post(f"{recorder.url}/sessions", json={"deviceid": device})
        transport.patch(f"{recorder.url}/sessions/close/{session}")
        assert (owned.devices[device], owned.sessions[session]) == (True, False)
        transport.delete(f"{recorder.url}/devices/{device}")
        transport.delete(f"{recorder.url}/devices/{NOBODYS}")
    assert owned.devices[device] is False
    assert owned.serial_numbers == {"s"}


def test_a_refused_write_makes_nothing(recorder: Recorder, owned: Owned) -> None:
    recorder.answers += [(409, {}, b'{"deviceid":"' + FOREIGN.encode() + b'"}')]
    with Transport(recorder.url, owned, allow_writes=True) as transport:
        transport.post(f"{recorder.url}/devices", json={"serial_number": "s", "alias": "run 1"})
    assert FOREIGN not in owned.devices


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/v0", "https://api.runonrufus.com/v0/devices", "http://localhost/x"]
)
def test_nothing_goes_to_another_host(recorder: Recorder, owned: Owned, url: str) -> None:
    with Transport(recorder.url, owned) as transport, pytest.raises(Refused, match="host"):
        transport.get(url)


def test_a_redirect_to_another_host_is_not_followed(recorder: Recorder, owned: Owned) -> None:
    with Recorder() as elsewhere:
        recorder.answers += [(302, {"Location": f"{elsewhere.url}/devices"}, b"")] * 2
        with Transport(recorder.url, owned) as transport:
            reply = RufusClient(recorder.url, KEY, session=transport).send("listDevices")
            assert reply.status == 302
            with pytest.raises(Refused, match="host"):
                transport.get(f"{recorder.url}/devices", headers={"api_key": KEY}, allow_redirects=True)
        assert elsewhere.arrived == []


class Time:
    """A clock that goes on only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def __call__(self) -> float:
        return self.now


def test_the_rate_holds_for_all_requests_together(recorder: Recorder, owned: Owned) -> None:
    time = Time()
    with Transport(recorder.url, owned, rate=5, sleep=time.sleep, clock=time) as transport:
        for _ in range(11):
            transport.get(f"{recorder.url}/devices")
    assert time.now == pytest.approx(2.0)


def test_the_budget_ends_the_run_but_not_the_cleaning_up(recorder: Recorder, owned: Owned) -> None:
    with Transport(recorder.url, owned, budget=2, allow_writes=True) as transport:
        for _ in range(2):
            transport.get(f"{recorder.url}/devices")
        with pytest.raises(BudgetSpent, match="2 requests"):
            transport.get(f"{recorder.url}/devices")
        assert len(recorder.arrived) == 2
        transport.closing()
        transport.delete(f"{recorder.url}/devices/{OWN}")
        with pytest.raises(Refused, match="nothing new"):
            transport.post(f"{recorder.url}/sessions", json={"deviceid": OWN})


@pytest.mark.parametrize(
    ("header", "waited"), [("7", 7.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), (None, 1.0), ("soon", 1.0)]
)
@pytest.mark.parametrize("status", [429, 503])
def test_it_waits_as_the_server_asks(
    recorder: Recorder, owned: Owned, status: int, header: str | None, waited: float
) -> None:
    time = Time()
    recorder.answers += [(status, {"Retry-After": header} if header else {}, b"")]
    with Transport(recorder.url, owned, sleep=time.sleep, clock=time) as transport:
        assert transport.get(f"{recorder.url}/devices").status_code == 200
    assert sum(time.slept) == waited
    assert len(recorder.arrived) == 2


def test_it_gives_up_on_a_server_that_has_no_time(recorder: Recorder, owned: Owned) -> None:
    time = Time()
    with Transport(recorder.url, owned, sleep=time.sleep, clock=time) as transport:
        recorder.answers += [(429, {"Retry-After": f"{LONGEST_WAIT + 1:.0f}"}, b"")]
        with pytest.raises(Overloaded, match="wait"):
            transport.get(f"{recorder.url}/devices")
        recorder.answers += [(503, {}, b"")] * 4
        with pytest.raises(Overloaded, match="in a row"):
            transport.get(f"{recorder.url}/devices")
    assert len(recorder.arrived) == 5


def test_proxies_are_read_from_the_environment_once(
    recorder: Recorder, owned: Owned, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def environ_proxies(url: str, **_: Any) -> dict[str, str]:
        read.append(url)
        return {}

    monkeypatch.setattr("requests.sessions.get_environ_proxies", environ_proxies)
    with Transport(recorder.url, owned) as transport:
        for _ in range(3):
            assert transport.get(f"{recorder.url}/devices").status_code == 200
    assert read == [f"{recorder.url}/devices"]


def test_proxies_of_the_environment_are_used(recorder: Recorder, owned: Owned, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", recorder.url.removesuffix("/v0"))
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("NO_PROXY", "")
    with Transport("http://api.invalid/v0", owned) as transport:
        for _ in range(2):
            assert transport.get("http://api.invalid/v0/devices").status_code == 200
    assert recorder.arrived == ["GET http://api.invalid/v0/devices"] * 2
