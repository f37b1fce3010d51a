"""The edge function: its own tests, and properties that hold for every request."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, cast
from urllib.parse import unquote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.slow

_NODE = Path(sys.executable).parent / "node"
# Without NODE_OPTIONS: what speeds up CDKTF has no place in the function's own process.
_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "NODE_OPTIONS"}

Request = dict[str, Any]


def _event(request: object) -> object:
    return {"Records": [{"cf": {"request": request}}]}


_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
_events = _json | (_json | st.fixed_dictionaries({"uri": _json, "querystring": _json})).map(_event)
_names = st.sampled_from(
    ["a", "%61", "b", "B", "", "utm_source", "utm_", "utm%5Fterm", "gclid", "%67clid", "_ga", "_g"]
) | st.text(alphabet="ab%+._~é=?/4", max_size=5)
_values = st.text(alphabet="ab=%+?/4é", max_size=5).map("={}".format)
_parameters = st.tuples(_names, st.just("") | _values).map("".join)
_queries = st.lists(_parameters, max_size=8).map("&".join)
_paths = st.lists(
    st.sampled_from(["/", "//", "a", "..", ".", "%2e", "%2F", "%5c", "\\", "%25", "%", "%00", "é"]),
    max_size=8,
).map(lambda pieces: "/" + "".join(pieces))
_requests = st.fixed_dictionaries(
    {
        "clientIp": st.ip_addresses(v=4).map(str),
        "headers": st.dictionaries(
            st.text(min_size=1, max_size=8),
            st.lists(
                st.fixed_dictionaries({"key": st.text(), "value": st.text()}),
                min_size=1,
                max_size=2,
            ),
            max_size=3,
        ),
        "method": st.sampled_from(["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"]),
        "uri": _paths,
        "querystring": _queries,
    },
    optional={
        "body": st.fixed_dictionaries(
            {
                "action": st.just("read-only"),
                "data": st.text(),
                "encoding": st.just("base64"),
                "inputTruncated": st.booleans(),
            }
        )
    },
)


class Function:
    """The function in a process of its own, as in Lambda."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [_NODE, "answer_events.mjs"],
            cwd=Path(__file__).parent,
            env=_ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def answer(self, event: object) -> Request:
        """Return the function's answer to an event."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(event) + "\n")
        self._process.stdin.flush()
        answer = cast("Request", json.loads(self._process.stdout.readline()))
        assert "thrown" not in answer, answer
        return answer["result"]

    def answer_request(self, request: Request) -> Request:
        """Return the function's answer to a viewer request."""
        return self.answer(_event(request))

    def close(self) -> None:
        """End the process and wait for it."""
        self._process.communicate()


@pytest.fixture(name="function", scope="module")
def _function() -> Iterator[Function]:
    function = Function()
    yield function
    function.close()


def _split(query: str) -> list[tuple[str, str]]:
    """Return the parameters with decoded names, each with the text that was sent."""
    return [(unquote_plus(part.split("=", 1)[0]), part) for part in query.split("&") if part]


def test_the_function_passes_its_own_tests() -> None:
    result = subprocess.run(
        [_NODE, "--test", "--test-reporter=tap"],
        cwd=Path(__file__).parent,
        env=_ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    counts = dict(re.findall(r"^# (tests|pass) (\d+)$", result.stdout, re.MULTILINE))
    assert int(counts["tests"]) > 0, "node found no test"
    assert counts["pass"] == counts["tests"], result.stdout


@settings(deadline=None)
@given(event=_events)
def test_it_answers_every_event(function: Function, event: object) -> None:
    answer = function.answer(event)
    assert answer.get("status") == "400" or isinstance(answer["uri"], str)


@settings(deadline=None)
@given(request=_requests)
def test_only_path_and_query_ever_change(function: Function, request: Request) -> None:
    answer = function.answer_request(request)
    if "status" in answer:
        assert answer["status"] == "400"
        return
    changing = {"uri": answer["uri"], "querystring": answer["querystring"]}
    assert answer == request | changing


@settings(deadline=None)
@given(request=_requests)
def test_a_second_run_changes_nothing(function: Function, request: Request) -> None:
    answer = function.answer_request(request)
    if "status" not in answer:
        assert function.answer_request(answer) == answer


@settings(deadline=None)
@given(uri=_paths)
def test_a_path_never_has_parent_folders_or_double_slashes(function: Function, uri: str) -> None:
    answer = function.answer_request({"uri": uri, "querystring": ""})
    if "status" in answer:
        return
    assert "//" not in answer["uri"]
    assert answer["uri"] == re.sub("/+", "/", uri)
    segments = re.split(r"[/\\]", unquote_plus(unquote_plus(answer["uri"])))
    assert ".." not in segments


@settings(deadline=None)
@given(query=_queries, random=st.randoms())
def test_the_order_of_different_names_does_not_matter(
    function: Function, query: str, random: Random
) -> None:
    by_name: dict[str, list[str]] = {}
    for name, part in _split(query):
        by_name.setdefault(name, []).append(part)
    # Shuffle the names, but keep the order of the values of one name.
    order = [name for name, _ in _split(query)]
    random.shuffle(order)
    mixed = "&".join(by_name[name].pop(0) for name in order)

    one, other = (
        function.answer_request({"uri": "/", "querystring": text})["querystring"]
        for text in (query, mixed)
    )
    assert one == other


@settings(deadline=None)
@given(query=_queries)
def test_all_but_tracking_parameters_are_kept_as_sent(function: Function, query: str) -> None:
    answer = str(function.answer_request({"uri": "/", "querystring": query})["querystring"])
    kept = [
        part
        for name, part in _split(query)
        if not name.startswith("utm_") and name not in {"gclid", "_ga"}
    ]
    assert sorted(part for part in answer.split("&") if part) == sorted(kept)
