CREATE TABLE `kinds` (
  `text` STRING,
  `float64` DOUBLE,
  `int32` INT,
  `int64` BIGINT,
  `boolean` BOOLEAN,
  `timestamp` TIMESTAMP_NTZ,
  `date` DATE
);
CREATE OR REPLACE TABLE `halls` AS
WITH `all_halls` AS (
  SELECT `hall`, `name`
  FROM `halls`
)
SELECT `hall`, `name`
FROM `all_halls`;
WITH `all_calls` AS (
  SELECT `id`, `hall`, `begun`, `minutes`
  FROM `calls`
),
`dated` AS (
  SELECT
    `hall` AS `hall`,
    CASE WHEN (`begun` IS NULL) THEN CAST(NULL AS STRING) WHEN ((`begun` < TIMESTAMP_NTZ '2025-02-10 00:00:00') OR (`begun` > TIMESTAMP_NTZ '2025-03-10 00:00:00')) THEN 'beyond' ELSE CASE WHEN (`begun` < TIMESTAMP_NTZ '2025-03-01 05:00:00') THEN '2025-02' ELSE '2025-03' END END AS `month`,
    CASE WHEN (isnan(`minutes`)) THEN CAST(NULL AS DOUBLE) ELSE (`minutes` * 60) END AS `seconds`,
    (`id` IN ('a\'b', 'c\\d', 'e\nf')) AS `is_odd`,
    ROW_NUMBER() OVER (PARTITION BY `hall` ORDER BY `begun` DESC) AS `latest`,
    MAX(`minutes`) OVER (PARTITION BY `hall`) AS `longest`
  FROM `all_calls`
),
`all_halls` AS (
  SELECT `hall`, `name`
  FROM `halls`
),
`named` AS (
  SELECT
    `dated`.`hall` AS `hall`,
    `dated`.`month` AS `month`,
    `dated`.`seconds` AS `seconds`,
    `dated`.`is_odd` AS `is_odd`,
    `dated`.`latest` AS `latest`,
    `dated`.`longest` AS `longest`,
    `all_halls`.`name` AS `name`
  FROM `dated`
  LEFT JOIN `all_halls` ON `dated`.`hall` = `all_halls`.`hall`
),
`known` AS (
  SELECT `hall`, `month`, `seconds`, `is_odd`, `latest`, `longest`, `name`
  FROM `named`
  WHERE (NOT (TRIM(BOTH '\t\n\r                  　﻿' FROM `name`) IS NULL))
),
`hours` AS (
  SELECT
    `month` AS `month`,
    `name` AS `name`,
    COUNT(*) AS `calls`,
    CAST(SUM(CAST(FLOOR(`seconds`) AS BIGINT)) AS BIGINT) AS `seconds`
  FROM `known`
  GROUP BY `month`, `name`
)
SELECT `month`, `name`, `calls`, `seconds`
FROM `hours`
ORDER BY `name`;
