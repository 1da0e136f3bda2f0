-- Changes of all files: _batch is the number of the file in the order of application (0 is the extract), _seq its row, _action add, update or delete
CREATE TABLE "staged_interactions" (
  "interaction_id" VARCHAR,
  "timestamp" TIMESTAMP(3),
  "channel" VARCHAR,
  "category_id" VARCHAR,
  "agent_id" VARCHAR,
  "contact_center_id" VARCHAR,
  "interaction_start" TIMESTAMP(3),
  "agent_resolution_timestamp" TIMESTAMP(3),
  "interaction_end" TIMESTAMP(3),
  "call_duration_minutes" DOUBLE,
  "satisfaction_rating" DOUBLE,
  "_batch" INTEGER,
  "_seq" BIGINT,
  "_action" VARCHAR
);
CREATE TABLE "staged_agents" (
  "agent_id" VARCHAR,
  "full_name" VARCHAR,
  "contact_center_id" VARCHAR,
  "hire_date" DATE,
  "category_id" VARCHAR,
  "_batch" INTEGER,
  "_seq" BIGINT,
  "_action" VARCHAR
);
CREATE TABLE "staged_contact_centers" (
  "contact_center_id" VARCHAR,
  "contact_center_name" VARCHAR,
  "location" VARCHAR,
  "_batch" INTEGER,
  "_seq" BIGINT,
  "_action" VARCHAR
);
CREATE TABLE "staged_service_categories" (
  "category_id" VARCHAR,
  "category_name" VARCHAR,
  "department" VARCHAR,
  "_batch" INTEGER,
  "_seq" BIGINT,
  "_action" VARCHAR
);

-- The current rows of each table; _order sorts them as they were inserted
CREATE OR REPLACE TABLE "interactions" AS
WITH "interactions_changes" AS (
  SELECT "interaction_id", "timestamp", "channel", "category_id", "agent_id", "contact_center_id", "interaction_start", "agent_resolution_timestamp", "interaction_end", "call_duration_minutes", "satisfaction_rating", "_batch", "_seq", "_action"
  FROM "staged_interactions"
),
"interactions_placed" AS (
  SELECT
    "interaction_id" AS "interaction_id",
    "timestamp" AS "timestamp",
    "channel" AS "channel",
    "category_id" AS "category_id",
    "agent_id" AS "agent_id",
    "contact_center_id" AS "contact_center_id",
    "interaction_start" AS "interaction_start",
    "agent_resolution_timestamp" AS "agent_resolution_timestamp",
    "interaction_end" AS "interaction_end",
    "call_duration_minutes" AS "call_duration_minutes",
    "satisfaction_rating" AS "satisfaction_rating",
    "_batch" AS "_batch",
    "_action" AS "_action",
    (("_batch" * 1099511627776) + "_seq") AS "_position"
  FROM "interactions_changes"
),
"interactions_dated" AS (
  SELECT
    "interaction_id" AS "interaction_id",
    "timestamp" AS "timestamp",
    "channel" AS "channel",
    "category_id" AS "category_id",
    "agent_id" AS "agent_id",
    "contact_center_id" AS "contact_center_id",
    "interaction_start" AS "interaction_start",
    "agent_resolution_timestamp" AS "agent_resolution_timestamp",
    "interaction_end" AS "interaction_end",
    "call_duration_minutes" AS "call_duration_minutes",
    "satisfaction_rating" AS "satisfaction_rating",
    "_batch" AS "_batch",
    "_action" AS "_action",
    "_position" AS "_position",
    MAX(CASE WHEN ("_action" = 'delete') THEN "_position" ELSE CAST(NULL AS BIGINT) END) OVER (PARTITION BY "interaction_id") AS "_deleted"
  FROM "interactions_placed"
),
"interactions_alive" AS (
  SELECT "interaction_id", "timestamp", "channel", "category_id", "agent_id", "contact_center_id", "interaction_start", "agent_resolution_timestamp", "interaction_end", "call_duration_minutes", "satisfaction_rating", "_batch", "_action", "_position", "_deleted"
  FROM "interactions_dated"
  WHERE (("_deleted" IS NULL) OR ("_position" > "_deleted"))
),
"interactions_written" AS (
  SELECT
    "interaction_id" AS "interaction_id",
    "timestamp" AS "timestamp",
    "channel" AS "channel",
    "category_id" AS "category_id",
    "agent_id" AS "agent_id",
    "contact_center_id" AS "contact_center_id",
    "interaction_start" AS "interaction_start",
    "agent_resolution_timestamp" AS "agent_resolution_timestamp",
    "interaction_end" AS "interaction_end",
    "call_duration_minutes" AS "call_duration_minutes",
    "satisfaction_rating" AS "satisfaction_rating",
    "_batch" AS "_batch",
    "_action" AS "_action",
    "_position" AS "_position",
    MIN("_position") OVER (PARTITION BY "interaction_id") AS "_order",
    ROW_NUMBER() OVER (PARTITION BY "interaction_id" ORDER BY "_position" DESC) AS "_latest"
  FROM "interactions_alive"
),
"interactions_last" AS (
  SELECT "interaction_id", "timestamp", "channel", "category_id", "agent_id", "contact_center_id", "interaction_start", "agent_resolution_timestamp", "interaction_end", "call_duration_minutes", "satisfaction_rating", "_batch", "_action", "_position", "_order", "_latest"
  FROM "interactions_written"
  WHERE ("_latest" = 1)
),
"interactions_current" AS (
  SELECT
    "interaction_id" AS "interaction_id",
    "timestamp" AS "timestamp",
    "channel" AS "channel",
    "category_id" AS "category_id",
    "agent_id" AS "agent_id",
    "contact_center_id" AS "contact_center_id",
    "interaction_start" AS "interaction_start",
    "agent_resolution_timestamp" AS "agent_resolution_timestamp",
    "interaction_end" AS "interaction_end",
    "call_duration_minutes" AS "call_duration_minutes",
    "satisfaction_rating" AS "satisfaction_rating",
    "_order" AS "_order"
  FROM "interactions_last"
)
SELECT "interaction_id", "timestamp", "channel", "category_id", "agent_id", "contact_center_id", "interaction_start", "agent_resolution_timestamp", "interaction_end", "call_duration_minutes", "satisfaction_rating", "_order"
FROM "interactions_current";
CREATE OR REPLACE TABLE "agents" AS
WITH "agents_changes" AS (
  SELECT "agent_id", "full_name", "contact_center_id", "hire_date", "category_id", "_batch", "_seq", "_action"
  FROM "staged_agents"
),
"agents_placed" AS (
  SELECT
    "agent_id" AS "agent_id",
    "full_name" AS "full_name",
    "contact_center_id" AS "contact_center_id",
    "hire_date" AS "hire_date",
    "category_id" AS "category_id",
    "_batch" AS "_batch",
    "_action" AS "_action",
    (("_batch" * 1099511627776) + "_seq") AS "_position"
  FROM "agents_changes"
),
"agents_dated" AS (
  SELECT
    "agent_id" AS "agent_id",
    "full_name" AS "full_name",
    "contact_center_id" AS "contact_center_id",
    "hire_date" AS "hire_date",
    "category_id" AS "category_id",
    "_batch" AS "_batch",
    "_action" AS "_action",
    "_position" AS "_position",
    MAX(CASE WHEN ("_action" = 'delete') THEN "_position" ELSE CAST(NULL AS BIGINT) END) OVER (PARTITION BY "agent_id") AS "_deleted"
  FROM "agents_placed"
),
"agents_alive" AS (
  SELECT "agent_id", "full_name", "contact_center_id", "hire_date", "category_id", "_batch", "_action", "_position", "_deleted"
  FROM "agents_dated"
  WHERE (("_deleted" IS NULL) OR ("_position" > "_deleted"))
),
"agents_written" AS (
  SELECT
    "agent_id" AS "agent_id",
    "full_name" AS "full_name",
    "contact_center_id" AS "contact_center_id",
    "hire_date" AS "hire_date",
    "category_id" AS "category_id",
    "_batch" AS "_batch",
    "_action" AS "_action",
    "_position" AS "_position",
    MIN("_position") OVER (PARTITION BY "agent_id") AS "_order",
    ROW_NUMBER() OVER (PARTITION BY "agent_id" ORDER BY "_position" DESC) AS "_latest"
  FROM "agents_alive"
),
"agents_last" AS (
  SELECT "agent_id", "full_name", "contact_center_id", "hire_date", "category_id", "_batch", "_action", "_position", "_order", "_latest"
  FROM "agents_written"
  WHERE ("_latest" = 1)
),
"agents_current" AS (
  SELECT
    "agent_id" AS "agent_id",
    "full_name" AS "full_name",
    "contact_center_id" AS "contact_center_id",
    "hire_date" AS "hire_date",
    "category_id" AS "category_id",
    "_order" AS "_order"
  FROM "agents_last"
)
SELECT "agent_id", "full_name", "contact_center_id", "hire_date", "category_id", "_order"
FROM "agents_current";
CREATE OR REPLACE TABLE "contact_centers" AS
WITH "contact_centers_changes" AS (
  SELECT "contact_center_id", "contact_center_name", "location", "_batch", "_seq", "_action"
  FROM "staged_contact_centers"
),
"contact_centers_placed" AS (
  SELECT
    "contact_center_id" AS "contact_center_id",
    "contact_center_name" AS "contact_center_name",
    "location" AS "location",
    "_batch" AS "_batch",
    "_action" AS "_action",
    (("_batch" * 1099511627776) + "_seq") AS "_position"
  FROM "contact_centers_changes"
),
"contact_centers_dated" AS (
  SELECT
    "contact_center_id" AS "contact_center_id",
    "contact_center_name" AS "contact_center_name",
    "location" AS "location",
    "_batch" AS "_batch",
    "_action" AS "_action",
    "_position" AS "_position",
    MAX(CASE WHEN ("_action" = 'delete') THEN "_position" ELSE CAST(NULL AS BIGINT) END) OVER (PARTITION BY "contact_center_id") AS "_deleted"
  FROM "contact_centers_placed"
),
"contact_centers_alive" AS (
  SELECT "contact_center_id", "contact_center_name", "location", "_batch", "_action", "_position", "_deleted"
  FROM "contact_centers_dated"
  WHERE (("_deleted" IS NULL) OR ("_position" > "_deleted"))
),
"contact_centers_written" AS (
  SELECT
    "contact_center_id" AS "contact_center_id",
    "contact_center_name" AS "contact_center_name",
    "location" AS "location",
    "_batch" AS "_batch",
    "_action" AS "_action",
    "_position" AS "_position",
    MIN("_position") OVER (PARTITION BY "contact_center_id") AS "_order",
    ROW_NUMBER() OVER (PARTITION BY "contact_center_id" ORDER BY "_position" DESC) AS "_latest"
  FROM "contact_centers_alive"
),
"contact_centers_last" AS (
  SELECT "contact_center_id", "contact_center_name", "location", "_batch", "_action", "_position", "_order", "_latest"
  FROM "contact_centers_written"
  WHERE ("_latest" = 1)
),
"contact_centers_current" AS (
  SELECT
    "contact_center_id" AS "contact_center_id",
    "contact_center_name" AS "contact_center_name",
    "location" AS "location",
    "_order" AS "_order"
  FROM "contact_centers_last"
)
SELECT "contact_center_id", "contact_center_name", "location", "_order"
FROM "contact_centers_current";
CREATE OR REPLACE TABLE "service_categories" AS
WITH "service_categories_changes" AS (
  SELECT "category_id", "category_name", "department", "_batch", "_seq", "_action"
  FROM "staged_service_categories"
),
"service_categories_placed" AS (
  SELECT
    "category_id" AS "category_id",
    "category_name" AS "category_name",
    "department" AS "department",
    "_batch" AS "_batch",
    "_action" AS "_action",
    (("_batch" * 1099511627776) + "_seq") AS "_position"
  FROM "service_categories_changes"
),
"service_categories_dated" AS (
  SELECT
    "category_id" AS "category_id",
    "category_name" AS "category_name",
    "department" AS "department",
    "_batch" AS "_batch",
    "_action" AS "_action",
    "_position" AS "_position",
    MAX(CASE WHEN ("_action" = 'delete') THEN "_position" ELSE CAST(NULL AS BIGINT) END) OVER (PARTITION BY "category_id") AS "_deleted"
  FROM "service_categories_placed"
),
"service_categories_alive" AS (
  SELECT "category_id", "category_name", "department", "_batch", "_action", "_position", "_deleted"
  FROM "service_categories_dated"
  WHERE (("_deleted" IS NULL) OR ("_position" > "_deleted"))
),
"service_categories_written" AS (
  SELECT
    "category_id" AS "category_id",
    "category_name" AS "category_name",
    "department" AS "department",
    "_batch" AS "_batch",
    "_action" AS "_action",
    "_position" AS "_position",
    MIN("_position") OVER (PARTITION BY "category_id") AS "_order",
    ROW_NUMBER() OVER (PARTITION BY "category_id" ORDER BY "_position" DESC) AS "_latest"
  FROM "service_categories_alive"
),
"service_categories_last" AS (
  SELECT "category_id", "category_name", "department", "_batch", "_action", "_position", "_order", "_latest"
  FROM "service_categories_written"
  WHERE ("_latest" = 1)
),
"service_categories_current" AS (
  SELECT
    "category_id" AS "category_id",
    "category_name" AS "category_name",
    "department" AS "department",
    "_order" AS "_order"
  FROM "service_categories_last"
)
SELECT "category_id", "category_name", "department", "_order"
FROM "service_categories_current";

-- The support report
WITH "interactions_changes" AS (
  SELECT "interaction_id", "timestamp", "channel", "category_id", "agent_id", "contact_center_id", "interaction_start", "agent_resolution_timestamp", "interaction_end", "call_duration_minutes", "satisfaction_rating", "_batch", "_seq", "_action"
  FROM "staged_interactions"
),
"interactions_placed" AS (
  SELECT
    "interaction_id" AS "interaction_id",
    "timestamp" AS "timestamp",
    "channel" AS "channel",
    "category_id" AS "category_id",
    "agent_id" AS "agent_id",
    "contact_center_id" AS "contact_center_id",
    "interaction_start" AS "interaction_start",
    "agent_resolution_timestamp" AS "agent_resolution_timestamp",
    "interaction_end" AS "interaction_end",
    "call_duration_minutes" AS "call_duration_minutes",
    "satisfaction_rating" AS "satisfaction_rating",
    "_batch" AS "_batch",
    "_action" AS "_action",
    (("_batch" * 1099511627776) + "_seq") AS "_position"
  FROM "interactions_changes"
),
"interactions_dated" AS (
  SELECT
    "interaction_id" AS "interaction_id",
    "timestamp" AS "timestamp",
    "channel" AS "channel",
    "category_id" AS "category_id",
    "agent_id" AS "agent_id",
    "contact_center_id" AS "contact_center_id",
    "interaction_start" AS "interaction_start",
    "agent_resolution_timestamp" AS "agent_resolution_timestamp",
    "interaction_end" AS "interaction_end",
    "call_duration_minutes" AS "call_duration_minutes",
    "satisfaction_rating" AS "satisfaction_rating",
    "_batch" AS "_batch",
    "_action" AS "_action",
    "_position" AS "_position",
    MAX(CASE WHEN ("_action" = 'delete') THEN "_position" ELSE CAST(NULL AS BIGINT) END) OVER (PARTITION BY "interaction_id") AS "_deleted"
  FROM "interactions_placed"
),
"interactions_alive" AS (
  SELECT "interaction_id", "timestamp", "channel", "category_id", "agent_id", "contact_center_id", "interaction_start", "agent_resolution_timestamp", "interaction_end", "call_duration_minutes", "satisfaction_rating", "_batch", "_action", "_position", "_deleted"
  FROM "interactions_dated"
  WHERE (("_deleted" IS NULL) OR ("_position" > "_deleted"))
),
"interactions_written" AS (
  SELECT
    "interaction_id" AS "interaction_id",
    "timestamp" AS "timestamp",
    "channel" AS "channel",
    "category_id" AS "category_id",
    "agent_id" AS "agent_id",
    "contact_center_id" AS "contact_center_id",
    "interaction_start" AS "interaction_start",
    "agent_resolution_timestamp" AS "agent_resolution_timestamp",
    "interaction_end" AS "interaction_end",
    "call_duration_minutes" AS "call_duration_minutes",
    "satisfaction_rating" AS "satisfaction_rating",
    "_batch" AS "_batch",
    "_action" AS "_action",
    "_position" AS "_position",
    MIN("_position") OVER (PARTITION BY "interaction_id") AS "_order",
    ROW_NUMBER() OVER (PARTITION BY "interaction_id" ORDER BY "_position" DESC) AS "_latest"
  FROM "interactions_alive"
),
"interactions_last" AS (
  SELECT "interaction_id", "timestamp", "channel", "category_id", "agent_id", "contact_center_id", "interaction_start", "agent_resolution_timestamp", "interaction_end", "call_duration_minutes", "satisfaction_rating", "_batch", "_action", "_position", "_order", "_latest"
  FROM "interactions_written"
  WHERE ("_latest" = 1)
),
"interactions_current" AS (
  SELECT
    "interaction_id" AS "interaction_id",
    "timestamp" AS "timestamp",
    "channel" AS "channel",
    "category_id" AS "category_id",
    "agent_id" AS "agent_id",
    "contact_center_id" AS "contact_center_id",
    "interaction_start" AS "interaction_start",
    "agent_resolution_timestamp" AS "agent_resolution_timestamp",
    "interaction_end" AS "interaction_end",
    "call_duration_minutes" AS "call_duration_minutes",
    "satisfaction_rating" AS "satisfaction_rating",
    "_order" AS "_order"
  FROM "interactions_last"
),
"begun" AS (
  SELECT
    "contact_center_id" AS "contact_center_id",
    "category_id" AS "category_id",
    COALESCE("interaction_start", "timestamp") AS "instant",
    CASE WHEN (LOWER(TRIM("channel", '	
                    　﻿')) = 'phone') THEN 1 ELSE 0 END AS "call",
    CASE WHEN ((LOWER(TRIM("channel", '	
                    　﻿')) = 'phone') AND (NOT ("call_duration_minutes" IS NULL)) AND (NOT (is_nan("call_duration_minutes")))) THEN ("call_duration_minutes" * 1000000) ELSE CAST(0 AS DOUBLE) END AS "scaled"
  FROM "interactions_current"
),
"whole" AS (
  SELECT
    "contact_center_id" AS "contact_center_id",
    "category_id" AS "category_id",
    CASE WHEN ("instant" IS NULL) THEN CAST(NULL AS VARCHAR) WHEN (("instant" < TIMESTAMP '2025-01-31 00:00:00') OR ("instant" > TIMESTAMP '2025-04-02 00:00:00')) THEN 'beyond' ELSE CASE WHEN ("instant" < TIMESTAMP '2025-03-01 05:00:00') THEN CASE WHEN ("instant" < TIMESTAMP '2025-02-01 05:00:00') THEN '2025-01' ELSE '2025-02' END ELSE CASE WHEN ("instant" < TIMESTAMP '2025-03-09 07:00:00') THEN '2025-03' ELSE CASE WHEN ("instant" < TIMESTAMP '2025-04-01 04:00:00') THEN '2025-03' ELSE '2025-04' END END END END AS "month",
    "call" AS "call",
    "scaled" AS "scaled",
    CASE WHEN ("scaled" < 0) THEN CEIL("scaled") ELSE FLOOR("scaled") END AS "whole"
  FROM "begun"
),
"facts" AS (
  SELECT
    "month" AS "month",
    "contact_center_id" AS "contact_center_id",
    "category_id" AS "category_id",
    "call" AS "call",
    CAST(("whole" + CASE WHEN ((("scaled" - "whole") * 2) < 0) THEN CEIL((("scaled" - "whole") * 2)) ELSE FLOOR((("scaled" - "whole") * 2)) END) AS BIGINT) AS "micro_minutes"
  FROM "whole"
),
"dated" AS (
  SELECT "month", "contact_center_id", "category_id", "call", "micro_minutes"
  FROM "facts"
  WHERE (NOT ("month" IS NULL))
),
"cube" AS (
  SELECT
    "month" AS "month",
    "contact_center_id" AS "contact_center_id",
    "category_id" AS "category_id",
    CAST(COUNT(*) AS BIGINT) AS "interactions",
    CAST(SUM("call") AS BIGINT) AS "calls",
    CAST(SUM("micro_minutes") AS BIGINT) AS "call_duration_micro_minutes"
  FROM "dated"
  GROUP BY "month", "contact_center_id", "category_id"
),
"contact_centers_changes" AS (
  SELECT "contact_center_id", "contact_center_name", "location", "_batch", "_seq", "_action"
  FROM "staged_contact_centers"
),
"contact_centers_placed" AS (
  SELECT
    "contact_center_id" AS "contact_center_id",
    "contact_center_name" AS "contact_center_name",
    "location" AS "location",
    "_batch" AS "_batch",
    "_action" AS "_action",
    (("_batch" * 1099511627776) + "_seq") AS "_position"
  FROM "contact_centers_changes"
),
"contact_centers_dated" AS (
  SELECT
    "contact_center_id" AS "contact_center_id",
    "contact_center_name" AS "contact_center_name",
    "location" AS "location",
    "_batch" AS "_batch",
    "_action" AS "_action",
    "_position" AS "_position",
    MAX(CASE WHEN ("_action" = 'delete') THEN "_position" ELSE CAST(NULL AS BIGINT) END) OVER (PARTITION BY "contact_center_id") AS "_deleted"
  FROM "contact_centers_placed"
),
"contact_centers_alive" AS (
  SELECT "contact_center_id", "contact_center_name", "location", "_batch", "_action", "_position", "_deleted"
  FROM "contact_centers_dated"
  WHERE (("_deleted" IS NULL) OR ("_position" > "_deleted"))
),
"contact_centers_written" AS (
  SELECT
    "contact_center_id" AS "contact_center_id",
    "contact_center_name" AS "contact_center_name",
    "location" AS "location",
    "_batch" AS "_batch",
    "_action" AS "_action",
    "_position" AS "_position",
    MIN("_position") OVER (PARTITION BY "contact_center_id") AS "_order",
    ROW_NUMBER() OVER (PARTITION BY "contact_center_id" ORDER BY "_position" DESC) AS "_latest"
  FROM "contact_centers_alive"
),
"contact_centers_last" AS (
  SELECT "contact_center_id", "contact_center_name", "location", "_batch", "_action", "_position", "_order", "_latest"
  FROM "contact_centers_written"
  WHERE ("_latest" = 1)
),
"contact_centers_current" AS (
  SELECT
    "contact_center_id" AS "contact_center_id",
    "contact_center_name" AS "contact_center_name",
    "location" AS "location",
    "_order" AS "_order"
  FROM "contact_centers_last"
),
"with_centers" AS (
  SELECT
    "cube"."month" AS "month",
    "cube"."contact_center_id" AS "contact_center_id",
    "cube"."category_id" AS "category_id",
    "cube"."interactions" AS "interactions",
    "cube"."calls" AS "calls",
    "cube"."call_duration_micro_minutes" AS "call_duration_micro_minutes",
    "contact_centers_current"."contact_center_name" AS "contact_center_name"
  FROM "cube"
  LEFT JOIN "contact_centers_current" ON "cube"."contact_center_id" = "contact_centers_current"."contact_center_id"
),
"service_categories_changes" AS (
  SELECT "category_id", "category_name", "department", "_batch", "_seq", "_action"
  FROM "staged_service_categories"
),
"service_categories_placed" AS (
  SELECT
    "category_id" AS "category_id",
    "category_name" AS "category_name",
    "department" AS "department",
    "_batch" AS "_batch",
    "_action" AS "_action",
    (("_batch" * 1099511627776) + "_seq") AS "_position"
  FROM "service_categories_changes"
),
"service_categories_dated" AS (
  SELECT
    "category_id" AS "category_id",
    "category_name" AS "category_name",
    "department" AS "department",
    "_batch" AS "_batch",
    "_action" AS "_action",
    "_position" AS "_position",
    MAX(CASE WHEN ("_action" = 'delete') THEN "_position" ELSE CAST(NULL AS BIGINT) END) OVER (PARTITION BY "category_id") AS "_deleted"
  FROM "service_categories_placed"
),
"service_categories_alive" AS (
  SELECT "category_id", "category_name", "department", "_batch", "_action", "_position", "_deleted"
  FROM "service_categories_dated"
  WHERE (("_deleted" IS NULL) OR ("_position" > "_deleted"))
),
"service_categories_written" AS (
  SELECT
    "category_id" AS "category_id",
    "category_name" AS "category_name",
    "department" AS "department",
    "_batch" AS "_batch",
    "_action" AS "_action",
    "_position" AS "_position",
    MIN("_position") OVER (PARTITION BY "category_id") AS "_order",
    ROW_NUMBER() OVER (PARTITION BY "category_id" ORDER BY "_position" DESC) AS "_latest"
  FROM "service_categories_alive"
),
"service_categories_last" AS (
  SELECT "category_id", "category_name", "department", "_batch", "_action", "_position", "_order", "_latest"
  FROM "service_categories_written"
  WHERE ("_latest" = 1)
),
"service_categories_current" AS (
  SELECT
    "category_id" AS "category_id",
    "category_name" AS "category_name",
    "department" AS "department",
    "_order" AS "_order"
  FROM "service_categories_last"
),
"with_departments" AS (
  SELECT
    "with_centers"."month" AS "month",
    "with_centers"."contact_center_id" AS "contact_center_id",
    "with_centers"."category_id" AS "category_id",
    "with_centers"."interactions" AS "interactions",
    "with_centers"."calls" AS "calls",
    "with_centers"."call_duration_micro_minutes" AS "call_duration_micro_minutes",
    "with_centers"."contact_center_name" AS "contact_center_name",
    "service_categories_current"."department" AS "department"
  FROM "with_centers"
  LEFT JOIN "service_categories_current" ON "with_centers"."category_id" = "service_categories_current"."category_id"
),
"lines" AS (
  SELECT
    "month" AS "month",
    CASE WHEN (("contact_center_name" IS NULL) OR (TRIM("contact_center_name", '	
                    　﻿') = '')) THEN 'Unknown' ELSE "contact_center_name" END AS "contact_center_name",
    CASE WHEN (("department" IS NULL) OR (TRIM("department", '	
                    　﻿') = '')) THEN 'Unknown' ELSE "department" END AS "department",
    "interactions" AS "interactions",
    "calls" AS "calls",
    "call_duration_micro_minutes" AS "call_duration_micro_minutes"
  FROM "with_departments"
),
"totals" AS (
  SELECT
    "month" AS "month",
    "contact_center_name" AS "contact_center_name",
    "department" AS "department",
    CAST(SUM("interactions") AS BIGINT) AS "total_interactions",
    CAST(SUM("calls") AS BIGINT) AS "total_calls",
    CAST(SUM("call_duration_micro_minutes") AS BIGINT) AS "total_micro_minutes"
  FROM "lines"
  GROUP BY "month", "contact_center_name", "department"
),
"support_report" AS (
  SELECT
    "month" AS "month",
    "contact_center_name" AS "contact_center_name",
    "department" AS "department",
    "total_interactions" AS "total_interactions",
    "total_calls" AS "total_calls",
    (CAST("total_micro_minutes" AS DOUBLE) / 1000000) AS "total_call_duration"
  FROM "totals"
)
SELECT "month", "contact_center_name", "department", "total_interactions", "total_calls", "total_call_duration"
FROM "support_report"
ORDER BY "month", "contact_center_name", "department";
