"""`registrable_domain(host)`: the part of a host name that one owner registered."""

from functools import cache
from ipaddress import ip_address

from publicsuffixlist import PublicSuffixList

from tamiz.functions.base import Function


def registrable_domain(host: str) -> str:
    """Return the last labels of `host` that belong to one owner, by the Public Suffix List.

    `blog.example.co.uk` gives `example.co.uk`; what is registered under a private suffix
    (`shop.github.io`) has an owner of its own. An IP address, a name of one label and a public
    suffix itself are given back as they are, lower case: nothing is shared with anybody.
    """
    name = host.strip().rstrip(".").lower()
    if _is_address(name):
        return name
    try:
        ascii_name = name.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_name = name
    return str(_public_suffixes().privatesuffix(ascii_name) or name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


@cache
def _public_suffixes() -> PublicSuffixList:
    """The list as the package carries it; nothing is fetched."""
    return PublicSuffixList()


FUNCTIONS = (Function("registrable_domain", registrable_domain, ("VARCHAR",)),)
