select received, stored, superseded, rejected, difference from meta.reconciliation where table_name = 'silver.arm_service_report'
