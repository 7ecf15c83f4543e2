"""Passings in RUFUS Cloud's download format."""

from pathlib import Path

import orjson
import pytest

from rufus_mock.csv_format import CsvError, read_csv
from rufus_mock.specification import Specification

HEADER = "__typename,timestamp,num_passing,latitude,longitude,status,participant_id,chip,bib,timezone,gender"
LINE = "Passing,2023-02-03T16:08:18.263Z,1,0.0,0.0,Sent,,,7,CET,"


def written(folder: Path, *lines: str) -> Path:
    path = folder / "passings.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_download_is_read(tmp_path: Path, specification: Specification) -> None:
    (passing,) = read_csv(written(tmp_path, "\ufeff" + HEADER, LINE), specification)
    members = orjson.loads(b"{" + passing.fragment + b"}")
    assert (passing.num_passing, members["bib"], members["timezone"]) == (1, "7", "CET")
    assert (members["chip"], members["participant_id"], members["gender"]) == (None, None, None)


def test_columns_come_in_any_order_and_may_be_missing(tmp_path: Path, specification: Specification) -> None:
    path = written(
        tmp_path,
        "bib,num_passing,timestamp,colour",
        '"7, ""x""",5,2023-02-03T17:08:18+01:00,red',
        ",6,2023-02-03T16:08:18Z,",
    )
    first, second = read_csv(path, specification)
    assert orjson.loads(b"{" + first.fragment + b"}")["bib"] == '7, "x"'
    assert orjson.loads(b"{" + second.fragment + b"}")["bib"] == ""
    assert b'"timestamp":"2023-02-03T16:08:18.000Z"' in first.fragment


def test_a_file_without_passings_is_empty(tmp_path: Path, specification: Specification) -> None:
    assert read_csv(written(tmp_path, HEADER), specification) == []


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([HEADER, LINE, LINE.replace(",1,", ",x,")], "line 3, column num_passing: expected a whole number, found 'x'"),
        ([HEADER, LINE.replace(",1,", ",,")], "line 2, column num_passing: expected integer"),
        ([HEADER, LINE.replace("T16", " 16")], "line 2, column timestamp: expected YYYY-MM-DDTHH:mm:ss.sssZ"),
        ([HEADER, LINE.replace("2023", "0000")], "line 2, column timestamp: "),
        ([HEADER, LINE.replace("Passing", "Session")], "line 2, column __typename: expected Passing, found 'Session'"),
        ([HEADER, LINE + ",x"], "line 2: more cells"),
        ([HEADER, "Passing"], "line 2: fewer cells"),
        (["bib,timestamp", "7,2023-02-03T16:08:18Z"], "line 2, column num_passing: expected a value: it is required"),
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
