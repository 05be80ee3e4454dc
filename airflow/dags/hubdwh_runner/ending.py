"""What a command of hubdwh came to, as Airflow is told it: by exit code, with the summary as XCom."""

from __future__ import annotations

import json

from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException

NOTHING_TO_DO = 99

# Wrong usage or configuration, a blocking check, an authorization: a person must act, and no retry helps.
FOR_A_PERSON = frozenset({2, 4, 5})


def conclude(exit_code, summary, context):
    """Ends the task.

    :param exit_code: of the command
    :param summary: the JSON object that it printed, where there is one
    :return: the summary, which becomes the task's XCom; where the task does not end well, it is pushed here
    """
    if exit_code == 0:
        return summary
    if summary is not None:
        context["ti"].xcom_push(key="return_value", value=summary)
    raise ending(exit_code, summary)


def ending(exit_code, summary):
    """The exception that says to Airflow: skip, fail at once, or try again."""
    if exit_code == NOTHING_TO_DO:
        return AirflowSkipException("There was nothing to do.")
    error = (summary or {}).get("error") or {}
    said = (error.get("message"), error.get("advice"), f"hubdwh ended with exit code {exit_code}.")
    sentence = " ".join(text for text in said if text)
    return AirflowFailException(sentence) if exit_code in FOR_A_PERSON else AirflowException(sentence)


def summary_in(lines):
    """The last line that is a JSON object: progress and warnings can share the output with it."""
    for line in reversed(lines):
        if not line.startswith("{"):
            continue
        try:
            return json.loads(line)
        except ValueError:
            continue
    return None
