select visit_date, count(*) as events from silver.alaqan_visits group by visit_date
