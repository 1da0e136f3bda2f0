"""dbt's snapshots, as its manual shows them, on DuckDB: one `dbt snapshot` for the table, and one for each delta.

`snapshot_dbt.py check|timestamp deltas|rows` says by what a snapshot finds changed rows, and what it is made of:

- `deltas`: the last change of each key in a delta. The action is a column of the snapshot; current rows are the open versions whose
  action is not `delete`. A key that a delta does not have stays as it is.
- `rows`: the rows that all changes so far leave, with `hard_deletes: invalidate`. Current rows are the open versions.

`timestamp` compares the sequence where a case has one, and else the day on which a delta came. (dbt imports every module on its
path whose name begins with `dbt_`, so the name of this file does not.)
"""
import contextlib
import json
import os
import sys
import tempfile

os.environ.update(DBT_SEND_ANONYMOUS_USAGE_STATS="false", DBT_USE_COLORS="false")
import duckdb
from dbt.cli.main import dbtRunner

strategy, form = sys.argv[1:3]
kinds = {"text": "VARCHAR", "double": "DOUBLE"}

PROFILE = "conformance: {{target: run, outputs: {{run: {{type: duckdb, path: {path!r}, threads: 1}}}}}}"
PROJECT = "{name: conformance, profile: conformance, version: 1.0.0, snapshot-paths: [snapshots], model-paths: [models]}"
SOURCES = "{sources: [{name: landed, schema: main, tables: [{name: changes}]}]}"
FOUND_BY = {"check": "check_cols: all", "timestamp": "updated_at: changed_at"}
SNAPSHOT = f"""snapshots:
  - name: kept
    relation: source('landed', 'changes')
    config: {{unique_key: id, strategy: {strategy}, {FOUND_BY[strategy]}, hard_deletes: {'invalidate' if form == 'rows' else 'ignore'}}}
"""


def beyond(policies):
    if "error" in (policies.get(name) for name in ("duplicates", "addExisting", "updateMissing", "deleteMissing")):
        return "a snapshot refuses no row"
    if policies.get("addExisting") or policies.get("updateMissing"):
        return "a snapshot takes every row of its query"
    if policies.get("update") or policies.get("nulls"):
        return "a snapshot takes whole rows"
    if policies.get("columnAliases"):
        return "columns are renamed before a snapshot sees them"
    return None


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


class Project:
    """A project of dbt with one snapshot, over the view `changes` of a file of DuckDB."""

    def __init__(self, folder):
        self.folder = folder
        self.path = os.path.join(folder, "conformance.duckdb")
        for name, text in {
            "dbt_project.yml": PROJECT,
            "profiles.yml": PROFILE.format(path=self.path),
            "models/sources.yml": SOURCES,
            "snapshots/kept.yml": SNAPSHOT,
        }.items():
            os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
            with open(os.path.join(folder, name), "w") as file:
                file.write(text)
        # the project is read once
        self.runner = dbtRunner(manifest=self.invoke(dbtRunner(), "parse").result)

    def invoke(self, runner, command):
        where = ["--project-dir", self.folder, "--profiles-dir", self.folder, "--log-path", self.folder]
        done = runner.invoke([command, *where, "--quiet", "--no-use-colors", "--no-write-json"])
        if not done.success:
            said = [node.message for node in getattr(done.result, "results", [])] or [str(done.exception)]
            raise RuntimeError(" ".join(said[0].split()))
        return done

    def snapshot(self):
        self.invoke(self.runner, "snapshot")


def land(connection, batch, number, types):
    """Adds a delta to the landed changes, each with its place."""
    columns = [*batch["columns"], "_batch", "_seq"]
    declared = [f"{quoted(name)} {kinds[types.get(name, 'text')]}" for name in batch["columns"]]
    connection.execute(f"CREATE TABLE batch_{number} ({', '.join([*declared, '_batch INT', '_seq INT'])})")
    rows = [[*row, number, place] for place, row in enumerate(batch["rows"])]
    if rows:
        connection.executemany(f"INSERT INTO batch_{number} VALUES ({', '.join('?' for _ in columns)})", rows)


def show(connection, number, policies):
    """Makes the view that the snapshot is made of."""
    sequence = policies.get("sequenceBy")
    batches = range(number + 1) if form == "rows" else [number]
    landed = " UNION ALL BY NAME ".join(f"SELECT * FROM batch_{each}" for each in batches)
    names = {name for name, *_ in connection.execute(f"DESCRIBE {landed}").fetchall()}
    default = policies.get("defaultAction", "add")
    action = f"COALESCE(action, '{default}')" if "action" in names else f"'{default}'"
    by = f"{quoted(sequence)} DESC, " if sequence else ""
    at = "TIMESTAMP '2025-01-01' + INTERVAL 1 DAY * " + (quoted(sequence) if sequence else "_batch")
    changed_at = f", {at} AS changed_at" if strategy == "timestamp" else ""
    hidden = "_batch, _seq, _last" + (", action" if "action" in names else "")
    last = f"SELECT *, ROW_NUMBER() OVER (PARTITION BY id ORDER BY {by}_batch DESC, _seq DESC) AS _last FROM ({landed})"
    select = f"SELECT * EXCLUDE ({hidden}), {action} AS action{changed_at} FROM ({last}) WHERE _last = 1"
    if form == "rows":
        select = f"SELECT * EXCLUDE (action) FROM ({select}) WHERE action <> 'delete'"
    connection.execute(f"CREATE OR REPLACE VIEW changes AS {select}")


def apply(case, project):
    policies = case.get("policies", {})
    reason = beyond(policies)
    if reason:
        return {"skip": reason}
    batches = [case["base"], *case["deltas"]]
    with duckdb.connect(project.path) as connection:
        for name, kind in connection.execute("SELECT table_name, table_type FROM information_schema.tables").fetchall():
            connection.execute(f"DROP {'VIEW' if kind == 'VIEW' else 'TABLE'} {quoted(name)}")
    for number, batch in enumerate(batches):
        with duckdb.connect(project.path) as connection:
            land(connection, batch, number, case["types"])
            show(connection, number, policies)
        project.snapshot()
    with duckdb.connect(project.path) as connection:
        names = ", ".join(quoted(name) for name in case["base"]["columns"])
        where = "dbt_valid_to IS NULL" + (" AND action <> 'delete'" if form == "deltas" else "")
        return {"rows": [list(row) for row in connection.execute(f"SELECT {names} FROM kept WHERE {where}").fetchall()]}


# dbt writes to standard output
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(sys.stderr):
    project = Project(folder)
    for line in sys.stdin:
        try:
            answer = apply(json.loads(line), project)
        except Exception as error:
            answer = {"error": (str(error).splitlines() or [repr(error)])[0][:300]}
        print(json.dumps(answer), file=answers, flush=True)
