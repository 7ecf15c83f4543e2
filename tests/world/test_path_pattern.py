"""Paths with wildcards match what they should, in linear time."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rufus_mock.world.path_pattern import matches
from tests.admin import Tenant

HOSTILE = "/v0/" + "*a" * 400
LONG = "/devices/" + "a" * 4000


def naive(pattern: str, path: str) -> bool:
    """The definition: each * takes every number of characters in turn."""
    if not pattern:
        return not path
    if pattern[0] == "*":
        return any(naive(pattern[1:], path[count:]) for count in range(len(path) + 1))
    return bool(path) and path[0] == pattern[0] and naive(pattern[1:], path[1:])


@given(st.text("ab/*", max_size=7), st.text("ab/*\n", max_size=8))
def test_it_matches_what_the_definition_says(pattern: str, path: str) -> None:
    assert matches(pattern, path) is naive(pattern, path)


@given(st.text("ab*.+[(é\n", max_size=12), st.text("ab.+[(é\n", max_size=20))
def test_it_matches_what_a_regular_expression_would(pattern: str, path: str) -> None:
    expression = ".*".join(map(re.escape, pattern.split("*")))
    assert matches(pattern, path) is (re.fullmatch(expression, path, re.DOTALL) is not None)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [("*a" * 500 + "b", "a" * 100_000), ("*" * 1000 + "b", "a" * 100_000), ("*" + "a" * 400 + "b*", "a" * 100_000)],
)
def test_a_hostile_pattern_takes_no_time(pattern: str, path: str) -> None:
    begun = time.thread_time()
    assert not matches(pattern, path)
    assert time.thread_time() - begun < 0.5


def test_a_hostile_pattern_in_a_fault_holds_up_no_request(tenant: Tenant) -> None:
    tenant("POST", "/faults", {"path": HOSTILE + "b", "status": 500}, status=201)
    begun = time.perf_counter()
    assert tenant.api("GET", LONG, timeout=5).status_code == 404
    assert time.perf_counter() - begun < 2


def test_a_hostile_pattern_in_a_verification_holds_up_no_request(tenant: Tenant) -> None:
    for _ in range(5):
        tenant.api("GET", LONG)
    begun = time.perf_counter()
    assert tenant("POST", "/requests/verify", {"path": HOSTILE + "b", "count": 0})["verified"]
    assert tenant("POST", "/requests/verify", {"path": HOSTILE, "count": 5})["verified"]
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize("call", ["faults", "requests/verify"])
def test_a_pattern_that_is_too_long_is_a_400(tenant: Tenant, call: str) -> None:
    problem = tenant.admin.problem("POST", f"{tenant.path}/{call}", {"path": "*" * 1001})
    assert (problem["pointer"], problem["expected"]) == ("/path", "at most 1000 characters")
