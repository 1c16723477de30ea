{# Deletes from the stored sessions every visitor whose events are no longer those they were made
   of: new, late, replaced or gone. The sessions carry the count and a checksum of their events,
   so no watermark can be wrong, whatever the order of arrival. #}
{% macro forget_changed_visitors() %}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where (source, anonymous_id) not in (
            select
                present.source,
                present.anonymous_id
            from (
                select
                    source,
                    anonymous_id,
                    count(*) as event_count,
                    sum({{ hex_number('row_fingerprint') }}) as events_checksum
                from {{ ref('int_events_profiled') }}
                group by source, anonymous_id
            ) as present
            inner join (
                select
                    source,
                    anonymous_id,
                    sum(event_count) as event_count,
                    sum(events_checksum) as events_checksum
                from {{ this }}
                group by source, anonymous_id
            ) as stored
                on present.source = stored.source
                and present.anonymous_id = stored.anonymous_id
                and present.event_count = stored.event_count
                and present.events_checksum = stored.events_checksum
        )
    {%- endif -%}
{% endmacro %}
