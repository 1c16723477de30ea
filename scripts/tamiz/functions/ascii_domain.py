"""`ascii_domain(text)`: the domain of an address in its ASCII form (IDNA 2008, UTS 46)."""

import idna

from tamiz.functions.base import Function


def ascii_domain(domain: str) -> str:
    """Return `domain` as IDNA writes it in ASCII, or as it stands where it has no such form."""
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return domain


FUNCTIONS = (Function("ascii_domain", ascii_domain, ("VARCHAR",)),)
