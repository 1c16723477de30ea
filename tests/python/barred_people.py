"""People who must not be sent, each for a reason of their own, and how it is written down."""

import csv
import hashlib
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

AS_OF = "2026-06-30 00:00:00"
PURPOSES = ("ad_user_data", "ad_personalization")
CONSENT = (
    *("consent_id", "subject_type", "subject", "purpose", "status", "occurred_at", "platform"),
    *("source", "policy_version", "expires_at", "tcf_string", "gpp_string"),
)
REQUEST = ("request_id", "subject_type", "subject", "kind", "requested_at")
CUSTOMER = (
    *("customer_id", "email", "phone", "first_name", "last_name", "birth_date", "country"),
    *("x_user_id", "x_handle", "mobile_ad_id", "is_employee", "created_at"),
)
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@dataclass(frozen=True)
class Person:
    """One customer who bought and allowed everything, and what is written besides.

    `statements` and `requests` hold columns that differ from a plain refusal; texts may name what
    the person has: {id}, {email}, {phone} … `grants` replaces the grants (None: the plain ones).
    `customer` overrides columns of the customer's record, `records` adds records of the same id.
    """

    reason: str
    number: int = 0
    statements: tuple[dict[str, str], ...] = ()
    requests: tuple[dict[str, str], ...] = ()
    grants: tuple[dict[str, str], ...] | None = None
    customer: dict[str, str] = field(default_factory=dict)
    records: tuple[dict[str, str], ...] = ()
    pixel_consent: str = ""

    @property
    def own(self) -> dict[str, str]:
        """What the person has, in its plain form."""
        national = f"6{10_000_000 + 137_113 * self.number:08d}"
        plain = {
            "id": str(700_000 + self.number),
            "email": f"ana.lopez{self.number}@shop{self.number}.example.com",
            "phone": f"+34{national}",
            "x_handle": f"ana_lopez_{self.number}",
            "x_user_id": str(900_100_200 + self.number),
            "ad_id": str(uuid.UUID(int=0xA0B1_C2D3 << 96 | self.number << 40 | 0xABCDEF)),
            "device": f"device-{self.number}",
        }
        renamed = {"customer_id": "id", "mobile_ad_id": "ad_id"}
        plain |= {renamed.get(name, name): value for name, value in self.customer.items()}
        local, _, domain = plain["email"].partition("@")
        digits = re.sub(r"\D", "", plain["phone"])
        return plain | {
            "local": local,
            "domain": domain,
            "digits": digits,
            "national": digits[2:],
            "hex": plain["ad_id"].replace("-", ""),
        }


def refused(subject: str, subject_type: str = "email", **columns: str) -> dict[str, str]:
    return {"subject": subject, "subject_type": subject_type, **columns}


def said(reason: str, subject: str, subject_type: str = "email", **columns: str) -> Person:
    """A person who refused by a statement."""
    return Person(reason, statements=(refused(subject, subject_type, **columns),))


def asked(
    reason: str, subject: str = "{email}", subject_type: str = "email", **columns: str
) -> Person:
    """A person who asked for something by a privacy request."""
    return Person(reason, requests=(refused(subject, subject_type, **columns),))


def full_width(text: str) -> str:
    return text.translate(FULL_WIDTH)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _addresses() -> Iterator[Person]:
    """Refusals whose e-mail address is spelled in another way."""
    for spelling in (
        *(
            "mailto:{email}",
            "mailto:{email}?subject=Unsubscribe",
            "Ana López <{email}>",
            "<{email}>",
        ),
        *(
            "[{email}]",
            "({email})",
            "{{{email}}}",
            '"{email}"',
            "'{email}'",
            "“{email}”",
            "{email}.",
        ),
        *(
            "{email};",
            "{email},",
            "{local}%40{domain}",
            "{local}%2540{domain}",
            "{local} @ {domain}",
        ),
        *("{local}@ {domain}", "{local}\u200b@{domain}", "\ufeff{email}", "\u00a0{email}\u00a0"),
        *(
            "{local}+news@{domain}",
            "{local}@{domain}.",
            "a.n.a.{local}@{domain}",
            "{local}(at){domain}",
        ),
        *("other@elsewhere.example.com; {email}", "other@elsewhere.example.com,{email}"),
        *("other@elsewhere.example.com {email}", "mailto:%22{local}%22@{domain}"),
    ):
        person = said(f"e-mail as {spelling}", spelling)
        if spelling.startswith("a.n.a."):
            person = Person(
                "e-mail with other dots",
                statements=(refused("a.n.a.lo.pez@dots.example.com"),),
                customer={"email": "analopez@dots.example.com"},
            )
        yield person
    yield said("e-mail in capitals", "{email:upper}")
    yield said("e-mail in full width", "{email:wide}")
    for domain, other in (
        ("bücher.example.com", "xn--bcher-kva.example.com"),
        ("xn--caf-dma.example.com", "café.example.com"),
        ("gmail.com", "googlemail.com"),
        ("googlemail.com", "gmail.com"),
    ):
        yield Person(
            f"e-mail at {other} for {domain}",
            statements=(refused(f"zoe.{len(domain)}{domain[0]}@{other}"),),
            customer={"email": f"zoe.{len(domain)}{domain[0]}@{domain}"},
        )


def _phones_and_ids() -> Iterator[Person]:
    """Refusals whose phone number or customer id is spelled in another way."""
    for spelling in (
        *(
            "{digits}.0",
            "{digits:scientific}",
            "tel:{phone}",
            "00{digits}",
            "{national}",
            "{digits}",
        ),
        *(
            "(+34) {national}",
            "{phone} ext. 12",
            "{national:spaced}",
            "{phone:wide}",
            "tel:{phone};ext=3",
        ),
        *("Tel. {national}", "{phone}; +34911111111", "'{phone}"),
    ):
        yield said(f"phone as {spelling}", spelling, "phone")
    for number, other in (("+525512345678", "+5215512345678"), ("+5215587654321", "5587654321")):
        yield Person(
            f"phone {other} for {number}",
            statements=(refused(other, "phone"),),
            customer={"phone": number, "country": "MX"},
        )
    for spelling in ("{id}.0", "000{id}", " {id} ", '"{id}"', "{id:scientific}"):
        yield said(f"customer id as {spelling}", spelling, "customer_id")
    yield Person(
        "customer id without case",
        statements=(refused("cust-ab77", "customer_id"),),
        customer={"customer_id": "CUST-AB77"},
    )
    yield Person(
        "customer id with zeros in front",
        statements=(refused("4711", "customer_id"),),
        customer={"customer_id": "0004711"},
    )


def _devices_and_accounts() -> Iterator[Person]:
    """Refusals whose ad id, device or X account is spelled in another way."""
    for spelling in ("{{{ad_id}}}", "{hex}", "{ad_id:upper}", "{{{ad_id:upper}}}"):
        yield said(f"ad id as {spelling}", spelling, "mobile_ad_id")
    for kind in ("idfa", "gaid", "aaid", "maid", "advertising_id"):
        yield said(f"ad id under {kind}", "{ad_id}", kind)
    for spelling in (
        *("https://x.com/{x_handle}", "https://twitter.com/{x_handle}?s=20", "x.com/{x_handle}"),
        *(
            "@{x_handle}",
            "{x_handle:upper}",
            "\uff20{x_handle}",
            "https://mobile.twitter.com/{x_handle}/",
        ),
    ):
        yield said(f"X account as {spelling}", spelling, "x_handle")
    yield said("X handle under the type of the number", "@{x_handle}", "x_user_id")
    yield said("X number under the type of the handle", "{x_user_id}", "x_handle")
    yield said("X link under the type of the number", "https://x.com/{x_handle}", "x_user_id")
    yield said("X number with .0", "{x_user_id}.0", "x_user_id")


def _hashes_and_types() -> Iterator[Person]:
    """Refusals by hash, and under another type of subject."""
    for kind in ("email", "sha256", "email_sha256", "hashed_email"):
        yield said(f"SHA-256 of the e-mail under {kind}", "{email:hash}", kind)
    yield said("SHA-256 of the e-mail in capitals", "{email:HASH}")
    yield said("SHA-256 of the phone with plus", "{phone:hash}", "phone")
    yield said("SHA-256 of the phone's digits", "{digits:hash}", "phone_sha256")
    yield said("e-mail under the type customer_id", "{email}", "customer_id")
    yield said("ad id under the type anonymous_id", "{ad_id}", "anonymous_id")
    yield said("device", "{device}", "device_id")
    yield said("device as a visitor", "{device:upper}", "anonymous_id")
    for kind in (
        *("e-mail", "E-Mail", "email_address", "correo", " email ", "EMAIL", "mail"),
        *("user_email", "contact_email"),
    ):
        yield said(f"e-mail under {kind!r}", "{email}", kind)
    for kind in ("user_id", "userId", "customer", "client_id", "Customer ID"):
        yield said(f"customer id under {kind}", "{id}", kind)
    for kind in ("phone_number", "mobile", "telefono", "Phone Number", "msisdn"):
        yield said(f"phone under {kind}", "{phone}", kind)


def _worded() -> Iterator[Person]:
    """Refusals whose status, purpose, platform or time is written in another way."""
    for status in (
        *("denied", "withdrawn", "no", "false", "0", "opted_out", "OPT_OUT", "opt-out", "revoked"),
        *("unsubscribed", "", "rejected", "objected", "expired", "Denied ", "refused", "optout"),
        *("WITHDRAWN", "declined", "pending", "not_subscribed", "cleaned"),
    ):
        yield said(f"status {status!r}", "{email}", status=status)
    for purpose in (
        *("ad_personalization", "ad_storage", "sale_or_sharing", "marketing", "advertising"),
        *("Ad User Data", "ad-user-data", "targeting", "personalization", "do_not_sell", ""),
        *("direct_marketing", "targeted_advertising", "AD_USER_DATA"),
    ):
        yield said(f"purpose {purpose!r}", "{email}", purpose=purpose)
    for moment in (
        *("", "2026-06-30T04:59:59Z", "2027-01-01 00:00:00", "2026-06-01T12:00:00+02:00"),
        *("1780000000", "1780000000000", "2026-06-01T10:00:00.123456789Z", "2026-06-01"),
        *("2026-06-01 10:00:00 UTC", "2026-06-01T10:00:00-0300"),
    ):
        yield said(f"refused at {moment!r}", "{email}", occurred_at=moment)
    yield said("a platform nobody knows", "{email}", platform="myspace")
    yield said("platform 'all'", "{email}", platform="all")
    yield said("no consent id", "{email}", consent_id="")
    plain = {"subject": "{id}", "subject_type": "customer_id", "status": "granted"}
    late = {"occurred_at": "2026-06-01T10:00:00-03:00"}
    yield Person(
        "withdrew an hour after the grant, in another zone",
        grants=tuple(
            plain | {"purpose": one, "occurred_at": "2026-06-01T14:30:00+02:00"} for one in PURPOSES
        ),
        statements=(refused("{id}", "customer_id", **late),),
    )
    yield Person(
        "refused in the second of the grant",
        statements=(refused("{id}", "customer_id", occurred_at="2026-01-01 00:00:00"),),
    )
    yield Person(
        "refused without a time, granted later",
        statements=(refused("{id}", "customer_id", occurred_at=""),),
    )


def _requested() -> Iterator[Person]:
    """Privacy requests."""
    for kind in (
        *("erase", "erasure", "Delete", "deletion", "suppress_and_delete", "forget", "object"),
        *("objection", "opt_out", "OPT-OUT", "do_not_sell", "right_to_be_forgotten", "unsubscribe"),
    ):
        yield asked(f"request {kind}", kind=kind)
    yield asked("request by customer id with .0", "{id}.0", "customer_id")
    yield asked("request by phone", "tel:{phone}", "phone")
    yield asked("request by user_id", "{id}", "user_id")
    yield asked("request by Email", "Ana <{email}>", "Email")
    yield asked("request after as_of", requested_at="2026-06-30 04:00:00")
    yield asked("request without a time", requested_at="")
    yield asked("request whose number begins with #", request_id="#4242")
    yield asked("request without a number", request_id="")
    yield asked("deceased", kind="deceased")


def _without_grant() -> Iterator[Person]:
    """People whom nothing bars and who never allowed it."""
    plain = {"subject": "{id}", "subject_type": "customer_id", "status": "granted"}
    both = tuple(plain | {"purpose": purpose} for purpose in PURPOSES)
    yield Person("no record of consent", grants=())
    yield Person("one purpose alone granted", grants=both[:1])
    for reason, columns in (
        ("granted after as_of", {"occurred_at": "2026-07-01 00:00:00"}),
        ("granted without a time", {"occurred_at": ""}),
        ("a grant that has ended", {"expires_at": "2026-06-29T23:00:00-01:00"}),
        ("a grant that ended in epoch seconds", {"expires_at": "1780000000"}),
        ("granted to a platform nobody knows", {"platform": "myspace"}),
        ("granted to a number of digits", {"subject": "{national}", "subject_type": "phone"}),
        (
            "granted under a wide spelling",
            {"subject": "{local}+x@{domain}", "subject_type": "email"},
        ),
        ("granted by another's id", {"subject": "0{id}"}),
        ("granted with a TC string that cannot be read", {"tcf_string": "CQ!!not-a-string"}),
        ("granted with a GPP string that cannot be read", {"gpp_string": "DB~~~oops"}),
    ):
        yield Person(reason, grants=tuple(grant | columns for grant in both))
    yield Person("the pixel says denied", pixel_consent="denied")
    yield Person("Global Privacy Control in the pixel", pixel_consent="gpc")


def _kinds() -> Iterator[Person]:
    """Kinds of people that are kept away."""
    for written in ("2010-07-01", "20100701", "2010/07/01", "2010-07-01 00:00:00", "25/12/2010"):
        yield Person(f"a minor, born {written}", customer={"birth_date": written})
    yield Person(
        "a minor in another record",
        records=({"birth_date": "2010-07-01", "created_at": "2020-01-01"},),
    )
    yield Person("a test account", customer={"email": "test@shop.example.com"})
    yield Person("a reserved domain", customer={"email": "ana@shop.invalid"})


def everybody() -> list[Person]:
    """Return all of them, numbered from 1."""
    found = [
        *_addresses(),
        *_phones_and_ids(),
        *_devices_and_accounts(),
        *_hashes_and_types(),
        *_worded(),
        *_requested(),
        *_without_grant(),
        *_kinds(),
    ]
    return [
        Person(
            **{name: getattr(one, name) for name in one.__dataclass_fields__} | {"number": number}
        )
        for number, one in enumerate(found, 1)
    ]


def controls(first: int, count: int = 10) -> list[Person]:
    """Return people whom nothing bars, numbered from `first`."""
    return [Person("nothing", number=first + step) for step in range(count)]


def filled(text: str, own: dict[str, str]) -> str:
    """Return a text with what a person has put in; `{name:form}` in another form."""

    def put(found: re.Match[str]) -> str:
        name, _, form = found.group(1).partition(":")
        value = own[name]
        return {
            "": lambda: value,
            "upper": value.upper,
            "wide": lambda: full_width(value),
            "hash": lambda: sha256(value),
            "HASH": lambda: sha256(value).upper(),
            "scientific": lambda: f"{value[0]}.{value[1:]}E+{len(value) - 1}",
            "spaced": lambda: " ".join(value[at : at + 3] for at in range(0, len(value), 3)),
        }[form]()

    marked = text.replace("{{{", "\x01{").replace("}}}", "}\x02")
    return (
        re.sub(r"\{([a-z_]+(?::[a-zA-Z]+)?)\}", put, marked)
        .replace("\x01", "{")
        .replace("\x02", "}")
    )


def write_world(people: list[Person], raw: Path) -> None:
    """Write the raw tables of these people as CSV files."""
    tables: dict[str, list[dict[str, str]]] = {
        name: []
        for name in (
            *("crm_customers", "shop_orders", "consent_events", "privacy_requests"),
            *("pixel_events", "app_events"),
        )
    }
    for person in people:
        _write_person(person, tables)
    for name, rows in tables.items():
        with (raw / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(dict.fromkeys(key for row in rows for key in row)))
            writer.writeheader()
            writer.writerows(rows)


def _write_person(person: Person, tables: dict[str, list[dict[str, str]]]) -> None:
    own = person.own
    record = dict.fromkeys(CUSTOMER, "") | {
        "customer_id": own["id"],
        "email": own["email"],
        "phone": own["phone"],
        "first_name": "Ana",
        "last_name": f"López {person.number}",
        "birth_date": "1980-01-01",
        "country": "ES",
        "x_user_id": own["x_user_id"],
        "x_handle": own["x_handle"],
        "mobile_ad_id": own["ad_id"],
        "created_at": "2025-01-01 00:00:00",
    }
    record |= person.customer
    tables["crm_customers"] += [record, *(record | other for other in person.records)]
    tables["shop_orders"].append(
        {
            "order_id": f"o{person.number}",
            "customer_id": own["id"],
            "ordered_at": "2026-05-01 10:00:00",
            "status": "paid",
            "currency": "EUR",
            "amount": "20.00",
        }
    )
    tables["app_events"].append(
        {
            "event_id": f"a{person.number}",
            "device_id": own["device"],
            "event_name": "opened",
            "occurred_at": "2026-05-01 10:00:00",
            "user_id": own["id"],
            "mobile_ad_id": own["ad_id"],
            "operating_system": "iOS 18",
        }
    )
    tables["pixel_events"].append(
        {
            "event_id": f"p{person.number}",
            "anonymous_id": f"visitor-{person.number}",
            "event_name": "page_view",
            "occurred_at": "2026-05-02 10:00:00",
            "user_id": own["id"],
            "page_url": "https://shop.example.com/",
            "consent_status": person.pixel_consent,
        }
    )
    grants = person.grants
    if grants is None:
        grants = tuple(
            {"subject": "{id}", "subject_type": "customer_id", "status": "granted", "purpose": one}
            for one in PURPOSES
        )
    rows = [
        {"status": "granted", "occurred_at": "2026-01-01 00:00:00", **grant} for grant in grants
    ] + [
        {"status": "denied", "purpose": "ad_user_data", "occurred_at": "2026-03-01 00:00:00", **one}
        for one in person.statements
    ]
    for number, row in enumerate(rows):
        texts = {name: filled(value, own) for name, value in row.items()}
        plain = dict.fromkeys(CONSENT, "") | {"consent_id": f"s{person.number}-{number}"}
        tables["consent_events"].append(plain | texts)
    for number, row in enumerate(person.requests):
        texts = {name: filled(value, own) for name, value in row.items()}
        plain = {
            "request_id": f"r{person.number}-{number}",
            "kind": "erase",
            "requested_at": "2026-03-01 00:00:00",
        }
        tables["privacy_requests"].append(dict.fromkeys(REQUEST, "") | plain | texts)


def hashes(person: Person) -> set[str]:
    """Return the SHA-256 of what a person has, by every rule that a platform has."""
    own = person.own
    local, _, domain = own["email"].partition("@")
    bare = local.split("+")[0].replace(".", "")
    return {
        sha256(text)
        for text in (
            *(own["email"], f"{bare}@{domain}", own["phone"], own["digits"]),
            *(own["ad_id"], own["ad_id"].upper(), own["x_user_id"], own["x_handle"]),
        )
    }
