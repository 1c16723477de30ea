-- Everybody who has bought before, on every platform: what an offer for customers only needs.
{{ config(meta={
    'label': 'Existing customers',
    'purpose': 'Show customers the offers that are theirs alone',
    'owner': 'CRM',
    'platforms': [
        'google', 'linkedin', 'meta', 'microsoft', 'pinterest', 'reddit', 'snapchat', 'tiktok', 'x',
    ],
    'account': 'default',
    'list_name': 'tamiz_existing_customers',
    'identifiers': ['email', 'phone', 'idfa', 'aaid', 'x_user_id', 'x_handle'],
    'holdout': 0.05,
    'minimum_size': 100,
}) }}

{{ audience_table(
    include=['seg_existing_customers'],
    exclude=['exc_employees'],
) }}
