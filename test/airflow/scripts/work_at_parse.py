"""Reads a file with DAGs as Airflow does, and prints what was done meanwhile: work_at_parse.py FILE."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

# What any file with DAGs brings along: libraries, whose own files are not counted either, and the time zone's.
import airflow.providers.standard.operators.bash
import airflow.providers.standard.operators.empty
import airflow.sdk
import croniter  # noqa: F401
import pendulum
from airflow.sdk import Variable

pendulum.datetime(2024, 1, 1, tz="Asia/Almaty")
with_libraries = tuple({sys.prefix, sys.base_prefix, str(Path(airflow.sdk.__file__).parents[2])})
path = Path(sys.argv[1])
done: set[str] = set()


def watch(event, arguments):
    if event == "open":
        opened = str(arguments[0])
        if not opened.startswith(with_libraries) and not opened.endswith(".pyc"):
            done.add(f"open {Path(opened).name}")
    elif event in {"socket.connect", "subprocess.Popen", "os.system", "sqlite3.connect"}:
        done.add(event)


def watched_get(*_, **__):
    done.add("Variable.get")


Variable.get = watched_get
sys.path.insert(0, str(path.parent))
sys.dont_write_bytecode = True
sys.addaudithook(watch)
spec = importlib.util.spec_from_file_location("dags_of_the_test", path)
spec.loader.exec_module(importlib.util.module_from_spec(spec))
found = sorted(done)
print(json.dumps({"done": found}))
