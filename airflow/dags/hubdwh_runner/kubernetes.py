"""hubdwh in a pod of Kubernetes."""

from __future__ import annotations

from posixpath import dirname

from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.sdk.exceptions import AirflowException
from kubernetes.client import models as k8s

from hubdwh_runner.ending import FOR_A_PERSON, NOTHING_TO_DO, ending
from hubdwh_runner.settings import BIN, CONFIG, IMAGE, SECRET, VOLUME


class HubdwhPodOperator(KubernetesPodOperator):
    """A KubernetesPodOperator that knows the exit codes. Its summary becomes XCom also where the pod failed."""

    def __init__(self, *, arguments, task_id, **kwargs):
        claim = k8s.V1PersistentVolumeClaimVolumeSource(claim_name=VOLUME)
        secret = k8s.V1EnvFromSource(secret_ref=k8s.V1SecretEnvSource(name=SECRET))
        super().__init__(
            task_id=task_id,
            name=f"hubdwh-{task_id.replace('_', '-')}",
            image=IMAGE,
            # With --json nothing but the summary is on stdout. exec: hubdwh takes the shell's place, and gets SIGTERM.
            # The file stands first: an argument that ends in .json would be taken for the name of a template by some
            # versions of the provider.
            cmds=["sh", "-c"],
            arguments=[f"> /airflow/xcom/return.json exec {BIN} {arguments}"],
            do_xcom_push=True,
            skip_on_exit_code=NOTHING_TO_DO,
            volumes=[k8s.V1Volume(name="hubdwh", persistent_volume_claim=claim)],
            volume_mounts=[k8s.V1VolumeMount(name="hubdwh", mount_path=dirname(CONFIG))],
            env_from=[secret] if SECRET else [],
            # Seconds that hubdwh has to a checkpoint.
            termination_grace_period=120,
            log_pod_spec_on_failure=False,
            **kwargs,
        )

    def cleanup(self, pod, remote_pod, xcom_result=None, context=None):
        try:
            super().cleanup(pod, remote_pod, xcom_result, context)
        except AirflowException:
            exit_code = exit_code_of(remote_pod, self.base_container_name)
            if exit_code in FOR_A_PERSON:
                raise ending(exit_code, xcom_result) from None
            raise


def exit_code_of(pod, container):
    """The exit code of a pod's container; None where the pod was lost before it ended."""
    statuses = (pod and pod.status and pod.status.container_statuses) or []
    states = [status.state for status in statuses if status.name == container]
    terminated = states[0] and states[0].terminated if states else None
    return terminated.exit_code if terminated else None
