"""Does all that a DAG must not do while it is read, so that the watch is seen to see it."""

from __future__ import annotations

import socket
import subprocess
from contextlib import suppress
from pathlib import Path

from airflow.sdk import Variable

Path("/proc/version").read_text()
with suppress(OSError):
    socket.create_connection(("127.0.0.1", 9), timeout=1)
subprocess.run(["true"], check=True)  # noqa: S607
Variable.get("nothing", default=None)
