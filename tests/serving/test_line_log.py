"""The request log writes every line, in order and soon."""

import io
import re
import threading

from rufus_mock.serving.line_log import LineLog


class Stream(io.StringIO):
    """A stream that counts its writes and signals them."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = 0
        self.flushed = threading.Event()

    def write(self, text: str, /) -> int:
        self.writes += 1
        return super().write(text)

    def flush(self) -> None:
        self.flushed.set()


def test_lines_are_written_without_a_flush_with_the_time_and_the_name() -> None:
    stream = Stream()
    LineLog(stream, "a.name")("GET /")
    assert stream.flushed.wait(5)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} INFO a\.name: GET /\n", stream.getvalue())


def test_lines_of_many_threads_arrive_complete_in_fewer_writes() -> None:
    stream = Stream()
    log = LineLog(stream, "n")

    def write(thread: int) -> None:
        for number in range(500):
            log(f"{thread} {number}")

    threads = [threading.Thread(target=write, args=(thread,)) for thread in range(8)]
    for running in threads:
        running.start()
    for running in threads:
        running.join()
    log.flush()
    lines = [line.split(": ")[1] for line in stream.getvalue().splitlines()]
    assert sorted(lines) == sorted(f"{thread} {number}" for thread in range(8) for number in range(500))
    for thread in range(8):
        own = [int(line.split()[1]) for line in lines if line.startswith(f"{thread} ")]
        assert own == list(range(500))
    assert stream.writes < 500


def test_a_closed_stream_does_not_raise() -> None:
    stream = io.StringIO()
    log = LineLog(stream, "n")
    stream.close()
    log("GET /")
    log.flush()
    log("GET /again")
    log.flush()
