"""The load of Alaqan, tried again at once."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG
from hubdwh_runner import hubdwh_operator

with DAG("stopped", schedule=None):
    hubdwh_operator("load alaqan --skip-code", task_id="load", retries=1, retry_delay=timedelta(0))
