"""Alaqan and amoCRM into the warehouse: two DAGs of the same few steps.

Each task is one command of `hubdwh`, which keeps in a ledger what it has loaded and goes on where it was stopped:
whatever runs again or was left out is harmless. What to set, and what happens when something fails: `docs/airflow.md`.
"""

from __future__ import annotations

import os
from datetime import timedelta

import pendulum
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG, Asset, CronDataIntervalTimetable, TriggerRule
from hubdwh_runner import hubdwh_operator

# --- to fill in ---------------------------------------------------------------------------------------------------

OWNER = "data-platform"


def tell_failure(context):
    """Called when a task has failed for good: tell whoever is on duty. `notify:` in hubdwh.yaml tells on its own."""


# --- by environment variables ---------------------------------------------------------------------------------------

TIMEZONE = "Asia/Almaty"
ALAQAN_SCHEDULE = os.environ.get("HUBDWH_ALAQAN_SCHEDULE", "0 5 * * *")
AMOCRM_SCHEDULE = os.environ.get("HUBDWH_AMOCRM_SCHEDULE", "0 */4 * * *")

# --- what both DAGs share -------------------------------------------------------------------------------------------

# One slot each: see airflow/pools.json.
ALAQAN_API = "hubdwh_alaqan"
AMOCRM_API = "hubdwh_amocrm"
WAREHOUSE = "hubdwh_warehouse"

SHARED = {
    "start_date": pendulum.datetime(2024, 1, 1, tz=TIMEZONE),
    # The ledger knows which days and changes are missing: the next run reads them, however many were left out.
    "catchup": False,
    "max_active_runs": 1,
    "tags": ["hubdwh"],
    "default_args": {
        "owner": OWNER,
        "on_failure_callback": tell_failure,
        # Exit code 3, a source or the warehouse is unavailable, is worth half an hour; 2, 4 and 5 fail at once.
        "retries": 4,
        # Longer than a lock outlives a pod that was lost (90 seconds).
        "retry_delay": timedelta(minutes=2),
        "retry_exponential_backoff": 2,
        "max_retry_delay": timedelta(minutes=30),
    },
}


def step(task_id, command, *, tables, pool, hours=2, doc):
    """A task of one command, which makes these tables."""
    return hubdwh_operator(
        command,
        task_id=task_id,
        outlets=[Asset(f"iceberg.{table}", group="hubdwh") for table in tables],
        pool=pool,
        execution_timeout=timedelta(hours=hours),
        # Nothing new before it, or a failure, does not hold it up: it takes what is there, as `hubdwh run` does.
        trigger_rule=TriggerRule.ALL_DONE,
        doc_md=doc,
    )


def bi_refresh():
    return step(
        "bi_refresh",
        "publish --skip-code",
        tables=[],
        pool=WAREHOUSE,
        hours=1,
        doc="Refreshes what `publish:` in hubdwh.yaml lists. Skipped where it lists nothing or nothing changed.",
    )


def nothing_failed(steps):
    """The run is as green as all of its tasks: what failed and held up nothing must still be seen."""
    steps >> EmptyOperator(
        task_id="nothing_failed",
        trigger_rule=TriggerRule.NONE_FAILED,
        doc_md="Does nothing. It fails with any task of the run, so that the run does not look well without it.",
    )


# --- Alaqan ---------------------------------------------------------------------------------------------------------

# A run by schedule or by hand reads what the ledger misses; one of a backfill exactly the days of its interval.
DAYS_OF_BACKFILL = (
    "{% if dag_run.run_type == 'backfill' %}"
    f"--from {{{{ data_interval_start.in_timezone('{TIMEZONE}') | ds }}}} "
    f"--to {{{{ data_interval_end.in_timezone('{TIMEZONE}').subtract(days=1) | ds }}}} "
    "{% endif %}"
)

with DAG(
    "hubdwh_alaqan",
    schedule=CronDataIntervalTimetable(ALAQAN_SCHEDULE, timezone=TIMEZONE),
    dagrun_timeout=timedelta(hours=20),
    doc_md="Visits at the gates of Astana Hub, every morning: **bronze → silver → gold → BI**.",
    **SHARED,
):
    load = step(
        "alaqan_daily_load",
        f"load alaqan {DAYS_OF_BACKFILL}--skip-code",
        tables=["bronze.alaqan_visits"],
        pool=ALAQAN_API,
        hours=6,
        doc="The days that no answer is known for, and the last few again, since gates report late. Today is left for "
        "tomorrow. In a backfill: the days of the run's interval.",
    )
    silver = step(
        "alaqan_silver",
        "transform silver --source alaqan --skip-code",
        tables=["silver.alaqan_visits", "silver.arm_directory"],
        pool=WAREHOUSE,
        doc="Visits, typed, without doubles, masked. Only the days that changed are rebuilt.",
    )
    gold = step(
        "alaqan_gold",
        "transform gold --source alaqan --skip-code",
        tables=[
            "gold.alaqan_daily_attendance",
            "gold.alaqan_monthly_summary",
            "gold.alaqan_company_attendance",
        ],
        pool=WAREHOUSE,
        doc="Attendance by day, by month and, with ARM's directory, by company.",
    )
    bi = bi_refresh()
    load >> silver >> gold >> bi
    nothing_failed([load, silver, gold, bi])

# --- amoCRM ---------------------------------------------------------------------------------------------------------

with DAG(
    "hubdwh_amocrm",
    schedule=CronDataIntervalTimetable(AMOCRM_SCHEDULE, timezone=TIMEZONE),
    dagrun_timeout=timedelta(hours=20),
    doc_md="Leads and all around them, every four hours: **bronze → silver → gold → BI**.",
    **SHARED,
):

    def load_records(name, *further, doc):
        """Loads entities of amoCRM, each into the table of its name; what is in the bin into that of the leads."""
        entities = [name, *further]
        return step(
            f"amocrm_load_{name}",
            f"load amocrm {' '.join(entities)} --sweeps left --skip-code",
            tables=[f"bronze.amocrm_{entity}" for entity in entities if entity != "leads_bin"],
            pool=AMOCRM_API,
            doc=doc,
        )

    loads = [
        load_records(
            "pipelines",
            "loss_reasons",
            doc="Pipelines with their statuses, and reasons of loss: read whole.",
        ),
        load_records(
            "users",
            "task_types",
            "custom_fields",
            doc="Users, kinds of tasks, custom fields: read whole. Without a right to see users, names stay empty.",
        ),
        load_records("companies", doc="Companies that changed since the last load, with an overlap."),
        load_records("contacts", doc="Contacts that changed since the last load, with an overlap."),
        load_records(
            "leads",
            "leads_bin",
            doc="Leads that changed since the last load, with an overlap, and those in the recycle bin.",
        ),
        load_records("tasks", doc="Tasks that changed since the last load, with an overlap."),
        load_records("events", doc="Events since the last load, and the records that they say were restored."),
        load_records("catalogs", "catalog_elements", doc="The account's own lists and what is in them: read whole."),
        step(
            "amocrm_sweep_deletions",
            "load amocrm --sweeps only --skip-code",
            tables=[],
            pool=AMOCRM_API,
            hours=6,
            doc="Looks for records that vanished without a trace, by reading everything of leads, contacts, companies "
            "and tasks. Skipped until `amocrm.sweep_days` are over. Where too many are missing it fails (exit code 4): "
            "a person decides.",
        ),
    ]
    silver = step(
        "amocrm_silver",
        "transform silver --source amocrm --skip-code",
        tables=[
            "silver.amocrm_leads",
            "silver.amocrm_contacts",
            "silver.amocrm_companies",
            "silver.amocrm_tasks",
            "silver.amocrm_users",
            "silver.amocrm_pipeline_statuses",
            "silver.amocrm_loss_reasons",
            "silver.amocrm_task_types",
            "silver.amocrm_task_completions",
            "silver.amocrm_lead_status_changes",
            "silver.amocrm_lead_bins",
            "silver.arm_service_report",
        ],
        pool=WAREHOUSE,
        doc="The newest version of each record, typed, masked, with names joined. Only what changed is rebuilt. A load "
        "that failed does not hold it up: it takes what is known of that entity.",
    )
    gold = step(
        "amocrm_gold",
        "transform gold --source amocrm --skip-code",
        tables=[
            "gold.amocrm_sales_funnel",
            "gold.amocrm_manager_activity",
            "gold.amocrm_client_analytics",
            "gold.amocrm_stage_conversion",
            "gold.amocrm_sales_funnel_residents",
            "gold.crm_arm_residents",
            "gold.crm_arm_residents_monthly",
        ],
        pool=WAREHOUSE,
        doc="The funnel, managers, clients, conversion by stage and, with ARM's report, residents.",
    )
    bi = bi_refresh()
    loads >> silver >> gold >> bi
    nothing_failed([*loads, silver, gold, bi])
