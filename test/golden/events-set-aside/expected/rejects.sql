select table_name, rule, detail, record, scope, origin, load_id in (select load_id from meta.loads) as is_of_load from meta.rejects
