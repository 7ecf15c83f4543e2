"""The alarm, which calls functions at given times."""

import threading
import time

from rufus_mock.serving.alarm import Alarm


def test_the_alarm_calls_in_the_order_of_time() -> None:
    alarm, called, done = Alarm(), [], threading.Event()
    now = time.monotonic()
    alarm.at(now + 0.15, done.set)
    for moment in (0.1, 0.02, 0.06):
        alarm.at(now + moment, lambda moment=moment: called.append(moment))  # type: ignore[misc]
    assert done.wait(20)
    assert called == [0.02, 0.06, 0.1]
