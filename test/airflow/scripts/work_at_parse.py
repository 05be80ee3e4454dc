"""Reads a file with DAGs as Airflow does, and prints what was done meanwhile: work_at_parse.py FILE."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

# What any file with DAGs brings along: libraries, whose own files are not counted either.
import airflow.providers.standard.operators.bash
import airflow.providers.standard.operators.empty
import airflow.sdk
import croniter  # noqa: F401
import pendulum  # noqa: F401
from airflow.sdk import Variable

with_libraries = tuple({sys.prefix, sys.base_prefix, str(Path(airflow.sdk.__file__).parents[2])})
path = Path(sys.argv[1])
done: set[str] = set()


def watch(event, arguments):
    if event == "open":
        opened = str(arguments[0])
        is_library = opened.startswith(with_libraries) or "zoneinfo" in opened or opened.endswith(".pyc")
        if not is_library:
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
