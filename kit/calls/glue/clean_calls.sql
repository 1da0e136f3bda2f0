-- The calls of all logs, each with what is wrong with it: the rules of `support-etl calls clean`.
-- raw_lines (file, line, text) and agent_rows (agent_id, agent_name, region) are made by clean_calls.py; :time_zone is a parameter.
WITH read_lines AS (
  SELECT
    file,
    line,
    from_json(
      text,
      'call_id STRING, id STRING, agent_id STRING, customer_id STRING, start_time STRING, started_at STRING, end_time STRING, duration_seconds STRING, issue_type STRING, resolution STRING, resolution_status STRING, rating STRING, _corrupt_record STRING',
      map('columnNameOfCorruptRecord', '_corrupt_record')
    ) AS call
  FROM raw_lines
),
-- text is trimmed, blank text is null; of two names of a column the first one with a value counts
texts AS (
  SELECT
    file,
    line,
    call IS NULL OR call._corrupt_record IS NOT NULL AS is_invalid,
    coalesce(nullif(trim(call.call_id), ''), nullif(trim(call.id), '')) AS call_id,
    nullif(trim(call.agent_id), '') AS agent_id,
    nullif(trim(call.customer_id), '') AS customer_id,
    coalesce(nullif(trim(call.start_time), ''), nullif(trim(call.started_at), '')) AS start_text,
    nullif(trim(call.end_time), '') AS end_text,
    nullif(trim(call.duration_seconds), '') AS span_text,
    nullif(trim(call.issue_type), '') AS issue_type,
    coalesce(nullif(trim(call.resolution), ''), nullif(trim(call.resolution_status), '')) AS resolution,
    nullif(trim(call.rating), '') AS rating_text
  FROM read_lines
),
-- date, time to the minute, seconds, digits after them, zone
matched AS (
  SELECT
    *,
    '^(\\d{4}-\\d\\d-\\d\\d)[T ](\\d\\d:\\d\\d)(?::(\\d\\d)(?:\\.(\\d{1,9}))?)?(Z|[+-]\\d\\d:\\d\\d)?$' AS form,
    '^[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})?$' AS number
  FROM texts
),
parts AS (
  SELECT
    *,
    CASE WHEN start_text RLIKE form THEN try_cast(concat(
      regexp_extract(start_text, form, 1), ' ', regexp_extract(start_text, form, 2), ':',
      coalesce(nullif(regexp_extract(start_text, form, 3), ''), '00'), coalesce(nullif(regexp_extract(start_text, form, 5), ''), 'Z')
    ) AS TIMESTAMP) END AS start_second,
    CASE WHEN end_text RLIKE form THEN try_cast(concat(
      regexp_extract(end_text, form, 1), ' ', regexp_extract(end_text, form, 2), ':',
      coalesce(nullif(regexp_extract(end_text, form, 3), ''), '00'), coalesce(nullif(regexp_extract(end_text, form, 5), ''), 'Z')
    ) AS TIMESTAMP) END AS end_second,
    CASE WHEN span_text RLIKE number THEN try_cast(CAST(try_cast(span_text AS DOUBLE) AS DECIMAL(29, 9)) * 1000000000 AS DECIMAL(38, 0)) END AS span_nanoseconds
  FROM matched
),
-- nanoseconds since 1970: the sign of a difference is tested on exact numbers
instants AS (
  SELECT
    *,
    CAST(unix_micros(start_second) AS DECIMAL(38, 0)) * 1000
      + CAST(rpad(regexp_extract(start_text, form, 4), 9, '0') AS DECIMAL(38, 0)) AS start_nanoseconds,
    CASE
      WHEN end_text IS NULL THEN CAST(unix_micros(start_second) AS DECIMAL(38, 0)) * 1000
        + CAST(rpad(regexp_extract(start_text, form, 4), 9, '0') AS DECIMAL(38, 0)) + span_nanoseconds
      ELSE CAST(unix_micros(end_second) AS DECIMAL(38, 0)) * 1000
        + CAST(rpad(regexp_extract(end_text, form, 4), 9, '0') AS DECIMAL(38, 0))
    END AS end_nanoseconds
  FROM parts
),
judged AS (
  SELECT
    *,
    CASE
      WHEN is_invalid THEN 'json_invalid'
      WHEN call_id IS NULL THEN 'call_id_missing'
      WHEN start_text IS NULL THEN 'start_missing'
      WHEN start_nanoseconds IS NULL THEN 'start_unreadable'
      WHEN end_text IS NULL AND span_text IS NULL THEN 'end_missing'
      WHEN end_nanoseconds IS NULL THEN 'end_unreadable'
      WHEN end_nanoseconds = start_nanoseconds THEN 'end_equals_start'
      WHEN end_nanoseconds < start_nanoseconds THEN 'end_before_start'
    END AS refused
  FROM instants
),
-- of several rows with one id the last that is not refused is kept: by the names of the files, then by line
ranked AS (
  SELECT
    *,
    row_number() OVER (PARTITION BY call_id, refused IS NULL ORDER BY file DESC, line DESC) AS latest
  FROM judged
),
measured AS (
  SELECT
    *,
    timestamp_micros(CAST(floor(start_nanoseconds / 1000) AS BIGINT)) AS start_time,
    timestamp_micros(CAST(floor(end_nanoseconds / 1000) AS BIGINT)) AS end_time,
    CAST(floor((end_nanoseconds - start_nanoseconds) / 1000) AS BIGINT) AS elapsed
  FROM ranked
)
SELECT
  calls.file,
  calls.line,
  calls.refused,
  calls.call_id,
  calls.agent_id,
  coalesce(agents.agent_name, 'Unknown') AS agent_name,
  coalesce(agents.region, 'Unknown') AS region,
  calls.customer_id,
  calls.start_time,
  calls.end_time,
  -- two decimals, half away from zero
  CAST((calls.elapsed + 300000) DIV 600000 AS DOUBLE) / 100 AS call_duration_minutes,
  calls.issue_type,
  calls.resolution,
  CASE WHEN calls.rating_text RLIKE calls.number THEN try_cast(calls.rating_text AS DOUBLE) END AS rating,
  CAST(from_utc_timestamp(calls.start_time, :time_zone) AS DATE) AS call_date,
  hour(from_utc_timestamp(calls.start_time, :time_zone)) AS hour_of_day
FROM measured AS calls
LEFT JOIN agent_rows AS agents ON agents.agent_id = calls.agent_id
WHERE calls.refused IS NOT NULL OR calls.latest = 1
