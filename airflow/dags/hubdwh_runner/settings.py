"""Where hubdwh is, by environment variables of Airflow's processes."""

from __future__ import annotations

import os

BIN = os.environ.get("HUBDWH_BIN", "hubdwh")
CONFIG = os.environ.get("HUBDWH_CONFIG", "/opt/hubdwh/hubdwh.yaml")

# Of containers and pods: the image, and the volume (in Kubernetes its claim) that is mounted where CONFIG stands.
IMAGE = os.environ.get("HUBDWH_IMAGE", "hubdwh:latest")
VOLUME = os.environ.get("HUBDWH_VOLUME", "hubdwh")

# Of pods: a secret with the variables that hubdwh.yaml names. Without it they stand in .env beside hubdwh.yaml.
SECRET = os.environ.get("HUBDWH_SECRET")
