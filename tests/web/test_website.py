"""The way of a visitor: from the first page to the source of a finding."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.curated]

PAGES = [
    "/",
    "/questions",
    "/questions/delayed-disclosure",
    "/search?q=wuhan",
    "/sparql",
    "/ontology",
    "/event/li-wenliang-warning-2019-12-30",
    "/actor/wuhan-health-commission",
    "/finding/yardstick-prompt-disclosure.wuhan-government.covid-19-wuhan.existence"
    ".CN-HB-wuhan.public",
    "/norm/cn-phe-2003-art20-health-to-national",
    "/instrument/cn-phe-regulation-2003",
    "/source/whc-notice-2019-12-31",
    "/crisis/covid-19-wuhan",
    "/concept/timeliness",
    "/matter/covid-19-wuhan.existence.CN-HB-wuhan",
    "/event/no-such-event",
]
_WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def follow_to_the_source(page: Page, site: str) -> None:
    """Go from the first page to a source as a reader would, by links only."""
    page.goto(site)
    page.get_by_role("link", name="Which governments delayed disclosure?").click()
    assert "/questions/delayed-disclosure" in page.url
    row = page.get_by_role("row").filter(has_text="People's Government of Wuhan").first
    row.get_by_role("link", name="why").click()
    assert "/finding/" in page.url
    assert page.locator(".box .big").inner_text() == "Delayed disclosure"
    page.locator("table.sources a[href*='/source/']").first.click()
    assert "/source/" in page.url
    assert page.get_by_role("link", name="Open the original").count() <= 1
    assert page.get_by_role("heading", name="What cites it").is_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_a_reader_comes_from_the_first_page_to_the_source_of_a_finding(
    browser: Browser, site: str, pictures: Path, scripts: bool
) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("requestfailed", lambda request: problems.append(request.url))
    follow_to_the_source(page, site)
    page.screenshot(path=pictures / f"source-{scripts}.png")
    # The content security policy reports to the console what it stopped.
    assert problems == []
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_a_phone(browser: Browser, site: str, pictures: Path, path: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(site + path)
    page.screenshot(path=pictures / f"phone-{PAGES.index(path)}.png")
    assert not page.evaluate(_WIDER)
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_heading_a_language_and_named_fields(
    browser: Browser, site: str, path: str
) -> None:
    page = browser.new_page()
    page.goto(site + path)
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    for field in page.locator("input:not([type=hidden]), select, textarea").all():
        assert page.locator(f"label[for='{field.get_attribute('id')}']").count() == 1
    for table in page.locator("table").all():
        assert table.locator("caption").count() == 1
        assert table.locator("thead th:not([scope])").count() == 0
    assert not page.evaluate(
        "[...document.querySelectorAll('[id]')].some("
        "(one, i, all) => all.some((x, j) => j > i && x.id === one.id))"
    )
    page.close()


def test_a_search_leads_to_what_was_sought(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(site)
    page.get_by_role("searchbox").fill("李文亮在同学群")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Li Wenliang warns fellow doctors").click()
    assert page.url == f"{site}/event/li-wenliang-warning-2019-12-30"
    page.close()


def test_a_question_opens_in_the_editor_and_is_answered(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}/questions/delayed-disclosure")
    page.get_by_role("button", name="Open it in the SPARQL editor").click()
    assert "/sparql" in page.url
    assert "DisclosureFinding" in page.get_by_label("Query").input_value()
    assert page.get_by_role("table").count() == 1
    page.close()


def test_the_keyboard_skips_to_the_content(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(site)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.wait_for_url("**#content")
    page.close()
