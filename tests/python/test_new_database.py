"""A new database holds the same rows whichever dbt command fills it, telephones included."""

from collections.abc import Callable

from worlds import World

PEOPLE = """
    select *
    from (values
        ('c1', '+34 612 345 678', 'Spain'), ('c2', '0044 7400 123456', 'GB'), ('c3', '12', 'ES')
    ) as people (customer_id, phone, country)
"""
TABLES = ("int_phone_numbers", "fct_person_identifiers", "country_names", "phone_countries")


def test_run_and_build_give_the_same_rows_in_a_new_database(
    new_world: Callable[[str], World],
) -> None:
    found = []
    for command, selection in (
        ("run", "+fct_person_identifiers"),
        ("build", "+fct_person_identifiers"),
        ("build", "+fct_person_identifiers,resource_type:model"),
    ):
        world = new_world(f"world{len(found)}")
        world.write("crm_customers", PEOPLE)
        excluded = ("--exclude-resource-type", "test", "unit_test") if command == "build" else ()
        world.build("--select", selection, *excluded, command=command)
        found.append([world.query(f"select * from {name} order by all") for name in TABLES])
        sent = world.query(
            "select count(*) from fct_person_identifiers where identifier_type like '%phone%'"
        )
        assert sent[0][0] > 0, f"{command} of {selection} read no telephone"
    assert found[0] == found[1] == found[2]
