"""Writes a review as JSON, for programs."""

import json
from dataclasses import asdict

from review.changes.model import Review


def render_json(review: Review) -> str:
    """Return the review as JSON: the fields of `review.changes.model`."""
    content = asdict(review)
    for stack, written in zip(review.stacks, content["stacks"], strict=True):
        for change, body in zip(stack.changes, written["changes"], strict=True):
            for finding, said in zip(change.findings, body["findings"], strict=True):
                said["id"] = finding.id
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
