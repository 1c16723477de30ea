-- People who left a basket behind this week and have not bought anything lately.
{{ config(meta={
    'label': 'Cart reminder',
    'purpose': 'Remind people of what they left in the basket',
    'owner': 'Lifecycle marketing',
    'platforms': ['google', 'meta'],
    'account': 'default',
    'list_name': 'tamiz_cart_reminder',
    'identifiers': ['email', 'phone'],
    'holdout': 0,
    'minimum_size': 100,
}) }}

{{ audience_table(
    include=['seg_cart_abandoners'],
    exclude=['exc_recent_buyers'],
) }}
