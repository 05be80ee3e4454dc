"""Runs commands of hubdwh as tasks: by bash, in Docker containers or in Kubernetes pods, as HUBDWH_RUNNER says."""

from __future__ import annotations

import os

from hubdwh_runner.settings import CONFIG


def hubdwh_operator(command, **task):
    """The task that runs `hubdwh COMMAND`, which may be a template. What a runner needs is imported only for it."""
    arguments = f"{command} --config {CONFIG} --json"
    runner = os.environ.get("HUBDWH_RUNNER", "bash")
    if runner == "bash":
        from hubdwh_runner.bash import HubdwhBashOperator as Operator
    elif runner == "docker":
        from hubdwh_runner.docker import HubdwhDockerOperator as Operator
    elif runner == "kubernetes":
        from hubdwh_runner.kubernetes import HubdwhPodOperator as Operator
    else:
        raise ValueError(f"HUBDWH_RUNNER is {runner!r}, and can be bash, docker or kubernetes.")
    return Operator(arguments=arguments, **task)
