"""The upload format of each platform's own page, as far as it is documented; data only."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How a platform wants a file.

    `columns` pairs a header with the kind of identifier below it. A file holds a row a person, all
    of the columns beside each other; with `is_one_kind` it holds one value a row, and columns of
    the same header share a file. Without `has_header` the first row is a value. A file has at most
    `most_rows` rows and `most_bytes` bytes, None being no limit known. `frame` returns the rows
    around the values, given the name of the list. `note` is what the reader must know.
    """

    columns: tuple[tuple[str, str], ...]
    is_one_kind: bool = False
    has_header: bool = True
    most_rows: int | None = None
    most_bytes: int | None = None
    frame: Callable[[str, Sequence[str]], Iterator[Row]] | None = field(default=None, repr=False)
    note: str | None = None


MICROSOFT_COLUMNS = (
    *("Type", "Status", "Id", "Parent Id", "Client Id", "Modified Time", "Name", "Description"),
    *("Scope", "Audience", "Action Type", "Sub Type", "Text"),
)
NEW_LIST = "-10"  # a negative id is one that other rows of the same file refer to


def microsoft_rows(list_name: str, values: Sequence[str]) -> Iterator[Row]:
    """The rows of a bulk file: a Customer List and its Customer List Items, in one file."""

    def row(**cells: str) -> Row:
        return tuple(cells.get(name.replace(" ", "_"), "") for name in MICROSOFT_COLUMNS)

    yield MICROSOFT_COLUMNS
    yield row(Type="Format Version", Name="6.0")
    yield row(Type="Customer List", Status="Active", Id=NEW_LIST, Name=list_name, Action_Type="Add")
    for value in values:
        yield row(Type="Customer List Item", Parent_Id=NEW_LIST, Sub_Type="Email", Text=value)


FORMATS: Mapping[str, FileFormat] = {
    # https://support.google.com/google-ads/answer/7659867: headers in English, exactly so. A limit
    # of the file is not given there.
    "google": FileFormat((("Email", "email"), ("Phone", "phone"))),
    # https://www.linkedin.com/help/lms/answer/a1489764: 300 to 300,000 rows, 20 MB, e-mails may be
    # SHA-256. The template's other headers are on no page found; ours is the one it hashes.
    "linkedin": FileFormat((("email", "email"),), most_rows=300_000, most_bytes=20_000_000),
    # https://www.facebook.com/business/help/2082575038703844: headers `email` and `phone`.
    "meta": FileFormat((("email", "email"), ("phone", "phone"))),
    # https://learn.microsoft.com/en-us/advertising/bulk-service/customer-list-item: list and items
    # stand in one file; Parent Id, Sub Type and Text of each item are set. Never cut: a list that
    # is replaced in parts keeps the last part only.
    "microsoft": FileFormat(
        (("Text", "email"),),
        frame=microsoft_rows,
        note=(
            "makes a new list: for one that is there, put its id for -10 and Replace for Add, so"
            " that who left it leaves it there, too"
        ),
    ),
    # No page on the file was found; the API takes values of one kind, without a header.
    "pinterest": FileFormat((("email", "email"),), is_one_kind=True, has_header=False),
    # No page on the file was found; headers are the API's column names.
    "reddit": FileFormat(
        (("EMAIL_SHA256", "email"), ("MAID_SHA256", "idfa"), ("MAID_SHA256", "aaid")),
        is_one_kind=True,
    ),
    # No page on the file was found; https://docs.amperity.com/ampiq/destination_snapchat.html and
    # the API take one kind of identifier at a time.
    "snapchat": FileFormat(
        (
            *(("email", "email"), ("phone", "phone")),
            *(("mobile_ad_id", "idfa"), ("mobile_ad_id", "aaid")),
        ),
        is_one_kind=True,
        has_header=False,
    ),
    # https://ads.tiktok.com/help/article/list-of-supported-ids-and-formats-for-a-customer-file:
    # these headers, each up to three times; below 1 GB by its sister page on creating the audience.
    "tiktok": FileFormat(
        (
            *(("Email_SHA256", "email"), ("Phone_SHA256", "phone")),
            *(("MAID_SHA256", "idfa"), ("MAID_SHA256", "aaid")),
        ),
        most_bytes=999_999_999,
    ),
    # https://business.x.com/en/help/campaign-setup/campaign-targeting/custom-audiences/lists
    # values by line, and what they are is said on the page while uploading; no word of a header.
    "x": FileFormat(
        (
            *(("email", "email"), ("phone", "phone")),
            *(("mobile_ad_id", "idfa"), ("mobile_ad_id", "aaid")),
            *(("user_id", "x_user_id"), ("handle", "x_handle")),
        ),
        is_one_kind=True,
        has_header=False,
    ),
}
