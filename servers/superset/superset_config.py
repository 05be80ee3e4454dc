"""Superset for tests: on this machine, for nobody but one test."""

import os

_home = os.environ["SUPERSET_HOME"]

SECRET_KEY = "a secret of tests only, of at least forty-two characters"
SQLALCHEMY_DATABASE_URI = f"sqlite:///{_home}/superset.db"
# As in production: answers are kept, so that an old number stays where nobody makes it void.
DATA_CACHE_CONFIG = {
    "CACHE_TYPE": "FileSystemCache",
    "CACHE_DIR": f"{_home}/kept-answers",
    "CACHE_DEFAULT_TIMEOUT": 86400,
}
# Several may run at once on one address.
RATELIMIT_ENABLED = False
# Tests make users with fewer rights.
FAB_ADD_SECURITY_API = True
