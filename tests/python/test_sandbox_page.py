"""The page of the sandbox, drawn by a browser: lists, members by their first digits, requests."""

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sandboxes import A, Probe, many, probing

ACT = "/act_100200300400500"
NEW = {"name": "Win <b>back", "subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}
VALUES = many(250)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no chromium on PATH, so no page can be drawn: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def probe() -> Iterator[Probe]:
    fault = {"kind": "status", "status": 503}
    entry = {"platform": "meta", "operation": "removeUsers", "when": {"every": 2}, "fault": fault}
    with probing(seed=7, faults=[entry]) as found:
        yield found


@pytest.fixture
def audience(probe: Probe) -> str:
    """The path of an audience that was filled, emptied a little and asked for very often."""
    _, made = probe.call("meta", "POST", f"{ACT}/customaudiences", NEW)
    path = f"/{made['id']}"
    for method, values in (("POST", [*VALUES, A]), ("DELETE", [A]), ("DELETE", [A])):
        rows = [[value] for value in values]
        body = {"payload": {"schema": ["EMAIL"], "data": rows}}
        probe.call("meta", method, f"{path}/users", body)
    for _ in range(30):
        probe.call("meta", "GET", path)
    return path


def opened(browser: Browser, url: str, width: int = 1280, scheme: str = "light") -> Page:
    """A drawn page that asked for nothing but itself and complained about nothing."""
    page = browser.new_page(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    faults: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url)
    outside = [one for one in asked if one != url and not one.endswith("/favicon.ico")]
    complaints = [one for one in faults if "favicon" not in one and "404" not in one]
    assert (outside, complaints) == ([], [])
    return page


def follow(page: Page, what: str) -> None:
    """Go where a link or a button leads."""
    with page.expect_navigation():
        page.click(what)


def rows(page: Page, heading: str) -> list[list[str]]:
    found: list[list[str]] = page.eval_on_selector_all(
        f"#{heading} ~ *",
        "all => { const rows = []; for (const one of all) { if (one.tagName === 'H2') break;"
        " for (const row of one.querySelectorAll('tbody tr'))"
        " rows.push([...row.cells].map(cell => cell.innerText.trim())); } return rows; }",
    )
    return found


def test_lists_are_shown_with_members_matches_and_status(
    browser: Browser, probe: Probe, audience: str
) -> None:
    assert audience
    page = opened(browser, f"{probe.url}/")
    assert rows(page, "lists") == [
        ["Win <b>back", "ready", "250", "250", "email", "2026-11-25 00:00:00"]
    ]
    tiles = page.eval_on_selector_all(".tiles dd", "all => all.map(one => one.innerText)")
    assert tiles == ["1", "250", "34", "1", "1"]
    assert "No list yet: Google, LinkedIn, Microsoft" in page.inner_text("main")


def test_the_script_and_the_requests_are_shown(
    browser: Browser, probe: Probe, audience: str
) -> None:
    assert audience
    page = opened(browser, f"{probe.url}/")
    assert rows(page, "faults") == [
        ["meta: removeUsers", "every 2 calls", "status: status 503", "2"]
    ]
    latest = rows(page, "requests")
    assert len(latest) == 25
    assert latest[0][:5] == ["getCustomAudience", "meta GET", "200", "", "0"]
    follow(page, "text=Earlier")
    earlier = rows(page, "requests")
    assert [row[0] for row in earlier[-4:]] == [
        *("removeUsers", "removeUsers", "addUsers", "createCustomAudience")
    ]
    assert earlier[-4][1:5] == ["meta DELETE", "503", "status", "1"]
    assert re.fullmatch(r"\d+\.\d ms", earlier[-4][5])
    follow(page, "text=Later")
    assert rows(page, "requests") == latest


def test_members_are_shown_by_their_first_digits_page_by_page(
    browser: Browser, probe: Probe, audience: str
) -> None:
    page = opened(browser, f"{probe.url}/")
    follow(page, "text=Win <b>back")
    shown: list[str] = []
    while True:
        shown += page.eval_on_selector_all(".members .mono", "all => all.map(one => one.innerText)")
        if not page.query_selector("text=Later"):
            break
        follow(page, "text=Later")
    assert shown == [value[:8] for value in VALUES]
    assert not any(value in page.content() for value in VALUES)
    assert audience[1:] in page.inner_text("header")


def test_a_member_is_found_by_the_beginning_of_its_hash(
    browser: Browser, probe: Probe, audience: str
) -> None:
    page = opened(browser, f"{probe.url}/_sandbox/list?id={audience[1:]}")
    page.fill("#prefix", VALUES[120][:8].upper())
    follow(page, "text=Find")
    assert page.inner_text(".members .mono") == VALUES[120][:8]
    page.fill("#prefix", "zz")
    follow(page, "text=Find")
    assert "No member has a hash that begins so." in page.inner_text("main")
    follow(page, "text=Show all")
    assert page.locator(".members li").count() == 100


def test_an_identifier_in_clear_is_not_shown(browser: Browser, probe: Probe) -> None:
    body = {"Audiences": [{"Name": "x", "Type": "CustomerList"}]}
    list_id = probe.call("microsoft", "POST", "/Audiences", body)[1]["AudienceIds"][0]
    data = {
        "ActionType": "Add",
        "AudienceId": list_id,
        "CustomerListItemSubType": "CRM",
        "CustomerListItems": ["customer 7"],
        "AcceptCustomerMatchTerm": True,
    }
    probe.call("microsoft", "POST", "/CustomerListUserData/Apply", {"CustomerListUserData": data})
    page = opened(browser, f"{probe.url}/_sandbox/list?id={list_id}")
    assert re.fullmatch(
        r"[0-9a-f]{8}external_id.*", page.inner_text(".members li").replace("\n", "")
    )
    assert "customer 7" not in page.content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_it_can_be_read_on_a_phone_and_in_the_dark(
    browser: Browser, probe: Probe, audience: str, width: int, scheme: str
) -> None:
    for path in ("/", f"/_sandbox/list?id={audience[1:]}"):
        page = opened(browser, f"{probe.url}{path}", width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        back = page.evaluate("getComputedStyle(document.body).backgroundColor")
        light = sum(int(part) for part in re.findall(r"\d+", back)[:3]) > 384
        assert light is (scheme == "light")
        small = page.evaluate(
            "[...document.querySelectorAll('main *')].filter(one => one.innerText"
            " && parseFloat(getComputedStyle(one).fontSize) < 13).length"
        )
        assert small == 0


def test_an_empty_sandbox_says_what_to_do(browser: Browser) -> None:
    with probing() as probe:
        page = opened(browser, f"{probe.url}/")
        text = page.inner_text("main")
        assert "No script of faults: everything goes well." in text
        assert "None yet. Push to it" in text
        missing = opened(browser, f"{probe.url}/_sandbox/list?id=7")
        assert "No such list" in missing.inner_text("body")
