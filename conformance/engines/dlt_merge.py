"""dlt with its merge disposition, as its manual shows it for changes: upsert by key, with a hint that marks deletes, into DuckDB.

`dlt_merge.py` loads each delta as one batch, the rows ordered by their place (`dedup_sort`).
"""
import json
import logging
import os
import sys
import tempfile

os.environ.update(RUNTIME__DLTHUB_TELEMETRY="false", RUNTIME__LOG_LEVEL="CRITICAL")
import dlt
import duckdb

logging.disable(logging.CRITICAL)


def beyond(policies):
    if "error" in (policies.get(name) for name in ("duplicates", "addExisting", "updateMissing", "deleteMissing")):
        return "a merge of dlt has no policy that refuses a row"
    if policies.get("addExisting") or policies.get("updateMissing"):
        return "a merge of dlt writes every row that is no delete"
    if policies.get("update") or policies.get("nulls"):
        return "a merge of dlt writes whole rows"
    if policies.get("columnAliases"):
        return "columns are renamed before dlt sees them"
    return None


def apply(case):
    reason = beyond(case.get("policies", {}))
    if reason:
        return {"skip": reason}
    policies = case.get("policies", {})
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "t.duckdb")
        pipeline = dlt.pipeline("conformance", pipelines_dir=folder, destination=dlt.destinations.duckdb(path), dataset_name="d")
        kinds = {name: {"data_type": kind} for name, kind in case["types"].items()}
        columns = {
            **kinds,
            "place": {"data_type": "bigint", "dedup_sort": "desc"},
            "is_deleted": {"data_type": "bool", "hard_delete": True},
        }
        if policies.get("sequenceBy"):
            columns["place"].pop("dedup_sort")
            columns[policies["sequenceBy"]]["dedup_sort"] = "desc"
        for number, batch in enumerate([case["base"], *case["deltas"]]):
            rows = [dict(zip(batch["columns"], row)) for row in batch["rows"]]
            for place, row in enumerate(rows):
                action = row.pop("action", None if number else "add")
                row.update(place=place, is_deleted=action == "delete")
            strategy = "append" if number == 0 else {"disposition": "merge", "strategy": "delete-insert"}
            resource = dlt.resource(
                rows, name="t", write_disposition=strategy, primary_key="id", columns=columns, schema_contract={"columns": "freeze"}
            )
            pipeline.run(resource)
        with duckdb.connect(path) as connection:
            names = ", ".join(f'"{name}"' for name in case["base"]["columns"])
            return {"rows": [list(row) for row in connection.sql(f"SELECT {names} FROM d.t").fetchall()]}


for line in sys.stdin:
    try:
        answer = apply(json.loads(line))
    except Exception as error:
        answer = {"error": (str(getattr(error, "__cause__", None) or error).splitlines() or [repr(error)])[-1][:300]}
    print(json.dumps(answer), flush=True)
