select rule, record, origin from meta.rejects where table_name = 'silver.arm_directory'
