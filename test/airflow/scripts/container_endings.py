"""Prints what becomes of tasks whose container or pod has ended with an exit code. Docker and Kubernetes are played."""

from __future__ import annotations

import json
from types import SimpleNamespace
from unittest.mock import MagicMock, PropertyMock, patch

from hubdwh_runner.docker import HubdwhDockerOperator
from hubdwh_runner.kubernetes import HubdwhPodOperator
from kubernetes.client import models as k8s

SUMMARY = {"ok": False, "error": {"message": "Something is wrong.", "advice": "Mend it."}}
COMMAND = "load amocrm leads --config /opt/hubdwh/hubdwh.yaml --json"


def docker_ending(code):
    summary = SUMMARY if code not in {0, 99} else {"ok": True}
    daemon = MagicMock()
    daemon.create_container.return_value = {"Id": "one"}
    daemon.attach.return_value = iter([b"some progress\n" + json.dumps(summary).encode() + b"\nlast words\n"])
    daemon.wait.return_value = {"StatusCode": code}
    daemon.inspect_container.return_value = {"State": {"ExitCode": code}}
    pushed = {}
    context = {"ti": SimpleNamespace(xcom_push=lambda key, value: pushed.update({key: value}))}
    operator = HubdwhDockerOperator(arguments=COMMAND, task_id="load")
    with patch.object(HubdwhDockerOperator, "cli", new_callable=PropertyMock, return_value=daemon):
        try:
            xcom = operator.execute.__wrapped__(operator, context)
            ending = "success"
        except Exception as failure:
            xcom = pushed.get("return_value")
            ending = f"{type(failure).__name__}: {failure}"
    made = daemon.create_container.call_args.kwargs
    return {
        "ending": ending,
        "xcom": xcom,
        "removed": daemon.remove_container.call_count,
        "command": [made["entrypoint"], made["command"]],
    }


def pod_ending(code):
    terminated = k8s.V1ContainerStateTerminated(exit_code=code) if code is not None else None
    status = k8s.V1ContainerStatus(
        name="base",
        image="",
        image_id="",
        ready=False,
        restart_count=0,
        state=k8s.V1ContainerState(terminated=terminated),
    )
    phase = "Succeeded" if code == 0 else "Failed"
    pod = k8s.V1Pod(
        metadata=k8s.V1ObjectMeta(name="hubdwh-load", namespace="airflow"),
        spec=k8s.V1PodSpec(containers=[k8s.V1Container(name="base")]),
        status=k8s.V1PodStatus(phase=phase, container_statuses=[status]),
    )
    pushed = {}
    context = {"ti": SimpleNamespace(xcom_push=lambda key, value: pushed.update({key: value}))}
    operator = HubdwhPodOperator(arguments=COMMAND, task_id="load")
    with (
        patch.object(operator, "process_pod_deletion"),
        patch.object(operator, "patch_already_checked"),
        patch.object(operator, "is_istio_enabled", return_value=False),
    ):
        try:
            operator.cleanup(pod, pod, SUMMARY, context)
            ending = "success"
        except Exception as failure:
            ending = f"{type(failure).__name__}: {failure}"
    return {"ending": ending.splitlines()[0], "xcom": pushed.get("return_value")}


def rendered(operator_class, field):
    """The command, of which a part is a template."""
    operator = operator_class(arguments="load {{ source }} --json", task_id="load")
    operator.render_template_fields({"source": "alaqan"})
    return getattr(operator, field)


codes = [0, 1, 2, 3, 4, 5, 99]
print(
    json.dumps(
        {
            "docker": {str(code): docker_ending(code) for code in codes},
            "pods": {str(code): pod_ending(code) for code in [*codes, None]},
            "commands": [rendered(HubdwhDockerOperator, "command"), *rendered(HubdwhPodOperator, "arguments")],
        }
    )
)
