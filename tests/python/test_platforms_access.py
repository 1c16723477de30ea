"""How requests to the platforms are signed, tokens renewed, and headers written and read."""

import base64
import hmac
import re
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha1
from urllib.parse import parse_qsl, quote, unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from platform_cases import LISTS, NAMES, batches_of

from tamiz.platforms import platform
from tamiz.platforms.base import Account, Answer, Pace, Request

X = platform("x")
ADDRESS = "https://ads-api.x.com/12/accounts/18ce54d4x5t/custom_audiences"
USAGE = "x-business-use-case-usage"


def signed(
    request: Request, address: str = ADDRESS, nonce: str = "n1", now: int = 1
) -> dict[str, str]:
    assert X.sign is not None
    return X.sign(X.sandbox, request, address, nonce, now)


def expected_signature(method: str, query: Mapping[str, str], sent: Mapping[str, str]) -> str:
    """The signature by RFC 5849 section 3.4, written out."""

    def escape(text: str) -> str:
        return quote(text, safe="-._~")

    named = {key: text for key, text in sent.items() if key != "oauth_signature"}
    pairs = sorted((escape(key), escape(text)) for key, text in {**query, **named}.items())
    joined = "&".join(f"{key}={text}" for key, text in pairs)
    base = "&".join((method, escape(ADDRESS), escape(joined)))
    names = ("consumer_secret", "access_token_secret")
    key = "&".join(escape(X.sandbox.secret(name)) for name in names)
    return base64.b64encode(hmac.new(key.encode(), base.encode(), sha1).digest()).decode()


def read_header(text: str) -> dict[str, str]:
    assert text.startswith("OAuth ")
    return {key: unquote(value) for key, value in re.findall(r'(\w+)="([^"]*)"', text)}


@settings(deadline=None)
@given(name=st.text(min_size=1, max_size=30), method=st.sampled_from(("GET", "POST")))
def test_x1_a_request_is_signed_over_method_address_and_query(name: str, method: str) -> None:
    query = {"name": name, "description": "Filled by Tamiz (aud & more); 100 %"}
    header = signed(Request(method, "/x", query))
    sent = read_header(header["Authorization"])
    assert set(header) == {"Authorization"}
    assert sent["oauth_signature_method"] == "HMAC-SHA1"
    assert (sent["oauth_nonce"], sent["oauth_timestamp"]) == ("n1", "1")
    assert sent["oauth_consumer_key"] == "sandbox-x-consumer-key"
    assert sent["oauth_signature"] == expected_signature(method, query, sent)


def test_x1_a_json_body_is_not_signed() -> None:
    (batch, *_) = batches_of(X, 3)
    request = X.add_members(X.sandbox, LISTS["x"], batch)
    header = signed(request)
    assert header == signed(replace(request, body=None))
    assert "oauth_body_hash" not in header["Authorization"]
    assert header != signed(request, nonce="n2")
    assert header != signed(request, now=2)


def test_only_x_signs_and_no_secret_of_its_own_leaves() -> None:
    assert [name for name in NAMES if platform(name).sign is not None] == ["x"]
    header = signed(Request("GET", "/x"))["Authorization"]
    for name in ("consumer_secret", "access_token_secret"):
        assert X.sandbox.secret(name) not in header


BASIC = ("pinterest", "reddit")
RENEWED = {
    "google": "https://oauth2.googleapis.com/token",
    "linkedin": "https://www.linkedin.com/oauth/v2/accessToken",
    "microsoft": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
    "pinterest": "https://api.pinterest.com/v5/oauth/token",
    "reddit": "https://www.reddit.com/api/v1/access_token",
    "snapchat": "https://accounts.snapchat.com/login/oauth2/access_token",
}


def test_six_platforms_renew_their_tokens() -> None:
    found = {name: entry.token_url for name in NAMES if (entry := platform(name).renewal)}
    assert found == RENEWED


@pytest.mark.parametrize("name", sorted(RENEWED))
def test_a_token_is_renewed_as_the_platform_wants_it(name: str) -> None:
    entry = platform(name)
    assert entry.renewal is not None
    account = entry.sandbox
    request = entry.renewal.request(account)
    assert (request.method, request.path, request.body) == ("POST", "", None)
    form = dict(request.form or {})
    assert form.pop("grant_type") == "refresh_token"
    assert form.pop("refresh_token") == account.secret("refresh_token")
    client = {key: account.secret(key) for key in ("client_id", "client_secret")}
    if name in BASIC:
        sent = base64.b64decode(request.headers["Authorization"].removeprefix("Basic "))
        assert sent.decode() == ":".join(client.values())
    else:
        assert client == {key: form.pop(key) for key in client}
        assert "Authorization" not in request.headers
    scope = "https://ads.microsoft.com/msads.manage offline_access"
    assert form == ({"scope": scope} if name == "microsoft" else {})
    assert ("User-Agent" in request.headers) == (name == "reddit")
    assert entry.renewal.read(Answer(200, {}, {"access_token": "new"})) == "new"
    for body in (None, {}, {"access_token": ""}, {"access_token": 5}):
        with pytest.raises((KeyError, TypeError)):
            entry.renewal.read(Answer(200, {}, body))


def headers_of(name: str, **settings: str) -> dict[str, str]:
    account: Account = platform(name).sandbox
    changed = replace(account, settings={**account.settings, **settings})
    return platform(name).headers(changed)


def test_linkedin_l1_names_the_version_of_its_api() -> None:
    assert headers_of("linkedin")["LinkedIn-Version"] == "202607"
    assert headers_of("linkedin", linkedin_version="202611")["LinkedIn-Version"] == "202611"
    assert headers_of("linkedin")["X-Restli-Protocol-Version"] == "2.0.0"


def test_tiktok_takes_the_bare_token() -> None:
    assert headers_of("tiktok") == {"Access-Token": "sandbox-tiktok-access-token"}


def test_reddit_is_told_who_asks() -> None:
    assert headers_of("reddit")["User-Agent"] == "tamiz audience push"
    assert headers_of("reddit", user_agent="acme")["User-Agent"] == "acme"


def test_microsoft_is_told_whose_account_it_is() -> None:
    headers = headers_of("microsoft")
    assert headers.pop("Authorization") == "Bearer sandbox-microsoft-access-token"
    assert headers == {
        "DeveloperToken": "sandbox-microsoft-developer-token",
        "CustomerAccountId": "806227",
        "CustomerId": "251001",
    }


def paced(name: str, headers: dict[str, str], now: float = 0.0) -> Pace:
    reader = platform(name).pace
    assert reader is not None
    return reader(headers, now)


@pytest.mark.parametrize(
    ("usage", "wait"),
    [
        ('{"1": [{"call_count": 99, "total_time": 3}]}', 0.0),
        ('{"1": [{"call_count": 3, "total_cputime": 100}]}', 60.0),
        ('{"1": [{"call_count": 100}], "2": [{"estimated_time_to_regain_access": 12}]}', 720.0),
        ('{"1": [{"estimated_time_to_regain_access": "12"}]}', 0.0),
        ("[1]", 0.0),
        ("{", 0.0),
    ],
)
def test_meta_m8_any_of_the_percentages_stops_the_requests(usage: str, wait: float) -> None:
    assert paced("meta", {USAGE: usage}) == Pace(wait=wait)


@pytest.mark.parametrize(
    ("headers", "pace"),
    [
        ({}, Pace()),
        ({"x-rate-limit-remaining": "7", "x-rate-limit-reset": "1060"}, Pace(7, 60.0)),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "1060"}, Pace(0, 60.0, 60.0)),
        ({"x-rate-limit-remaining": "0", "x-rate-limit-reset": "900"}, Pace(0, 0.0, 0.0)),
        (
            {"x-rate-limit-remaining": "0", "x-rate-limit-reset": "9999999999"},
            Pace(0, 86400.0, 86400.0),
        ),
        (
            {
                "x-rate-limit-remaining": "7",
                "x-rate-limit-reset": "1060",
                "x-account-rate-limit-remaining": "0",
                "x-account-rate-limit-reset": "1300",
            },
            Pace(0, 300.0, 300.0),
        ),
        ({"x-rate-limit-remaining": "many", "x-rate-limit-reset": "1060"}, Pace()),
    ],
)
def test_x5_the_scarcer_of_the_two_limits_counts(headers: dict[str, str], pace: Pace) -> None:
    assert paced("x", headers, 1000.0) == pace


@pytest.mark.parametrize(
    ("header", "pace"),
    [
        ('"ads-custom-audience-ingestion";r=2999;t=900', Pace(2999, 900.0)),
        ("ads-custom-audience-ingestion;r=20;t=800, burst;r=3;t=60", Pace(3, 60.0)),
        ("a;r=0;t=41, b;r=0;t=7", Pace(0, 7.0, 41.0)),
        ("a;q=3000;w=900", Pace()),
        ("", Pace()),
    ],
)
def test_reddit_the_scarcest_policy_counts(header: str, pace: Pace) -> None:
    assert paced("reddit", {"ratelimit": header}) == pace


def test_a_query_is_signed_as_it_is_sent() -> None:
    sent = dict(parse_qsl("name=a+b%26c", strict_parsing=True))
    header = read_header(signed(Request("POST", "/x", sent))["Authorization"])
    assert header["oauth_signature"] == expected_signature("POST", {"name": "a b&c"}, header)
