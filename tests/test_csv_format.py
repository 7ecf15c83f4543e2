"""Passings in RUFUS Cloud's download format."""

from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rufus_mock.csv_format import CsvError, columns, read_csv, write_csv
from rufus_mock.specification import Specification
from rufus_mock.strategies import passings
from rufus_mock.timestamps import BOUNDS

HEADER = "__typename,timestamp,num_passing,latitude,longitude,status,participant_id,chip,bib,timezone,gender"
LINE = "Passing,2023-02-03T16:08:18.263Z,1,0.0,0.0,Sent,,,7,CET,"


def written(folder: Path, *lines: str) -> Path:
    path = folder / "passings.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_download_is_read(tmp_path: Path, specification: Specification) -> None:
    ((number, _, fragment),) = read_csv(written(tmp_path, "\ufeff" + HEADER, LINE), specification)
    members = orjson.loads(b"{" + fragment + b"}")
    assert (number, members["bib"], members["timezone"]) == (1, "7", "CET")
    assert (members["chip"], members["participant_id"], members["gender"]) == (None, None, None)


def test_columns_come_in_any_order_and_may_be_missing(tmp_path: Path, specification: Specification) -> None:
    path = written(
        tmp_path,
        "bib,num_passing,timestamp,colour",
        '"7, ""x""",5,2023-02-03T17:08:18+01:00,red',
        ",6,2023-02-03T16:08:18Z,",
    )
    (_, _, first), (_, _, second) = read_csv(path, specification)
    assert orjson.loads(b"{" + first + b"}")["bib"] == '7, "x"'
    assert orjson.loads(b"{" + second + b"}")["bib"] == ""
    assert b'"timestamp":"2023-02-03T16:08:18.000Z"' in first


def test_a_file_needs_no_columns_but_the_number_and_the_time(tmp_path: Path, specification: Specification) -> None:
    ((_, _, fragment),) = read_csv(written(tmp_path, "timestamp,num_passing", "2023-02-03T16:08:18Z,5"), specification)
    members = orjson.loads(b"{" + fragment + b"}")
    assert (members["bib"], members["chip"], members["latitude"]) == ("", None, "0.0")


def test_times_need_no_offset(tmp_path: Path, specification: Specification) -> None:
    path = written(tmp_path, "timestamp,num_passing", "2026-11-24 19:14:51.873,1", "2026-11-24T19:14:52,2")
    times = [orjson.loads(b"{" + fragment + b"}")["timestamp"] for _, _, fragment in read_csv(path, specification)]
    assert times == ["2026-11-24T19:14:51.873Z", "2026-11-24T19:14:52.000Z"]


def test_the_columns_are_those_of_a_download(specification: Specification) -> None:
    assert ",".join(columns(specification)) == HEADER


@given(
    st.lists(
        passings(deviceid=st.just("D"), token_session=st.just("T")), max_size=3, unique_by=itemgetter("num_passing")
    )
)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_written_is_read_back(given_passings: list[dict[str, Any]]) -> None:
    specification = Specification()
    # An empty cell is null: CSV knows no difference to an empty text.
    emptied = [{n: None if v == "" and n != "bib" else v for n, v in entry.items()} for entry in given_passings]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "passings.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            assert write_csv(file, given_passings, specification) == len(given_passings)
        read = [orjson.loads(b"{" + fragment + b"}") for _, _, fragment in read_csv(path, specification)]
    assert [{"token_session": "T", **members, "deviceid": "D"} for members in read] == emptied


def test_a_file_without_passings_is_empty(tmp_path: Path, specification: Specification) -> None:
    assert read_csv(written(tmp_path, HEADER), specification) == []


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([HEADER, LINE, LINE.replace(",1,", ",x,")], "line 3, column num_passing: expected a whole number, found 'x'"),
        ([HEADER, LINE.replace(",1,", ",,")], "line 2, column num_passing: expected integer"),
        ([HEADER, LINE.replace("T16", " 16")], "line 2, column timestamp: expected YYYY-MM-DDTHH:mm:ss.sssZ"),
        (
            [HEADER, LINE.replace("2023", "0000")],
            f"line 2, column timestamp: no such date or time: '0000-02-03T16:08:18.263Z'; times reach from {BOUNDS}",
        ),
        ([HEADER, LINE.replace(",1,", f",{'9' * 5000},")], "column num_passing: expected a whole number, found '999"),
        ([HEADER, LINE.replace(",1,", f",{2**63},")], "column num_passing: expected at most 9007199254740991"),
        ([HEADER, LINE.replace("Passing", "Session")], "line 2, column __typename: expected Passing, found 'Session'"),
        ([HEADER, LINE + ",x"], "line 2: more cells"),
        ([HEADER, "Passing"], "line 2: fewer cells"),
        (["bib,timestamp", "7,2023-02-03T16:08:18Z"], "line 1: no column num_passing, only bib, timestamp"),
        (
            ["bib;num_passing;timestamp"],
            "line 1: no column num_passing, only bib;num_passing;timestamp; columns are taken",
        ),
        ([HEADER + ",bib", LINE + ",8"], "line 1: the column bib stands twice"),
        ([HEADER, LINE, "", LINE], "line 4, column num_passing: 1 stands in line 2 already"),
        ([HEADER, LINE.replace("0.0,0.0", "90.5,0.0")], "line 2, column latitude: expected decimal degrees from -90"),
        ([HEADER, LINE.replace("0.0,0.0", "0.0,west")], "line 2, column longitude: expected decimal degrees from -180"),
        ([HEADER, LINE.replace("0.0,0.0", "1_0,0")], "found '1_0'"),
        ([""], "an empty file"),
        ([HEADER, '"'], "cannot be read"),
    ],
)
def test_a_bad_value_is_refused_with_its_line_and_column(
    tmp_path: Path, specification: Specification, lines: list[str], says: str
) -> None:
    path = written(tmp_path, *lines)
    with pytest.raises(CsvError) as caught:
        read_csv(path, specification)
    assert str(caught.value).startswith(str(path))
    assert says in str(caught.value)
