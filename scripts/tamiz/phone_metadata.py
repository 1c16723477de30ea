"""The numbering plans of the world, taken from `phonenumbers`, as the rows of a dbt seed.

The seed is generated and committed: `tamiz phone-metadata --out seeds/phone_countries.csv`. The
source is Google's libphonenumber (Apache-2.0), whose patterns use nothing that RE2, PostgreSQL
and Java do not share; `phone_country_rows` refuses a version in which that no longer holds.
"""

import csv
import re
from pathlib import Path

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from tamiz.errors import ConfigError

NON_GEOGRAPHICAL = "001"
COLUMNS = (
    "calling_code",
    "plan_order",
    "country",
    "international_prefix",
    "national_prefix",
    "national_prefix_transform",
    "possible_lengths",
    "longest_length",
    "possible_pattern",
    "valid_pattern",
    "leading_digits",
)
# The order in which libphonenumber asks for the type of a number.
TYPES = (
    "premium_rate",
    "toll_free",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
    "fixed_line",
    "mobile",
)
# Look-around, back-references, possessive and atomic forms; what RE2 and PostgreSQL lack.
_NOT_SHARED = re.compile(r"\(\?[^:]|\\[1-9A-Zbk]|[*+?}]\+")


def phone_country_rows() -> list[dict[str, str]]:
    r"""Return one row per numbering plan, by calling code and then in libphonenumber's order.

    Keys are `COLUMNS`, values are texts, empty where the plan has none: `country` (ISO 3166-1
    alpha-2; empty for the plans of no country, such as +800), `plan_order` (1 is the main country
    of its calling code), patterns without anchors, `national_prefix_transform` with groups as
    `\1`, `possible_lengths` as '|8|9|' in digits.

    Raises:
        ConfigError: a pattern needs more than the regular expressions all warehouses share.
    """
    rows = [
        _row(calling_code, plan_order, region)
        for calling_code, regions in COUNTRY_CODE_TO_REGION_CODE.items()
        for plan_order, region in enumerate(regions, start=1)
    ]
    for row in rows:
        for column in ("international_prefix", "national_prefix", "valid_pattern"):
            if _NOT_SHARED.search(row[column]):
                raise ConfigError(
                    f"phonenumbers: {column} of +{row['calling_code']} {row['country']} is no "
                    "pattern that every warehouse reads: keep the previous version of the package"
                )
    return sorted(rows, key=lambda row: (row["calling_code"], int(row["plan_order"])))


def write_phone_countries(out: Path) -> int:
    """Write the rows to `out` as CSV with Unix line ends; return how many there are."""
    rows = phone_country_rows()
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def _row(calling_code: int, plan_order: int, region: str) -> dict[str, str]:
    plan = PhoneMetadata.metadata_for_region_or_calling_code(calling_code, region)
    if plan is None or plan.general_desc is None:
        raise ConfigError(f"phonenumbers: +{calling_code} {region} has no numbering plan")
    patterns = [
        number_type.national_number_pattern
        for number_type in (getattr(plan, name) for name in TYPES)
        if number_type is not None and number_type.national_number_pattern
    ]
    lengths = plan.general_desc.possible_length
    return {
        "calling_code": str(calling_code),
        "plan_order": str(plan_order),
        "country": "" if region == NON_GEOGRAPHICAL else region,
        "international_prefix": plan.international_prefix or "",
        "national_prefix": plan.national_prefix_for_parsing or "",
        "national_prefix_transform": plan.national_prefix_transform_rule or "",
        "possible_lengths": f"|{'|'.join(str(length) for length in lengths)}|",
        "longest_length": str(max(lengths)),
        "possible_pattern": plan.general_desc.national_number_pattern or "",
        "valid_pattern": "|".join(dict.fromkeys(patterns)),
        "leading_digits": plan.leading_digits or "",
    }
