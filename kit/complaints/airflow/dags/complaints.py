"""Complaints every day: the deliveries of a day go into the lake, and a changed lake starts the models.

`complaints_daily` lands, cleans and counts one day; a day that no source has delivered is skipped. Every row that it lands is
accounted for, or it fails. `complaints_marts` runs whenever the lake has changed, and builds and tests the dbt project.
"""

from __future__ import annotations

import json
import os
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path

from airflow.providers.smtp.notifications.smtp import SmtpNotifier
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Asset, BaseNotifier
from airflow.timetables.interval import CronDataIntervalTimetable

PROJECT = os.environ.get("SUPPORT_ETL_PROJECT", "/opt/project")
CLI = os.environ.get("SUPPORT_ETL", f"node {PROJECT}/node_modules/support-etl/dist/cli/main.js")
DBT = os.environ.get("DBT", "dbt")
DBT_PROJECT = os.environ.get("DBT_PROJECT", str(Path(__file__).parents[2] / "dbt"))
WORK = os.environ.get("SUPPORT_ETL_WORK", "/opt/data")
# where the sources are, and the lake: folders below WORK, or s3://bucket addresses
DATA = os.environ.get("COMPLAINTS_DATA", "world")
LAKE = os.environ.get("LAKE", "output/complaints")
# more flags of `complaints run`, such as --sheet, --forms and --time-zone
FLAGS = os.environ.get("COMPLAINTS_FLAGS", "")
RETRY_SECONDS = int(os.environ.get("COMPLAINTS_RETRY_SECONDS", "60"))

LAKE_CHANGED = Asset("support-etl://complaints/lake")
MARTS_CHANGED = Asset("support-etl://complaints/marts")


class WebhookNotifier(BaseNotifier):
    """Posts which task failed, of which day, to an address that takes JSON, such as a chat's incoming webhook."""

    template_fields = ("text",)

    def __init__(self, url: str, text: str) -> None:
        super().__init__()
        self.url = url
        self.text = text

    def notify(self, context) -> None:
        body = json.dumps({"text": self.text}).encode()
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"}, method="POST")
        with urllib.request.urlopen(request, timeout=10) as answer:
            answer.read()


def notifiers() -> list[BaseNotifier]:
    """Who is told of a task that failed after its last retry. The mail server is the connection `smtp_default`."""
    told: list[BaseNotifier] = []
    if webhook := os.environ.get("ALERT_WEBHOOK"):
        text = "{{ dag.dag_id }}: {{ ti.task_id }} failed in run {{ run_id }}, attempt {{ ti.try_number }}"
        told.append(WebhookNotifier(webhook, text))
    if address := os.environ.get("ALERT_MAIL"):
        sender = os.environ.get("ALERT_FROM", "airflow@localhost")
        told.append(SmtpNotifier(to=address, from_email=sender))
    return told


DEFAULTS = {
    # status 75 says that another run is at work: a later attempt succeeds
    "retries": int(os.environ.get("COMPLAINTS_RETRIES", "3")),
    "retry_delay": timedelta(seconds=RETRY_SECONDS),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=30),
    "execution_timeout": timedelta(hours=1),
    "on_failure_callback": notifiers(),
}


def command(task_id: str, text: str, variables: dict[str, str] | None = None, **rest) -> BashOperator:
    """A command in the folder of the lake. Values come as variables: no text of a template becomes part of a command."""
    return BashOperator(
        task_id=task_id, bash_command=text, cwd=WORK, env={"LAKE": LAKE, **(variables or {})}, append_env=True, **rest
    )


with DAG(
    "complaints_daily",
    description="The deliveries of one day into the lake",
    doc_md=__doc__,
    # a plain cron text has no interval, and the day is its beginning
    schedule=CronDataIntervalTimetable("0 3 * * *", timezone="UTC"),
    start_date=datetime(2025, 11, 20, tzinfo=timezone.utc),
    # past days are asked for: airflow backfill create
    catchup=False,
    # a lake has one writer
    max_active_runs=1,
    default_args=DEFAULTS,
    tags=["support-etl", "complaints"],
) as daily:
    land = command(
        "land",
        f'{CLI} complaints run --data "$DATA" --out "$LAKE" --day "$DAY" --missing-exit 99 {FLAGS}',
        {"DATA": DATA, "DAY": "{{ data_interval_start | ds }}"},
        # no source has the day: the run is skipped, and nothing is rebuilt
        skip_on_exit_code=99,
    )
    check = command("check", f'{CLI} complaints status --out "$LAKE"', outlets=[LAKE_CHANGED])
    land >> check


with DAG(
    "complaints_marts",
    description="dbt builds and tests the models of a changed lake",
    doc_md=__doc__,
    schedule=[LAKE_CHANGED],
    start_date=datetime(2025, 11, 20, tzinfo=timezone.utc),
    catchup=False,
    # a DuckDB file has one writer
    max_active_runs=1,
    default_args=DEFAULTS,
    tags=["support-etl", "complaints"],
) as marts:
    build = command(
        "build",
        f'{DBT} build --project-dir "$DBT_PROJECT" --profiles-dir "$DBT_PROJECT"'
        ' --target-path "$WORK/dbt/target" --log-path "$WORK/dbt/logs"',
        {"DBT_PROJECT": DBT_PROJECT, "WORK": WORK},
        outlets=[MARTS_CHANGED],
    )
    # a reader finds the whole file, or the one before it
    insights = command(
        "insights",
        f'{CLI} complaints insights --out "$LAKE" --json > "$WORK/insights.part" && mv "$WORK/insights.part" "$WORK/insights.json"',
        {"WORK": WORK},
    )
    build >> insights
