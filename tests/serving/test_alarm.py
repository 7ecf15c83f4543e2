"""The alarm, which calls functions at given times."""

import threading
import time

import pytest

from rufus_mock.serving.alarm import Alarm


def test_the_alarm_calls_in_the_order_of_time() -> None:
    alarm, called, done = Alarm(), [], threading.Event()
    now = time.monotonic()
    alarm.at(now + 0.15, done.set)
    for moment in (0.1, 0.02, 0.06):
        alarm.at(now + moment, lambda moment=moment: called.append(moment))  # type: ignore[misc]
    assert done.wait(20)
    assert called == [0.02, 0.06, 0.1]


def test_a_call_that_fails_does_not_keep_the_alarm_from_later_calls(caplog: pytest.LogCaptureFixture) -> None:
    alarm, done = Alarm(), threading.Event()

    def fail() -> None:
        raise ZeroDivisionError

    alarm.at(time.monotonic(), fail)
    alarm.at(time.monotonic() + 0.01, done.set)
    assert done.wait(20)
    assert "ZeroDivisionError" in caplog.text
    alarm.end()
