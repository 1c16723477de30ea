"""The sections of a GPP string for states of the USA: their fields, as the IAB lays them out.

Source: IAB Tech Lab, Global Privacy Platform, "Sections" (one page a state). A field is its name
and how many values of two bits it has: 0 does not apply, 1 opted out or no consent, 2 the other.
"""

from dataclasses import dataclass

# What is read; every other field is only passed over.
SALE, SHARING, TARGETED = "sale", "sharing", "targeted advertising"
CHILD, PERSONAL = "known child", "personal data"
READ = frozenset({SALE, SHARING, TARGETED, CHILD, PERSONAL})

Fields = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its core's fields by version, and whether the second segment tells of GPC."""

    versions: dict[int, Fields]
    has_gpc: bool = True


def state(
    notices: int, sensitive: int, children: int, *, personal: bool = False, has_gpc: bool = True
) -> Section:
    """Return the layout most states have; the arguments say how many values they have of each."""
    return Section(
        {
            1: (
                ("notices", notices),
                (SALE, 1),
                (TARGETED, 1),
                ("sensitive data", sensitive),
                (CHILD, children),
                (PERSONAL, int(personal)),
                ("agreement", 3),
            )
        },
        has_gpc=has_gpc,
    )


def agreement_first(*, children: bool = True, has_gpc: bool = False) -> Section:
    """Return the layout of the states that joined last: who signed what stands first."""
    core: Fields = (
        ("agreement", 2),
        ("notices", 3),
        (SALE, 1),
        (TARGETED, 1),
        (CHILD, int(children)),
        (PERSONAL, 1),
    )
    return Section({1: core}, has_gpc=has_gpc)


def national(sensitive: int, children: int) -> Fields:
    """Return the core of the national section."""
    return (
        ("notices", 6),
        (SALE, 1),
        (SHARING, 1),
        (TARGETED, 1),
        ("sensitive data", sensitive),
        (CHILD, children),
        (PERSONAL, 1),
        ("agreement", 3),
    )


CALIFORNIA: Fields = (
    ("notices", 3),
    (SALE, 1),
    (SHARING, 1),
    ("sensitive data", 9),
    (CHILD, 2),
    (PERSONAL, 1),
    ("agreement", 3),
)

SECTIONS = {
    7: Section({1: national(12, 2), 2: national(16, 3)}),
    8: Section({1: CALIFORNIA}),
    9: state(3, 8, 1, has_gpc=False),  # Virginia
    10: state(3, 7, 1),  # Colorado
    11: state(4, 8, 1, has_gpc=False),  # Utah
    12: state(3, 8, 3),  # Connecticut
    13: state(3, 8, 3, personal=True, has_gpc=False),  # Florida
    14: state(3, 8, 3, personal=True),  # Montana
    15: state(3, 11, 3, personal=True),  # Oregon
    16: state(3, 8, 1, personal=True),  # Texas
    17: state(3, 9, 5, personal=True),  # Delaware
    18: state(4, 8, 1),  # Iowa
    19: state(3, 8, 1, personal=True),  # Nebraska
    20: state(3, 8, 3, personal=True),  # New Hampshire
    21: state(3, 10, 5, personal=True),  # New Jersey
    22: state(3, 8, 1, personal=True),  # Tennessee
    23: state(3, 8, 1, personal=True),  # Minnesota
    24: agreement_first(children=False, has_gpc=True),  # Maryland
    25: agreement_first(),  # Indiana
    26: agreement_first(),  # Kentucky
    27: agreement_first(),  # Rhode Island
}
