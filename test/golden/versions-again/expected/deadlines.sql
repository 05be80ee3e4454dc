select task_id, entity_type, complete_till from silver.amocrm_tasks where task_id >= 3
