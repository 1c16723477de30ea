{# What each platform takes, and by which rule: the one place to add a platform. `pushed` kinds are
   published hashed and sent; `hashed` and `clear` ones are only shown by `tamiz hash`. A rule is a
   branch of identifier_by_rule; sources stand in rules.md. `version` rises with every change of a
   pushed rule, for it stands beside each hash that was sent. #}
{% macro platform_rules() %}
    {%- set ad_ids = {'idfa': 'ad_id_lower', 'aaid': 'ad_id_lower'} -%}
    {%- set clear_ad_ids = {'idfa': 'as_written', 'aaid': 'as_written'} -%}
    {{ return({
        'google': {'version': 'google-1',
            'pushed': {'email': 'email_gmail_once', 'phone': 'phone_with_plus'},
            'hashed': {'first_name': 'name_lower', 'last_name': 'name_lower'},
            'clear': dict(clear_ad_ids, zip='as_written', country='country_upper', external_id='as_written')},
        'linkedin': {'version': 'linkedin-1',
            'pushed': {'email': 'email_without_blanks'}, 'hashed': {'email_sha512': 'email_without_blanks'},
            'clear': {'first_name': 'as_written', 'last_name': 'as_written', 'country': 'country_upper',
                'aaid': 'as_written'}},
        'meta': {'version': 'meta-1',
            'pushed': {'email': 'email_lower', 'phone': 'phone_digits'},
            'hashed': {'first_name': 'name_letters', 'last_name': 'name_letters', 'city': 'city_letters',
                'state': 'state_letters', 'zip': 'zip_compact', 'country': 'country_lower',
                'gender': 'gender_letter', 'birth_year': 'birth_year', 'birth_month': 'birth_month',
                'birth_day': 'birth_day'},
            'clear': dict(ad_ids, external_id='as_written')},
        'microsoft': {'version': 'microsoft-1',
            'pushed': {'email': 'email_lower'}, 'hashed': {}, 'clear': {'external_id': 'as_written'}},
        'pinterest': {'version': 'pinterest-1',
            'pushed': {'email': 'email_lower'}, 'hashed': ad_ids, 'clear': {}},
        'reddit': {'version': 'reddit-1', 'hashed': {}, 'clear': {}, 'pushed':
            {'email': 'email_without_aliases', 'idfa': 'ad_id_upper', 'aaid': 'ad_id_lower'}},
        'snapchat': {'version': 'snapchat-1', 'hashed': {}, 'clear': {},
            'pushed': dict(ad_ids, email='email_lower', phone='phone_digits')},
        'tiktok': {'version': 'tiktok-1', 'hashed': {}, 'clear': {},
            'pushed': dict(ad_ids, email='email_without_aliases', phone='phone_with_plus')},
        'x': {'version': 'x-1', 'hashed': {}, 'clear': {'external_id': 'as_written'},
            'pushed': dict(ad_ids, email='email_lower', phone='phone_with_plus', x_user_id='x_number',
                x_handle='as_written')},
    }) }}
{% endmacro %}
