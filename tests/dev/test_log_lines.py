"""The function's log, as people read it."""

import json

import pytest

from commands.dev.log_lines import readable

REQUEST = "5b0ad2c8-0b7f-4a4e-9d41-2f9d2f3f4f10"
TIME = "2026-01-31T12:00:00.000Z"


def _read(**message: object) -> list[str]:
    return list(readable(json.dumps(message)))


def test_a_message_is_one_line_with_level_fields_and_request_id() -> None:
    (line,) = _read(
        level="INFO",
        message="answered the request",
        timestamp=TIME,
        service="ecommerce-local-api",
        function_request_id=REQUEST,
        function_memory_size="512",
        method="GET",
        status=200,
    )
    assert line.partition(" ")[2] == (
        f"INFO  answered the request method=GET status=200  [{REQUEST}]"
    )


@pytest.mark.parametrize(
    "error",
    [
        {
            "message": "no stock",
            "error": {"name": "Error", "stack": "Error: no stock\n    at x.ts:3"},
        },
        {
            "message": "failed",
            "errorType": "Error",
            "stackTrace": ["Error: no stock", "    at x.ts:3"],
        },
        {"message": {"errorType": "Error", "stackTrace": ["Error: no stock", "    at x.ts:3"]}},
    ],
)
def test_the_stack_of_an_error_follows_line_by_line(error: dict[str, object]) -> None:
    first, *stack = _read(level="ERROR", timestamp=TIME, requestId=REQUEST, **error)
    assert "ERROR" in first
    assert first.endswith(f"[{REQUEST}]")
    assert stack == ["    Error: no stock", "        at x.ts:3"]


def test_lambdas_own_records_and_metrics_show_only_failures() -> None:
    assert _read(time=TIME, type="platform.start", record={"requestId": REQUEST}) == []
    assert _read(_aws={"Timestamp": 1}, OrdersPlaced=1) == []
    record = {"requestId": REQUEST, "metrics": {"durationMs": 29000.4}}
    assert _read(time=TIME, type="platform.report", record=record | {"status": "success"}) == []
    (line,) = _read(time=TIME, type="platform.report", record=record | {"status": "timeout"})
    assert "ERROR ended after 29000 ms: timeout" in line
    assert REQUEST in line


def test_other_output_stays_as_it_is() -> None:
    assert list(readable("no json")) == ["no json"]
    assert list(readable("12")) == ["12"]
    assert _read(level="low", stock=3) == ['{"level": "low", "stock": 3}']
    (line,) = _read(level=1, message=None, timestamp="yesterday")
    assert line.startswith("yesterday ")
