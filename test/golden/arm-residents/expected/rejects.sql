select rule, detail, record, origin from meta.rejects where table_name = 'silver.arm_service_report'
