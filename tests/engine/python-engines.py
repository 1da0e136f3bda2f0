"""Runs the cases of the tests on an engine that Python brings: statements, then a query whose rows are printed as JSON."""
import json
import os
import sys


def clickhouse():
    from chdb.session import Session

    session = Session()
    rows = lambda query: json.loads(str(session.query(query, "JSONCompact")))["data"]
    return session.query, rows


def spark():
    from pysail.spark import SparkConnectServer
    from pyspark.sql import SparkSession

    # a server that nothing refers to is ended
    global server
    server = SparkConnectServer()
    server.start(background=True)
    session = SparkSession.builder.remote(f"sc://localhost:{server.listening_address[1]}").getOrCreate()
    return session.sql, lambda query: [list(row) for row in session.sql(query).collect()]


asked = json.load(sys.stdin)
execute, rows = {"clickhouse": clickhouse, "spark": spark}[asked["engine"]]()
answers = []
for case in asked["cases"]:
    for statement in case["statements"]:
        execute(statement)
    answers.append(rows(case["query"]))
json.dump(answers, sys.stdout)
sys.stdout.flush()
# the server's threads do not end by themselves
os._exit(0)
