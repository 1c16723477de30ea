-- Every audience has its line here; one that is left out stops the build.
{{ union_tagged('audiences', [
    ref('aud_cart_reminder'),
    ref('aud_existing_customers'),
    ref('aud_win_back'),
]) }}
