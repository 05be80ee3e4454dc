"""Tasks that end with each of the exit codes of hubdwh, and well when they are tried again."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG
from hubdwh_runner import hubdwh_operator

CODES = {
    "done": "0",
    "bug": "1 0",
    "usage": "2 0",
    "unavailable": "3 0",
    "unavailable_for_long": "3",
    "check_failed": "4 0",
    "authorization": "5 0",
    "nothing_to_do": "99 0",
    "killed": "137 0",
}

with DAG("endings", schedule=None):
    for name, codes in CODES.items():
        hubdwh_operator(f"end {codes}", task_id=name, retries=1, retry_delay=timedelta(0))
