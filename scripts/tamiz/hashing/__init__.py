"""What a platform makes of values: normalised and hashed by the macros that the models use."""

from tamiz.hashing.printing import Asked, print_hashes

__all__ = ["Asked", "print_hashes"]
