"""The whole error tree, drawn first, split by what the caller must do.

* TamizError                     1  a mistake of ours
  * ConfigError                 10  fix it, then run again
    + MissingColumn             11  a required column is not in the raw table
    + WrongType                 12  a raw column cannot be read as its type
    + AbsentTable               13  nothing to read where raw tables should lie
    + EmptyTable                14  a table that must hold rows holds none
    + UnknownPlatform           15  no such ad platform, segment or audience
  * GateError                    3  the build is not fit to publish, or nothing is published
  * Rejected                    20  the platform refused; sending again will not help
  * Held                        21  a guard holds the push until somebody approves it
  * Unavailable                 30  sending again may help
  * LedgerLocked                75  another push holds the ledger; try again later
"""


class TamizError(Exception):
    """Anything this project raises on purpose: one line with the remedy, and an exit code."""

    exit_code = 1


class ConfigError(TamizError):
    """The reader can mend it: a setting, a file or an argument."""

    exit_code = 10


class MissingColumn(ConfigError):  # noqa: N818 - named for what the reader must mend
    """A required column is absent from a raw table."""

    exit_code = 11


class WrongType(ConfigError):  # noqa: N818 - as above
    """A raw column, or values in it, cannot be read as the type of the input contract."""

    exit_code = 12


class AbsentTable(ConfigError):  # noqa: N818 - as above
    """The folder or schema of raw tables is missing or holds none of them."""

    exit_code = 13


class EmptyTable(ConfigError):  # noqa: N818 - as above
    """A table that must hold rows holds none."""

    exit_code = 14


class UnknownPlatform(ConfigError):  # noqa: N818 - as above
    """A name that no platform, segment or audience of this project has."""

    exit_code = 15


class GateError(TamizError):
    """The build may not be published, or no intact published generation is there."""

    exit_code = 3


class Rejected(TamizError):  # noqa: N818 - the platform's word
    """The platform refused for good; sending again will not help."""

    exit_code = 20


class Held(TamizError):  # noqa: N818 - the guard's word
    """A guard holds the push; the message says what would have changed."""

    exit_code = 21


class Unavailable(TamizError):  # noqa: N818 - the platform's word
    """The platform or the network did not answer; sending again may help."""

    exit_code = 30


class LedgerLocked(TamizError):  # noqa: N818 - sysexits EX_TEMPFAIL
    """Another process holds the ledger; nothing was sent."""

    exit_code = 75
