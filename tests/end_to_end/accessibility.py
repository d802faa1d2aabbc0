"""What axe finds on a page, by the rules of WCAG 2.2 A and AA."""

import json
from importlib.resources import files
from typing import Any, Final

from playwright.sync_api import Page

TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

AXE: Final = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")

RUN: Final = """async ([tags, within]) => {
  const options = { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] };
  const { violations } = await axe.run(within ?? document, options);
  return violations.map(({ id, help, nodes }) => ({
    id, help, nodes: nodes.slice(0, 5).map(({ html, failureSummary }) => [html, failureSummary]),
  }));
}"""


def require_accessible(page: Page, within: str | None = None) -> None:
    """Fail with all that axe finds on a page, or within what a selector names."""
    page.evaluate(f"() => {{ if (!window.axe) {{ {AXE} }} }}")
    found: list[dict[str, Any]] = page.evaluate(RUN, [list(TAGS), within])
    assert found == [], json.dumps(found, indent=1, ensure_ascii=False)
