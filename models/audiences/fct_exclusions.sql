-- Every exclusion has its line here; one that is left out stops the build.
{{ union_tagged('exclusions', [
    ref('exc_company_people'),
    ref('exc_deceased'),
    ref('exc_employees'),
    ref('exc_erased'),
    ref('exc_no_ad_consent'),
    ref('exc_no_basis_in_country'),
    ref('exc_opted_out'),
    ref('exc_recent_buyers'),
    ref('exc_test_accounts'),
    ref('exc_under_age'),
]) }}
