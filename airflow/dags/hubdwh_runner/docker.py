"""hubdwh in a container of Docker."""

from __future__ import annotations

from posixpath import dirname

from airflow.providers.docker.exceptions import DockerContainerFailedException
from airflow.providers.docker.operators.docker import DockerOperator
from docker.types import Mount

from hubdwh_runner.ending import conclude, summary_in
from hubdwh_runner.settings import BIN, CONFIG, IMAGE, VOLUME


class HubdwhDockerOperator(DockerOperator):
    """A DockerOperator that knows the exit codes. A task that is stopped gives hubdwh ten seconds to a checkpoint."""

    def __init__(self, *, arguments, **kwargs):
        super().__init__(
            image=IMAGE,
            entrypoint=BIN,
            command=arguments,
            mounts=[Mount(source=VOLUME, target=dirname(CONFIG), type="volume")],
            mount_tmp_dir=False,
            # Removed below, when its exit code is known.
            auto_remove="never",
            xcom_all=True,
            **kwargs,
        )

    def execute(self, context):
        try:
            lines, exit_code = super().execute(context), 0
        except DockerContainerFailedException as failure:
            lines = failure.logs
            exit_code = self.cli.inspect_container(self.container["Id"])["State"]["ExitCode"]
        finally:
            if self.container:
                self.cli.remove_container(self.container["Id"], force=True)
        return conclude(exit_code, summary_in(lines or []), context)
