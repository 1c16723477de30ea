"""The traps of the contracts that normalising falls into, each by its number, in our own SQL."""

import hashlib

import pytest
from made_queries import Query

NOTHING = hashlib.sha256(b"").hexdigest()
NOTHING_512 = hashlib.sha512(b"").hexdigest()
PAIRS = (
    *((platform, "email") for platform in ("google", "linkedin", "meta", "microsoft")),
    *((platform, "email") for platform in ("pinterest", "reddit", "snapchat", "tiktok", "x")),
    *((platform, "phone") for platform in ("google", "meta", "snapchat", "tiktok", "x")),
    *(("meta", kind) for kind in ("first_name", "city", "state", "zip", "country", "gender")),
    *(("meta", kind) for kind in ("birth_month", "birth_day", "external_id", "idfa")),
    *(("reddit", "idfa"), ("reddit", "aaid"), ("snapchat", "aaid"), ("tiktok", "idfa")),
    *(("x", "idfa"), ("x", "aaid"), ("x", "x_handle"), ("x", "x_user_id")),
    *(("linkedin", "email_sha512"), ("google", "first_name"), ("google", "zip")),
)


@pytest.fixture(scope="module")
def query(tmp_path_factory: pytest.TempPathFactory) -> Query:
    return Query(tmp_path_factory.mktemp("queries"), PAIRS)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_t1_nothing_is_never_hashed(query: Query) -> None:
    blanks = ["", " ", "\u200b", "\u00a0\u3000", "\u00ad\ufeff\t", "sin telefono", "-", "@", "+"]
    texts = [*blanks, "@gmail.com", "+tag@example.com", "...@tiktok.com", NOTHING, NOTHING_512]
    for pair in PAIRS:
        rows = query(*pair, [(text, None) for text in [None, *texts]])
        hashes = {row.hash for row in rows}
        assert not hashes & {NOTHING, NOTHING_512}, pair
        if pair[1] == "email":
            assert not hashes & {sha256("@gmail.com"), sha256("@example.com")}
        for row in rows[:6]:
            assert (row.normalised, row.hash, row.reason) == (None, None, "empty"), pair
    assert query.forms("meta", "phone", "sin telefono", country="ES") == ["(not a phone number)"]
    assert query.forms("google", "email", NOTHING) == ["(hash of nothing)"]


def test_t2_a_national_phone_is_read_with_its_country_or_refused(query: Query) -> None:
    spanish = ["612 34 56 78", "0034 612 34 56 78", "٦١٢ ٣٤ ٥٦ ٧٨"]
    assert query.forms("google", "phone", *spanish, country="ES") == ["+34612345678"] * 3
    assert query.forms("google", "phone", "612 34 56 78") == ["(country needed)"]
    # Dialled from the United States, 00 leads nowhere: no +1 is assumed.
    assert query.forms("google", "phone", "612 34 56 78", country="US") == ["(number too short)"]


def test_t3_meta_is_sent_what_its_documentation_says_not_what_its_helper_makes(
    query: Query,
) -> None:
    assert query.forms("meta", "first_name", "LUCÍA", "L'Hospital") == ["lucía", "lhospital"]
    assert query.forms("meta", "gender", "Mujer", "Mulher", "hombre", "M") == ["f", "f", "m", "m"]
    assert query.forms("meta", "country", "Estados Unidos", "Chile", "Suiza") == ["us", "cl", "ch"]
    assert query.forms("meta", "country", "Narnia") == ["(no such country)"]
    assert query.forms("meta", "phone", "+34 0612345678", country="ES") == ["(number too long)"]
    assert query.forms("meta", "state", "California", "ca", country="US") == ["ca", "ca"]
    assert query.forms("meta", "state", "Andalucía", country="ES") == ["andalucia"]
    (unchanged,) = query("meta", "external_id", [("C-0001 Ñ", None)])
    assert (unchanged.normalised, unchanged.hash) == ("C-0001 Ñ", None)
    (ad_id,) = query("meta", "idfa", [("2F5F5391-3E45-4D02-B645-4575A08F86E1", None)])
    assert (ad_id.normalised, ad_id.hash) == ("2f5f5391-3e45-4d02-b645-4575a08f86e1", None)


def test_t5_letters_beyond_ascii_are_hashed_as_utf8_not_as_latin1(query: Query) -> None:
    (row,) = query("google", "first_name", [("Núñez", None)])
    assert row.hash == sha256("núñez")
    assert row.hash != hashlib.sha256("núñez".encode("latin-1")).hexdigest()


def test_t7_every_dot_and_tag_falls_at_gmail_and_months_and_days_have_two_figures(
    query: Query,
) -> None:
    one = ["c.a.r.l.o.s+ofertas@gmail.com", "Carlos@GMAIL.com"]
    assert query.forms("google", "email", *one) == ["carlos@gmail.com"] * 2
    assert query.forms("google", "email", "c.o+x@yahoo.es") == ["c.o+x@yahoo.es"]
    assert query.forms("linkedin", "email", " Rita@Empresa.PT ") == ["rita@empresa.pt"]
    assert query.forms("meta", "birth_month", "3", "1990-03-07") == ["03", "03"]
    assert query.forms("meta", "birth_day", "7", "1990-03-07") == ["07", "07"]


def test_t8_a_name_typed_on_another_system_has_the_same_hash(query: Query) -> None:
    for pair in (("google", "first_name"), ("meta", "first_name"), ("meta", "email")):
        texts = ["I\u0301ker", "\u00cdker"]
        if pair[1] == "email":
            texts = [f"{text}@example.es" for text in texts]
        apart, composed = query(*pair, [(text, None) for text in texts])
        assert apart.hash == composed.hash is not None


@pytest.mark.parametrize("trap", ["t12", "c2_3"])
def test_t12_and_c2_3_what_is_hashed_already_is_not_hashed_again(query: Query, trap: str) -> None:
    digest = sha256("carlos@example.es")
    given = {"t12": [digest], "c2_3": [digest.upper(), f" {digest}\n"]}[trap]
    for pair in PAIRS:
        if pair in {("meta", "external_id"), ("meta", "idfa"), ("google", "zip")}:
            continue  # taken in clear: a hash is a text like another, or no ad id
        if pair[1] == "email_sha512":
            continue
        rows = query(*pair, [(text, None) for text in given])
        assert {(row.normalised, row.hash, row.reason) for row in rows} == {(digest, digest, None)}
    longer = hashlib.sha512(b"rita@empresa.pt").hexdigest()
    assert query.forms("linkedin", "email_sha512", longer.upper()) == [longer]
    wrong = [digest[:-1], digest + "0", digest[:-1] + "g", longer]
    assert query.forms("meta", "email", *wrong) == ["(not an e-mail address)"] * 4


def test_t12_a_nul_is_no_letter_of_an_address(query: Query) -> None:
    # DuckDB holds one, so the models meet it too; around a value it is a blank like others.
    assert query.forms("meta", "email", "a\0b@example.es", "\0ab@example.es\0") == [
        *("(not an e-mail address)", "ab@example.es"),
    ]


def test_t12_one_bad_phone_is_one_refused_row(query: Query) -> None:
    assert query.forms("meta", "phone", "+34655123456", "abc", "+34655123457") == [
        *("34655123456", "(not a phone number)", "34655123457"),
    ]


def test_t13_hashes_are_lower_case_and_x_handles_lose_their_at_sign(query: Query) -> None:
    (row,) = query("x", "x_handle", [("@AdsAPI", None)])
    assert row.hash == "49e0be2aeccfb51a8dee4c945c8a70a9ac500cf6f5cb08112575f74db9b1470d"
    assert query.forms("x", "x_user_id", "143567", "x1") == ["143567", "(not a user id)"]


def test_t14_postcodes_are_cut_in_the_united_states_alone_and_cities_keep_their_letters(
    query: Query,
) -> None:
    assert query.forms("meta", "zip", "90210-1234", "90210", country="US") == ["90210"] * 2
    assert query.forms("meta", "zip", "01310-100", country="BR") == ["01310100"]
    assert query.forms("meta", "zip", "1200-195", country="PT") == ["1200195"]
    assert query.forms("meta", "zip", "M1 1AE", country="GB") == ["m11ae"]
    assert query.forms("meta", "zip", "01310-100", "28013") == ["(country needed)", "28013"]
    assert query.forms("google", "zip", " 01310-100 ") == ["01310-100"]
    cities = ["São Paulo", "A Coruña", "Łódź", "Saint-Denis", "Москва"]
    wanted = ["saopaulo", "acoruna", "lodz", "saintdenis", "(not in letters a to z)"]
    assert query.forms("meta", "city", *cities) == wanted


def test_c2_1_one_address_is_another_text_on_another_platform(query: Query) -> None:
    wanted = {
        "analima@example.com": ("tiktok", "reddit"),
        "ana.lima+promo@example.com": ("snapchat", "pinterest", "microsoft", "meta", "x", "google"),
    }
    for text, platforms in wanted.items():
        for platform in platforms:
            assert query.forms(platform, "email", "Ana.Lima+promo@Example.com") == [text]


def test_c2_2_without_a_country_a_national_phone_has_no_hash(query: Query) -> None:
    for platform in ("tiktok", "snapchat", "x", "google", "meta"):
        assert query.forms(platform, "phone", "(21) 98765-4321") == ["(country needed)"]
    brazilian = "(21) 98765-4321"
    assert query.forms("tiktok", "phone", brazilian, country="BR") == ["+5521987654321"]
    assert query.forms("snapchat", "phone", brazilian, country="BR") == ["5521987654321"]
    with pytest.raises(KeyError):
        query.forms("pinterest", "phone", "+34655123456")


def test_tiktok_phones_are_normalised_and_addresses_lose_dots_before_the_at_sign_only(
    query: Query,
) -> None:
    (row,) = query("tiktok", "phone", [("+1 (555) 555-5555", None)])
    assert row.hash != sha256("+1 (555) 555-5555")
    assert query.forms("tiktok", "phone", "+1 (650) 555-1212") == ["+16505551212"]
    (row,) = query("tiktok", "email", [(" Ana.Lima+x@Mail.Example.co.uk ", None)])
    assert row.hash == sha256("analima@mail.example.co.uk")
    (row,) = query("tiktok", "idfa", [("2F5F5391-3E45-4D02-B645-4575A08F86E1", None)])
    assert row.hash == sha256("2f5f5391-3e45-4d02-b645-4575a08f86e1")


def test_snapchat_phones_lose_the_zero_that_only_callers_at_home_dial(query: Query) -> None:
    written = ["+44 (0)20 7946 0958", "020 7946 0958", "0044 20 7946 0958"]
    assert query.forms("snapchat", "phone", *written, country="GB") == ["442079460958"] * 3
    (row,) = query("snapchat", "email", [("josé@example.es", None)])
    assert row.hash == sha256("josé@example.es")


def test_reddit_takes_ios_ids_in_capitals_and_android_ids_in_small_letters(query: Query) -> None:
    mixed = "2f5F5391-3E45-4d02-b645-4575A08F86e1"
    assert query.forms("reddit", "idfa", mixed) == [mixed.upper()]
    assert query.forms("reddit", "aaid", mixed) == [mixed.lower()]
    assert query.forms("x", "idfa", mixed) == query.forms("x", "aaid", mixed) == [mixed.lower()]
    zeros = "00000000-0000-0000-0000-000000000000"
    assert query.forms("snapchat", "aaid", zeros) == ["(ad id of nobody)"]


def test_microsoft_s_printed_hash_is_not_the_hash_of_the_address_beside_it(query: Query) -> None:
    (row,) = query("microsoft", "email", [("test@contoso.com", None)])
    assert row.hash is not None
    assert row.hash.startswith("f25ad364")
    assert not row.hash.startswith("a8e34c39")
