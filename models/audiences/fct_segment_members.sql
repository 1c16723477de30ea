-- Every segment has its line here; one that is left out stops the build.
{{ union_tagged('segments', [
    ref('seg_cart_abandoners'),
    ref('seg_existing_customers'),
    ref('seg_lapsed'),
    ref('seg_most_valued'),
    ref('seg_only_category'),
    ref('seg_visited_5_times_in_a_week'),
]) }}
