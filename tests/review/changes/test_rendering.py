"""A review as text, as JSON, as a comment and as a page."""

import json
import re
from pathlib import Path

import pytest

from review.__main__ import main
from review.changes.assembling import StackInput, review_stacks
from review.changes.model import Review
from review.changes.rendering.files import write_review
from review.changes.rendering.html import render_html
from review.changes.rendering.json_text import render_json
from review.changes.rendering.markdown import COMMENT, render_markdown
from tests.review.changes.plans import Block, change, plan, review

NASTY = "<script>alert('x')</script>`|\n```\n# heading"


def _sample() -> Review:
    cluster = {"cluster_identifier": "shop", "skip_final_snapshot": True}
    data = plan(
        change("aws_rds_cluster.a", "delete", "create", before=cluster,
               after=cluster | {"cluster_identifier": NASTY},
               replace_paths=[["cluster_identifier"]]),
        change("aws_nat_gateway.a", "create", after={"subnet_id": "a"}),
    )  # fmt: skip
    return review_stacks(
        [
            StackInput(name="shop-network", document=plan()),
            StackInput(name="shop-data", document=data, reads=("shop-network",)),
            StackInput(name="shop-web", basis="nothing", blind=("no image",), reads=("shop-data",)),
        ],
        title="shop",
    )


def test_every_form_says_the_verdict_and_every_finding() -> None:
    found = _sample()
    for text in (render_markdown(found), render_html(found), render_json(found)):
        assert found.verdict in text
        assert found.digest in text
        for finding in found.findings:
            assert finding.sentence in text


def test_text_from_a_plan_is_never_markup() -> None:
    found = _sample()
    page = render_html(found)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    text = render_markdown(found)
    fences = [line for line in text.splitlines() if line.strip().startswith("```")]
    assert len(fences) % 2 == 0
    assert not any(line.startswith("# heading") for line in text.splitlines())


def test_the_page_loads_nothing_and_runs_nothing_but_its_own_script() -> None:
    page = render_html(_sample())
    assert "default-src 'none'" in page
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert not re.search(r"<[^>]+\son\w+=", page)
    assert not re.search(r"url\(|@import", page)


def test_a_comment_fits_and_says_what_it_leaves_out() -> None:
    changes = [
        change(
            f"aws_rds_cluster.b{number}",
            "delete",
            before={"final_snapshot_identifier": f"last-{number}"},
        )
        for number in range(2_000)
    ] + [change(f"aws_sqs_queue.q{number}", "create", after={}) for number in range(2_000)]
    text = render_markdown(review(*changes), limit=COMMENT)
    assert len(text) <= COMMENT
    assert "left out" in text
    assert "Data loss" in text
    assert text.startswith("<!-- terraform plan review: shop -->\n# ")


def test_the_same_change_in_several_stacks_is_said_once() -> None:
    stacks = [
        StackInput(
            name=f"shop-{name}",
            document=plan(
                change("aws_lambda_function.a", "update", before={"runtime": "nodejs20.x"},
                       after={"runtime": "nodejs22.x"})
            ),
        )
        for name in ("api", "jobs")
    ]  # fmt: skip
    text = render_markdown(review_stacks(stacks, title="shop"))
    assert text.count("nodejs22.x") == 1
    assert "### shop-api, shop-jobs" in text
    assert "`shop-jobs/aws_lambda_function.a`" in text


def test_a_small_comment_leaves_nothing_out() -> None:
    found = _sample()
    assert render_markdown(found, limit=COMMENT) == render_markdown(found)


def test_the_same_plans_have_the_same_review() -> None:
    assert render_html(_sample()) == render_html(_sample())
    assert render_json(_sample()) == render_json(_sample())


def test_the_json_has_the_names_to_accept() -> None:
    found = _sample()
    stacks = json.loads(render_json(found))["stacks"]
    ids = [each["id"] for stack in stacks for one in stack["changes"] for each in one["findings"]]
    assert ids == [each.id for each in found.findings]
    assert "data-loss:shop-data/aws_rds_cluster.a" in ids


def test_only_the_user_may_read_the_files(tmp_path: Path) -> None:
    files = write_review(_sample(), folder=tmp_path / "new")
    assert {file.suffix for file in files} == {".md", ".json", ".html"}
    assert {file.stat().st_mode & 0o077 for file in files} == {0}
    assert len(list((tmp_path / "new").iterdir())) == len(files)


QUEUE: Block = {"delay": 1}


@pytest.mark.parametrize(
    ("document", "status"),
    [
        (plan(), 0),
        (plan(change("aws_lb.a", "delete", before=QUEUE)), 2),
        (plan(change("aws_s3_bucket.a", "delete", before={"force_destroy": True})), 3),
        (plan(errored=True), 4),
        ({"resource": {}}, 1),
    ],
)
def test_the_exit_status_tells_the_verdict(
    document: Block, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(document))
    assert main(["plan", str(file)]) == status
    printed = capsys.readouterr()
    assert bool(printed.err) == (status == 1)


@pytest.mark.parametrize("content", ["", "[]", "null", "{", '{"format_version": "1.2"}'])
def test_what_is_no_plan_is_one_line(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "plan.json"
    file.write_text(content)
    assert main(["plan", str(file)]) == 1
    assert str(file) in capsys.readouterr().err or content.startswith("{")
