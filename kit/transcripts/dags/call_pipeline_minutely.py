"""Every minute: fifty made-up calls arrive, then whatever is new goes through all layers.

The first task stands for the system that writes transcripts. Remove it where real ones arrive.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from airflow.timetables.interval import CronDataIntervalTimetable

PROJECT = os.environ.get("SUPPORT_ETL_PROJECT", "/opt/project")
CLI = os.environ.get("SUPPORT_ETL", f"node {PROJECT}/node_modules/support-etl/dist/cli/main.js")
WORK = os.environ.get("SUPPORT_ETL_WORK", "/opt/data")


def step(task_id: str, arguments: str, **variables: str) -> BashOperator:
    """A command of support-etl in the folder that holds its data and its state."""
    return BashOperator(
        task_id=task_id,
        bash_command=f"{CLI} transcripts {arguments}",
        cwd=WORK,
        env=variables,
        append_env=True,
    )


with DAG(
    "call_pipeline_minutely",
    description=__doc__,
    # a plain cron text has no interval, and the seed is made of it
    schedule=CronDataIntervalTimetable("* * * * *", timezone="UTC"),
    start_date=datetime(2025, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    default_args={
        # status 75 says that another run is at work: a later attempt succeeds
        "retries": 2,
        "retry_delay": timedelta(seconds=10),
        "execution_timeout": timedelta(minutes=10),
    },
    tags=["support-etl"],
) as dag:
    # the seed is the minute: a repeated run of it writes the same calls, which are there already
    generate = step(
        "generate",
        'generate --num-calls 50 --seed "$SEED" --last-day "$LAST_DAY"',
        SEED="{{ data_interval_start.int_timestamp }}",
        LAST_DAY="{{ data_interval_start | ds }}",
    )
    etl = step("etl", "etl")
    generate >> etl
