select task_type_id, task_type_name, is_deleted from silver.amocrm_task_types
