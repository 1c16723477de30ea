-- Lapsed customers, but for those who came back by themselves and those who work here.
{{ config(meta={
    'label': 'Win back',
    'purpose': 'Bring lapsed customers back',
    'owner': 'Lifecycle marketing',
    'platforms': ['google', 'meta'],
    'account': 'default',
    'list_name': 'tamiz_win_back',
    'identifiers': ['email', 'phone'],
    'holdout': 0.1,
    'minimum_size': 100,
}) }}

{{ audience_table(
    include=['seg_lapsed'],
    exclude=['exc_employees', 'exc_recent_buyers'],
) }}
