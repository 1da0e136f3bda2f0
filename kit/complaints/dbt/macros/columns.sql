{# A point in time as a timestamp without a zone, in UTC: the same text on every engine. #}
{% macro utc(column) %}{{ column }} at time zone 'UTC'{% endmacro %}


{# Whole seconds between two timestamps. #}
{% macro seconds_between(earlier, later) %}cast(floor(extract(epoch from ({{ later }} - {{ earlier }}))) as bigint){% endmacro %}


{# A condition as 1 or 0, to be added up. #}
{% macro counted(condition) %}cast(sum(case when {{ condition }} then 1 else 0 end) as bigint){% endmacro %}


{# Every day from one to another, as the column date_key. #}
{% macro each_day(first, last) %}{{ return(adapter.dispatch('each_day', 'complaints')(first, last)) }}{% endmacro %}

{% macro default__each_day(first, last) %}cast(generate_series({{ first }}, {{ last }}, interval '1 day') as date){% endmacro %}

{% macro duckdb__each_day(first, last) %}cast(unnest(generate_series({{ first }}, {{ last }}, interval '1 day')) as date){% endmacro %}


{# The columns of a table of cleaned complaints, with the key of a complaint through all of its deliveries. #}
{% macro staged_complaints(table) %}
select
    channel || ':' || complaint_id as complaint_key,
    complaint_id,
    channel,
    platform,
    customer_id,
    agent_id,
    category,
    status,
    {{ utc('opened_at') }} as opened_at,
    {{ utc('ended_at') }} as ended_at,
    {{ utc('resolved_at') }} as resolved_at,
    delivered_on,
    remarks
from {{ source('lake', table) }}
{% endmacro %}


{# Whole days between two dates. #}
{% macro days_between(earlier, later) %}cast({{ later }} - {{ earlier }} as integer){% endmacro %}
