"""Lines of the logs, and the variables that select them."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any, cast
from unittest.mock import Mock

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from commands.logs.follow import print_logs
from commands.logs.group import LogGroup
from commands.logs.lines import Source, read_line
from commands.logs.options import Options, read_options
from commands.shared.console import CommandError

NOW = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=timezone.utc)
EVERYTHING = Options(level="debug", request=None, since=timedelta(hours=1), follow=False)


@pytest.mark.parametrize(
    ("source", "message", "expected"),
    [
        (
            "function",
            {
                "level": "ERROR",
                "message": "the database is away",
                "service": "api",
                "cold_start": True,
                "correlationId": "abc-1",
                "error": {"name": "Unavailable", "message": "no answer", "stack": "at line 1"},
            },
            "function  ERROR  the database is away error=Unavailable: no answer  [abc-1]",
        ),
        (
            "function",
            {"type": "platform.report", "record": {"requestId": "id-1", "status": "timeout"}},
            "function  ERROR  platform.report timeout  [id-1]",
        ),
        (
            "function",
            {"type": "platform.report", "record": {"requestId": "id-1", "status": "success"}},
            "function  DEBUG  platform.report success  [id-1]",
        ),
        ("function", "Init\x1b[31m\nstarted", "function  INFO   Init [31m started"),
        (
            "api",
            {
                "requestId": "request-1",
                "httpMethod": "POST",
                "path": "/orders",
                "status": "502",
                "responseLatency": "34",
                "integrationError": "timed out",
            },
            "api       ERROR  POST /orders 502 34 ms timed out  [request-1]",
        ),
        (
            "api",
            {"requestId": "a", "httpMethod": "GET", "path": "/", "status": "404"},
            "api       WARN   GET / 404 None ms  [a]",
        ),
        (
            "database",
            "2026-01-02 03:04:05 UTC:10.0.0.1(5432):api@shop:[7]:ERROR:  duplicate key",
            "database  ERROR  ERROR:  duplicate key",
        ),
        (
            "database",
            "2026-01-02 03:04:05 UTC::@:[7]:LOG:  checkpoint starting",
            "database  INFO   LOG:  checkpoint starting",
        ),
    ],
)
def test_a_line_shows_source_level_message_and_request(
    source: Source, message: object, expected: str
) -> None:
    text = message if isinstance(message, str) else json.dumps(message)

    line = str(read_line(text, source=source, time=NOW))

    assert line == f"2026-01-02T03:04:05.678Z  {expected}"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("LEVEL", "loud", "no level 'loud'; use debug, info, warn or error"),
        ("REQUEST", 'a" or "b', "is no id of a request or trace"),
        ("SINCE", "yesterday", "write 30s, 10m, 2h or 1d"),
        ("FOLLOW", "maybe", "is neither yes nor no"),
    ],
)
def test_a_wrong_variable_is_named_with_what_it_may_be(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(CommandError, match=rf"^{name}: .*{message}"):
        read_options()


def test_a_level_admits_the_more_severe_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEVEL", "WARN")
    monkeypatch.setenv("SINCE", "2h")
    options = read_options()

    lines = [
        read_line(json.dumps({"level": level}), source="function", time=NOW)
        for level in ("DEBUG", "INFO", "WARN", "ERROR")
    ]

    assert options.since == timedelta(hours=2)
    assert [options.admits(line) for line in lines] == [False, False, True, True]


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Return a client of CloudWatch Logs, with the group of the function and no other."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        client = boto3.client("logs", region_name="eu-west-1")  # pyright: ignore[reportUnknownMemberType]  # its overloads are partly unknown
        client.create_log_group(logGroupName="there")
        client.create_log_stream(logGroupName="there", logStreamName="stream")
        yield client


def group(name: str, *, source: Source, client: object) -> LogGroup:
    since = datetime.now(timezone.utc) - timedelta(hours=1)
    return LogGroup(source=source, name=name, since=since, request=None, client=cast("Any", client))


def put(client: Any, *messages: str, seconds_ago: int = 0) -> None:  # noqa: ANN401  # any client
    stamp = int((datetime.now(timezone.utc).timestamp() - seconds_ago) * 1_000)
    client.put_log_events(
        logGroupName="there",
        logStreamName="stream",
        logEvents=[{"timestamp": stamp, "message": message} for message in messages],
    )


def test_a_group_returns_each_event_once_also_one_that_arrives_late(
    logs: Any,  # noqa: ANN401  # any client
) -> None:
    there = group("there", source="function", client=logs)
    put(logs, "first", "second")
    assert [line.message for line in there.read_new()] == ["first", "second"]
    assert there.read_new() == []

    put(logs, "late", seconds_ago=30)
    assert [line.message for line in there.read_new()] == ["late"]


def test_a_log_that_is_not_exported_is_named_and_the_others_are_printed(
    logs: Any,  # noqa: ANN401  # any client
    capsys: pytest.CaptureFixture[str],
) -> None:
    put(logs, "works")
    missing = group("/aws/rds/none", source="database", client=logs)

    print_logs([group("there", source="function", client=logs), missing], options=EVERYTHING)

    printed = capsys.readouterr()
    assert printed.out.endswith("function  INFO   works\n")
    assert printed.err == (
        "The log of the database is not exported: there is no log group /aws/rds/none.\n"
    )
    with pytest.raises(CommandError, match="no log to follow"):
        print_logs([missing], options=EVERYTHING)


def test_a_refusal_of_aws_is_not_taken_for_a_missing_group() -> None:
    # A stub stands in for AWS: moto refuses nobody here.
    def refuse(**_: object) -> list[object]:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "FilterLogEvents")

    client = Mock(get_paginator=Mock(return_value=Mock(paginate=refuse)))
    with pytest.raises(ClientError, match="AccessDenied"):
        print_logs([group("there", source="api", client=client)], options=EVERYTHING)
