select visit_date, iin_display, event, event_time, loaded_at from silver.alaqan_visits where visit_date < date '2025-01-30'
