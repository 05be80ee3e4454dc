"""hubdwh on the machine of Airflow's worker."""

from __future__ import annotations

import os
import signal
from contextlib import suppress

from airflow.providers.standard.operators.bash import BashOperator

from hubdwh_runner.ending import conclude, summary_in
from hubdwh_runner.settings import BIN


class HubdwhBashOperator(BashOperator):
    """A BashOperator that knows the exit codes. SIGTERM reaches hubdwh, which stops at its next checkpoint."""

    def __init__(self, *, arguments, **kwargs):
        # exec: hubdwh takes the place of the shell, and gets its signals.
        super().__init__(bash_command=f"exec {BIN} {arguments}", **kwargs)

    def execute(self, context):
        command = ["bash", "-c", self.bash_command]
        result = self.subprocess_hook.run_command(command, env=self.get_env(context))
        return conclude(result.exit_code, summary_in([result.output]), context)

    def on_kill(self):
        # BashOperator's own writes to the log first: where the signal arrives in the middle of a line of the log, it
        # waits for itself forever.
        process = self.subprocess_hook.sub_process
        if process and process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
