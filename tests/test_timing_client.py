"""An unmodified timing program in Java, whose base URL is a constant, records a race on the mock."""

import http.client
import json
import random
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.programs import CLIENTS, require, run, serve_tls, unavailable

HOST = "api.runonrufus.com"
PORT = 443
KEY = "ror-ae4fc6c19681a20fad30"
PASSWORD = "changeit"
SESSIONS, PASSINGS = 3, 50


def own_address() -> str:
    """A loopback address whose port 443 is free: what https://api.runonrufus.com leads to, and nothing else."""
    address = f"127.{random.randint(1, 254)}.{random.randint(0, 255)}.{random.randint(1, 254)}"
    with socket.socket() as probe:
        try:
            probe.bind((address, PORT))
        except PermissionError:
            unavailable(f"may not bind port {PORT}: run as root or set net.ipv4.ip_unprivileged_port_start={PORT}")
        except OSError as error:
            unavailable(f"cannot bind {address} port {PORT}: {error.strerror}")
    return address


@dataclass
class Recorded:
    """What the client printed: the status of bind, the device, and the passings that it sent by session."""

    bind: int
    deviceid: str
    sessions: dict[str, list[tuple[int, str, str]]]


class Machine:
    """A machine on which api.runonrufus.com is the mock, for Java alone."""

    def __init__(self, folder: Path, classes: Path, address: str, certificate: Path) -> None:
        self.folder = folder
        self.classes = classes
        self.address = address
        self.certificate = certificate
        self.store = folder / "trusted.p12"
        trusting: list[str | Path] = ["-keystore", self.store, "-storetype", "PKCS12", "-storepass", PASSWORD]
        imported = run("keytool", "-importcert", "-noprompt", "-alias", "mock", "-file", certificate, *trusting)
        assert imported.returncode == 0, imported.stdout + imported.stderr
        (folder / "hosts").write_text(f"{address} {HOST}\n")

    def record(self, serial_number: str, version: str) -> Recorded:
        """Run the client: three sessions of fifty passings."""
        options = [
            "-XX:TieredStopAtLevel=1",
            "-Duser.timezone=Europe/Madrid",
            f"-Djdk.net.hosts.file={self.folder / 'hosts'}",
            f"-Djavax.net.ssl.trustStore={self.store}",
            f"-Djavax.net.ssl.trustStorePassword={PASSWORD}",
        ]
        arguments = [KEY, serial_number, str(SESSIONS), str(PASSINGS), version]
        done = run("java", *options, "-cp", self.classes, "TimingClient", *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        bind, *rest = done.stdout.splitlines()
        match = re.fullmatch(r"bind (\d+) ([0-9A-F]{64})", bind)
        assert match, bind
        recorded = Recorded(int(match[1]), match[2], {})
        passings: list[tuple[int, str, str]] = []
        for line in rest:
            kind, first, second, *time = line.split(" ")
            if kind == "session":
                passings = recorded.sessions[second] = []
            else:
                passings.append((int(first), second, " ".join(time)))
        return recorded

    def get(self, path: str) -> Any:
        """What the live host's URL answers with, for a client that trusts the mock's authority."""
        context = ssl.create_default_context(cafile=self.certificate)
        connection = http.client.HTTPSConnection(HOST, context=context)
        try:
            raw = socket.create_connection((self.address, PORT), timeout=30)
            connection.sock = context.wrap_socket(raw, server_hostname=HOST)
            connection.request("GET", f"/v0{path}", headers={"api_key": KEY})
            return json.loads(connection.getresponse().read())["result"]
        finally:
            connection.close()


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    require("javac", "java", "keytool")
    folder = tmp_path_factory.mktemp("classes")
    compiled = run("javac", "-Xlint:all", "-Werror", "-d", folder, CLIENTS / "TimingClient.java")
    assert compiled.returncode == 0, compiled.stdout + compiled.stderr
    return folder


@pytest.fixture
def machine(classes: Path, tmp_path: Path) -> Iterator[Machine]:
    with serve_tls(tmp_path, own_address(), PORT) as (url, certificate):
        yield Machine(tmp_path, classes, url.removeprefix("https://").removesuffix(f":{PORT}"), certificate)


def stored(machine: Machine, token_session: str) -> list[tuple[int, str, str]]:
    """The passings of a session as the client wrote them: number, EPC and local time."""
    passings = machine.get(f"/passings/session/{token_session}")
    assert {passing["chip"] for passing in passings} == {None}
    return [
        (passing["num_passing"], passing["bib"], passing["timestamp"].replace("T", " ").removesuffix("Z"))
        for passing in passings
    ]


@pytest.mark.parametrize("version", ["HTTP_1_1", "HTTP_2"])
def test_all_passings_of_an_unmodified_timing_program_are_stored_in_order(machine: Machine, version: str) -> None:
    recorded = machine.record("CHRONO-1", version)
    assert recorded.bind == 201
    assert len(recorded.sessions) == SESSIONS
    for token_session, passings in recorded.sessions.items():
        assert stored(machine, token_session) == passings
    numbers = [number for passings in recorded.sessions.values() for number, _, _ in passings]
    assert numbers == list(range(1, SESSIONS * PASSINGS + 1))
    listed = machine.get(f"/sessions/device/{recorded.deviceid}")
    assert [(session["token_session"], session["passings"], session["active"]) for session in listed] == [
        (token_session, PASSINGS, number == SESSIONS) for number, token_session in enumerate(recorded.sessions, 1)
    ]


def test_a_timing_program_that_starts_again_goes_on_with_its_device(machine: Machine) -> None:
    first = machine.record("CHRONO-1", "HTTP_2")
    second = machine.record("CHRONO-1", "HTTP_2")
    assert (first.bind, second.bind) == (201, 409)
    assert second.deviceid == first.deviceid
    sessions = first.sessions | second.sessions
    assert {token_session: stored(machine, token_session) for token_session in sessions} == sessions
    device = machine.get(f"/devices/{first.deviceid}")
    assert (device["sessions"], device["passings"]) == (2 * SESSIONS, 2 * SESSIONS * PASSINGS)
