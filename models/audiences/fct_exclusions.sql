-- Every exclusion has its line here; one that is left out stops the build.
{{ union_tagged('exclusions', [
    ref('exc_employees'),
    ref('exc_erased'),
    ref('exc_no_ad_consent'),
    ref('exc_opted_out'),
    ref('exc_recent_buyers'),
    ref('exc_under_age'),
]) }}
