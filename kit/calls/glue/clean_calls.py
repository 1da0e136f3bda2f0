"""Cleans all call logs of a bucket into Parquet by call_date, and says in a manifest which files are new.

A job of AWS Glue 5. The same file runs wherever Spark does:
  spark-submit clean_calls.py --raw raw_calls --agents reference_data/agents.csv --cleaned cleaned_calls
"""

import argparse
import json
import sys
from datetime import datetime, timezone
from pathlib import Path
from uuid import uuid4

from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F

COLUMNS = [
    *("call_id", "agent_id", "agent_name", "region", "customer_id", "start_time", "end_time"),
    *("call_duration_minutes", "issue_type", "resolution", "rating", "call_date", "hour_of_day"),
]
MANIFEST = "_manifest.json"


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("--raw", required=True, help="folder of the logs, JSON lines; they count in the order of their names")
    parser.add_argument("--agents", required=True, help="CSV with agent_id, agent_name (or name), region")
    parser.add_argument("--cleaned", required=True, help="folder of the cleaned calls")
    parser.add_argument("--time_zone", default="UTC", help="zone of call_date and hour_of_day")
    parser.add_argument("--max_refused", type=float, default=5, help="percent of the lines that may be refused")
    parser.add_argument("--sql", default="clean_calls.sql", help="the file with the query")
    # Glue has parameters of its own
    return parser.parse_known_args()[0]


class Folder:
    """Files below an address, through Hadoop: s3:// on Glue, folders elsewhere."""

    def __init__(self, spark, address):
        self.jvm = spark._jvm
        self.path = self.jvm.org.apache.hadoop.fs.Path(address)
        self.files = self.path.getFileSystem(spark._jsc.hadoopConfiguration())

    def at(self, name):
        return self.jvm.org.apache.hadoop.fs.Path(self.path, name)

    def list(self):
        """Names and sizes of the data files, relative to the folder."""
        found = {}
        if not self.files.exists(self.path):
            return found
        root = self.files.getFileStatus(self.path).getPath().toUri().getPath().rstrip("/") + "/"
        each = self.files.listFiles(self.path, True)
        while each.hasNext():
            one = each.next()
            name = one.getPath().toUri().getPath()[len(root):]
            if name.endswith(".parquet"):
                found[name] = one.getLen()
        return found

    def read(self, name):
        if not self.files.exists(self.at(name)):
            return None
        stream = self.files.open(self.at(name))
        try:
            return self.jvm.org.apache.commons.io.IOUtils.toString(stream, "UTF-8")
        finally:
            stream.close()

    def write(self, name, text):
        stream = self.files.create(self.at(name), True)
        try:
            stream.write(bytearray(text, "utf-8"))
        finally:
            stream.close()

    def remove(self, name):
        self.files.delete(self.at(name), False)


def read_agents(spark, address):
    rows = spark.read.csv(address, header=True, mode="FAILFAST")
    if "agent_name" not in rows.columns and "name" in rows.columns:
        rows = rows.withColumnRenamed("name", "agent_name")
    missing = [name for name in ("agent_id", "agent_name", "region") if name not in rows.columns]
    if missing:
        sys.exit(f"{address} has no column {missing[0]}; it has {', '.join(rows.columns)}")
    texts = [F.when(F.trim(name) != "", F.trim(name)).alias(name) for name in ("agent_id", "agent_name", "region")]
    agents = rows.select(*texts).where("agent_id IS NOT NULL").cache()
    twice = agents.groupBy("agent_id").count().where("count > 1").orderBy("agent_id").first()
    if twice is not None:
        sys.exit(f"{address} has agent {twice.agent_id} {twice['count']} times; remove the rows that are not right")
    if agents.isEmpty():
        sys.exit(f"{address} has no agent; give the list of the team")
    return agents


def read_lines(spark, address):
    """Every line with its file and its number in it: Spark keeps no order of lines by itself."""
    files = spark.read.text(address, wholetext=True).select(F.input_file_name().alias("file"), "value")
    lines = files.select("file", F.posexplode(F.split("value", "\r\n|\n|\r")).alias("at", "text"))
    return lines.select("file", (F.col("at") + 1).cast("long").alias("line"), "text").where("trim(text) <> ''")


def fingerprints(calls):
    """What the rows of each day are, whatever file they are in: a day that did not change is not written again."""
    row = [F.coalesce(F.col(name).cast("string"), F.lit("\u0000")) for name in COLUMNS]
    days = calls.groupBy("call_date").agg(
        F.count("*").alias("rows"),
        F.sum(F.xxhash64(*row).cast("decimal(38,0)")).alias("sum"),
        F.bit_xor(F.xxhash64(*row, F.lit(1))).alias("xor"),
    )
    return {str(day.call_date): {"rows": day.rows, "content": f"{day.sum}.{day.xor}"} for day in days.collect()}


def main():
    given = options()
    spark = (
        SparkSession.builder.appName("clean_calls")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
        .getOrCreate()
    )
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    read_agents(spark, given.agents).createOrReplaceTempView("agent_rows")
    read_lines(spark, given.raw).createOrReplaceTempView("raw_lines")
    query = Path(given.sql).read_text(encoding="utf-8")
    rows = spark.sql(query, args={"time_zone": given.time_zone}).cache()

    total = spark.table("raw_lines").count()
    refused = rows.where("refused IS NOT NULL")
    reasons = {row.refused: row["count"] for row in refused.groupBy("refused").count().orderBy("refused").collect()}
    count = sum(reasons.values())
    print(json.dumps({"lines": total, "refused": reasons}))
    if total == 0 or count == total:
        sys.exit(f"{given.raw} has no usable call; nothing was published")
    if count > 5 and count * 100 > total * given.max_refused:
        sys.exit(
            f"{count} of {total} lines cannot be used, more than {given.max_refused} %: {reasons}; nothing was published. "
            "Mend the log, or allow more with --max_refused"
        )

    folder = Folder(spark, given.cleaned)
    calls = rows.where("refused IS NULL").select(*COLUMNS)
    found = fingerprints(calls)
    known = json.loads(folder.read(MANIFEST) or '{"days": {}}')
    same_rules = known.get("time_zone") == given.time_zone and known.get("columns") == COLUMNS
    present = folder.list()
    days = {}
    for day, figures in found.items():
        before = known["days"].get(day, {})
        is_kept = same_rules and before.get("content") == figures["content"]
        if is_kept and all(present.get(file["name"]) == file["bytes"] for file in before["files"]):
            days[day] = before
    changed = sorted(set(found) - set(days))
    if changed:
        # under names of this run: what readers have open stays where it is until the manifest is new
        run = uuid4().hex[:12]
        staged = f"{given.cleaned.rstrip('/')}/.staged-{run}"
        within = Window.partitionBy("call_date").orderBy("start_time", "call_id")
        new = calls.where(F.col("call_date").cast("string").isin(changed)).withColumn("_at", F.row_number().over(within))
        by_day = new.repartition("call_date").sortWithinPartitions("call_date", "_at").drop("_at")
        by_day.write.partitionBy("call_date").parquet(staged)
        made = Folder(spark, staged).list()
        for name, size in sorted(made.items()):
            day = name.split("/")[0].removeprefix("call_date=")
            target = f"call_date={day}/{run}-{len(days.get(day, {}).get('files', []))}.parquet"
            folder.files.mkdirs(folder.at(target).getParent())
            if not folder.files.rename(folder.at(f".staged-{run}/{name}"), folder.at(target)):
                sys.exit(f"cannot move {name} to {target}; run the job again")
            entry = days.setdefault(day, {**found[day], "files": []})
            entry["files"].append({"name": target, "bytes": size})
        folder.files.delete(folder.at(f".staged-{run}"), True)
    if changed or not same_rules or set(known["days"]) != set(days):
        manifest = {
            "generated_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "time_zone": given.time_zone,
            "columns": COLUMNS,
            "rows": sum(day["rows"] for day in days.values()),
            "days": dict(sorted(days.items())),
        }
        folder.write(MANIFEST, json.dumps(manifest, indent=1) + "\n")
    named = {file["name"] for day in days.values() for file in day["files"]}
    for name in set(folder.list()) - named:
        folder.remove(name)
    print(json.dumps({"days": len(days), "written": changed}))


main()
