"""Prints what Airflow's database holds of the latest run of a DAG: latest_run.py DATABASE DAG."""

from __future__ import annotations

import json
import sqlite3
import sys

_, path, dag = sys.argv
database = sqlite3.connect(path)
database.row_factory = sqlite3.Row


def rows(sql, *values):
    return [dict(row) for row in database.execute(sql, values)]


run = rows("select run_id, state from dag_run where dag_id = ? order by id desc", dag)[0]
of_run = "where dag_id = ? and run_id = ?"
key = (dag, run["run_id"])
xcoms = {
    row["task_id"]: json.loads(row["value"])
    for row in rows(f"select task_id, value from xcom {of_run} and key = 'return_value'", *key)  # noqa: S608
}
tasks = {
    row["task_id"]: {
        "state": row["state"],
        "tries": row["try_number"],
        "xcom": xcoms.get(row["task_id"]),
    }
    for row in rows(f"select task_id, state, try_number from task_instance {of_run}", *key)  # noqa: S608
}
assets = rows(
    "select distinct name from asset_event join asset on asset.id = asset_id "
    "where source_dag_id = ? and source_run_id = ? order by name",
    *key,
)
print(json.dumps({"state": run["state"], "tasks": tasks, "assets": [asset["name"] for asset in assets]}))
