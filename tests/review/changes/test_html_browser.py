"""The page of a review in a real browser: filtered by pointer and keyboard, on any screen."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from review.changes.assembling import StackInput, review_stacks
from review.changes.rendering.html import render_html
from tests.review.changes.plans import change, plan

pytestmark = pytest.mark.browser

FLAGS = (
    "--headless",
    "--no-sandbox",  # Chromium needs it to run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--virtual-time-budget=4000",
)
ACT = """
<script>
const results = {};
const errors = [];
addEventListener("error", (event) => errors.push(event.message));
addEventListener("securitypolicyviolation", (event) => errors.push(event.blockedURI));
const shown = () => [...document.querySelectorAll("[data-risk]")]
  .filter((each) => each.offsetParent !== null)
  .map((each) => each.querySelector("summary code").textContent);
const button = (value) => document.querySelector(`button[data-value="${value}"]`);
const box = (value) => document.querySelector(`g[data-value="${value}"]`);
const press = (element, key) => {
  element.focus();
  results.focused = document.activeElement === element;
  element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
};
const luminance = (colour) => {
  const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = (element) => {
  for (let each = element; each; each = each.parentElement) {
    const colour = getComputedStyle(each).backgroundColor;
    if (colour !== "rgba(0, 0, 0, 0)") return colour;
  }
  return "rgb(255, 255, 255)";
};
const contrast = (element) => {
  const [a, b] = [getComputedStyle(element).color, behind(element)].map(luminance)
    .sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
};
results.all = shown();
results.hash = location.hash;
button("data loss").click();
results.byRisk = shown();
results.fragment = location.hash;
results.pressed = button("data loss").getAttribute("aria-pressed");
document.getElementById("clear").click();
results.cleared = shown();
press(box("shop-web"), "Enter");
results.byBox = shown();
results.status = document.getElementById("shown").textContent;
press(box("shop-web"), " ");
results.again = shown();
results.overflow = document.documentElement.scrollWidth - innerWidth;
results.dark = matchMedia("(prefers-color-scheme: dark)").matches;
results.contrasts = Object.fromEntries(
  ["h2", ".meta", ".verdict strong", ".verdict p", "summary", ".why", "td", "button", "pre.gone"]
    .map((selector) => [selector, contrast(document.querySelector(selector))]));
dispatchEvent(new Event("beforeprint"));
results.closedInPrint = document.querySelectorAll("details:not([open])").length;
dispatchEvent(new Event("afterprint"));
results.errors = errors;
const output = document.createElement("pre");
output.id = "results";
output.textContent = JSON.stringify(results);
document.body.append(output);
</script>
"""


def _page() -> str:
    cluster = {"cluster_identifier": "shop", "skip_final_snapshot": True}
    data = plan(
        change("aws_rds_cluster.a", "delete", "create", before=cluster,
               after=cluster | {"cluster_identifier": "a-very-long-name-" * 20},
               replace_paths=[["cluster_identifier"]]),
        change("aws_sqs_queue.a", "create", after={}),
    )  # fmt: skip
    web = plan(change("aws_lambda_function.a", "update", before={"timeout": 1},
                      after={"timeout": 2}))  # fmt: skip
    found = review_stacks(
        [
            StackInput(name="shop-data", document=data),
            StackInput(name="shop-web", document=web, reads=("shop-data",)),
        ],
        title="shop",
    )
    return render_html(found).replace("</body>", f"{ACT}</body>")


def _open(page: Path, *flags: str, fragment: str = "") -> dict[str, Any]:
    browser = shutil.which("chromium")
    assert browser, "These tests need Debian's package chromium."
    dumped = subprocess.run(
        [browser, *FLAGS, f"--user-data-dir={page.parent / 'profile'}", *flags, "--dump-dom",
         f"file://{page}{fragment}"],
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    found = re.search(r'<pre id="results">(.*?)</pre>', dumped, re.DOTALL)
    assert found, dumped[-2000:]
    text = found[1].replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    return json.loads(text)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "review.html"
    file.write_text(_page())
    return file


ALL = ["aws_rds_cluster.a", "aws_sqs_queue.a", "aws_lambda_function.a"]


def test_changes_are_filtered_by_pointer_and_keyboard(page: Path) -> None:
    seen = _open(page)
    assert seen["errors"] == []
    assert seen["all"] == seen["cleared"] == seen["again"] == ALL
    assert seen["byRisk"] == ["aws_rds_cluster.a"]
    assert seen["pressed"] == "true"
    assert seen["focused"] is True
    assert seen["byBox"] == ["aws_lambda_function.a"]
    assert seen["status"] == "1 of 3 changes are shown."


def test_a_link_keeps_the_filter(page: Path) -> None:
    fragment = _open(page)["fragment"]
    assert "risk=data" in fragment
    assert _open(page, fragment=fragment)["all"] == ["aws_rds_cluster.a"]


DARK = ("--force-dark-mode", "--blink-settings=preferredColorScheme=0")


@pytest.mark.parametrize("size", ["360,800", "1280,900"])
@pytest.mark.parametrize("scheme", [(), DARK])
def test_it_is_readable_on_any_screen(page: Path, size: str, scheme: tuple[str, ...]) -> None:
    seen = _open(page, f"--window-size={size}", *scheme)
    assert seen["dark"] is bool(scheme)
    assert seen["overflow"] <= 0
    # WCAG 2.2, 1.4.3 Contrast (Minimum), AA.
    assert min(seen["contrasts"].values()) >= 4.5, seen["contrasts"]


def test_everything_is_open_in_print(page: Path) -> None:
    assert _open(page)["closedInPrint"] == 0
