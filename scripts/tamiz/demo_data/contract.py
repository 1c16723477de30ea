"""The columns, physical types and order of rows of every raw table the demo world writes."""

MONEY = "decimal(12,2)"
PERSON = """
    email varchar, phone varchar, first_name varchar, last_name varchar, gender varchar,
    birth_date date, job_title varchar, marital_status varchar, education varchar,
    income_band varchar, street varchar, city varchar, region varchar, postal_code varchar,
    country varchar, language varchar, x_user_id varchar, x_handle varchar, mobile_ad_id varchar,
    loyalty_id varchar, is_employee boolean, is_deceased boolean, deceased_on varchar,
    created_at timestamp, updated_at timestamp
"""

# Table: its columns with types, comma-separated.
COLUMNS = {
    "crm_customers": f"customer_id varchar, {PERSON}",
    "shop_orders": f"""
        order_id varchar, customer_id varchar, ordered_at timestamp, status varchar,
        currency varchar, amount {MONEY}, channel varchar, email varchar, refunded_at timestamp
    """,
    "shop_order_items": f"""
        order_id varchar, line_number integer, product_id varchar, quantity integer,
        unit_price {MONEY}
    """,
    "shop_products": f"""
        product_id varchar, name varchar, category varchar, brand varchar, price {MONEY}
    """,
    "pixel_events": """
        event_id varchar, anonymous_id varchar, event_name varchar, occurred_at timestamp,
        received_at timestamp, user_id varchar, page_url varchar, referrer_url varchar,
        user_agent varchar, country varchar, region varchar, city varchar, product_id varchar,
        category varchar, value double, currency varchar, order_id varchar,
        consent_status varchar
    """,
    "app_events": """
        event_id varchar, device_id varchar, event_name varchar, occurred_at timestamp,
        received_at timestamp, user_id varchar, mobile_ad_id varchar, operating_system varchar,
        app_version varchar, feature varchar, product_id varchar, value double
    """,
    "social_posts": """
        post_id varchar, network varchar, published_at timestamp, text varchar, format varchar,
        call_to_action varchar, is_user_generated boolean, campaign_id varchar,
        impressions bigint, reach bigint, url varchar
    """,
    "social_engagements": """
        engagement_id varchar, network varchar, network_user_id varchar, action varchar,
        occurred_at timestamp, post_id varchar, handle varchar, text varchar
    """,
    "social_mentions": """
        mention_id varchar, network varchar, network_user_id varchar, occurred_at timestamp,
        text varchar, handle varchar, followers bigint, likes bigint, shares bigint, url varchar
    """,
    "social_profiles": """
        network varchar, network_user_id varchar, captured_at timestamp, handle varchar,
        display_name varchar, bio varchar, followers bigint, following bigint, posts bigint,
        location varchar, is_verified boolean, email varchar
    """,
    "social_follows": """
        network varchar, follower_user_id varchar, followed_user_id varchar,
        observed_at timestamp
    """,
    "survey_responses": """
        response_id varchar, question varchar, answer varchar, answered_at timestamp,
        customer_id varchar, email varchar, withdrawn_at timestamp
    """,
    "consent_events": """
        consent_id varchar, subject_type varchar, subject varchar, purpose varchar,
        status varchar, occurred_at timestamp, platform varchar, region varchar, source varchar,
        policy_version varchar, expires_at timestamp, tcf_string varchar, gpp_string varchar
    """,
    "privacy_requests": """
        request_id varchar, subject_type varchar, subject varchar, kind varchar,
        requested_at timestamp
    """,
    "ads_campaigns": """
        campaign_id varchar, platform varchar, name varchar, audience_name varchar,
        started_on date, ended_on date, objective varchar, theme varchar
    """,
    "ads_daily_results": f"""
        campaign_id varchar, reported_on date, impressions bigint, reach bigint, clicks bigint,
        conversions bigint, spend {MONEY}, revenue {MONEY}, currency varchar
    """,
    "intake_people": f"""
        file_id varchar, row_number integer, customer_id varchar, {PERSON},
        received_at timestamp
    """,
}

TRUTHS = {
    "canaries": "kind varchar, value varchar",
    "truth_segment_members": """
        segment_name varchar, segment_key varchar, subject_type varchar, subject varchar
    """,
    "truth_exclusions": """
        exclusion_name varchar, scope varchar, subject_type varchar, subject varchar
    """,
    "truth_sessions": "source varchar, session_count bigint, event_count bigint",
    "truth_people": "subject_type varchar, subject varchar, human_id bigint",
}

# Written as they come: a generated sort is their last step already.
ALREADY_SORTED = ("pixel_events", "app_events")


def columns_of(declared: str) -> list[tuple[str, str]]:
    """Return (name, DuckDB type) pairs of a declaration such as "a varchar, b decimal(12,2)"."""
    words = declared.replace("decimal(12,2)", "decimal(12;2)").split(",")
    pairs = [word.split() for word in words]
    return [(name, kind.replace(";", ",")) for name, kind in pairs]
