"""Prints what the DAGs of Airflow's folder are, once for each set of variables that it is given as JSON."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from airflow.dag_processing.dagbag import BundleDagBag
from airflow.serialization.serialized_objects import DagSerialization

folder = os.environ["AIRFLOW__CORE__DAGS_FOLDER"]


def seconds(delta):
    return delta.total_seconds() if delta else None


def facts_of_task(task):
    return {
        "operator": [each.__name__ for each in type(task).__mro__],
        "command": " ".join(getattr(task, "arguments", None) or [getattr(task, "bash_command", None) or ""]),
        "upstream": sorted(task.upstream_task_ids),
        "pool": task.pool,
        "pool_slots": task.pool_slots,
        "trigger_rule": str(task.trigger_rule.value),
        "retries": task.retries,
        "retry_delay": seconds(task.retry_delay),
        "retry_exponential_backoff": task.retry_exponential_backoff,
        "max_retry_delay": seconds(task.max_retry_delay),
        "timeout": seconds(task.execution_timeout),
        "outlets": [outlet.name for outlet in task.outlets],
        "owner": task.owner,
        "doc": task.doc_md,
        "failure_callbacks": len(task.on_failure_callback),
    }


def facts_of_dag(dag):
    timetable = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag)).timetable
    return {
        "timetable": type(timetable).__name__,
        "schedule": timetable.serialize(),
        "catchup": dag.catchup,
        "max_active_runs": dag.max_active_runs,
        "timeout": seconds(dag.dagrun_timeout),
        "doc": dag.doc_md,
        "tasks": {task.task_id: facts_of_task(task) for task in dag.tasks},
    }


def facts_with(variables):
    # Airflow reads each file in a process of its own, with the variables of that moment.
    for module in [name for name in sys.modules if name.startswith("hubdwh_runner")]:
        del sys.modules[module]
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        bag = BundleDagBag(folder, bundle_path=Path(folder), bundle_name="dags-folder")
    finally:
        os.environ.clear()
        os.environ.update(before)
    return {
        "dags": {dag_id: facts_of_dag(dag) for dag_id, dag in bag.dags.items()},
        "errors": {Path(path).name: error for path, error in bag.import_errors.items()},
    }


print(json.dumps({"facts": [facts_with(json.loads(variables)) for variables in sys.argv[1:]]}))
