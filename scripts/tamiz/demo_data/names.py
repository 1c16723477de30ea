"""Small pools of names for the demo world, drawn from Faker and the same for the same seed."""

from collections.abc import Callable, Iterator

from faker import Faker

LOCALES = {
    "ES": "es_ES",
    "MX": "es_MX",
    "AR": "es_AR",
    "BR": "pt_BR",
    "PT": "pt_PT",
    "US": "en_US",
    "GB": "en_GB",
}
POOL_SIZES = {"F": 48, "M": 48, "family": 80, "job": 24, "street": 24}
PoolRow = tuple[str, str, int, str]


def name_pools(seed: int) -> Iterator[PoolRow]:
    """Yield (country, kind, position, name); kind is F, M (given names), family, job or street."""
    for country, locale in LOCALES.items():
        faker = Faker(locale, use_weighting=False)
        faker.seed_instance(f"{seed}/{country}")
        makers: dict[str, Callable[[], str]] = {
            "F": faker.first_name_female,
            "M": faker.first_name_male,
            "family": faker.last_name,
            "job": faker.job,
            "street": faker.street_name,
        }
        for kind, size in POOL_SIZES.items():
            for position, name in enumerate(_distinct(makers[kind], size)):
                yield country, kind, position, name


def _distinct(make: Callable[[], str], size: int) -> list[str]:
    """Return `size` names, distinct as far as the locale knows so many."""
    names: dict[str, None] = {}
    for _ in range(size * 4):
        names[make()] = None
        if len(names) == size:
            break
    found = list(names)
    return [found[position % len(found)] for position in range(size)]
