select event, event_time from silver.alaqan_visits where iin_display = '********4444'
