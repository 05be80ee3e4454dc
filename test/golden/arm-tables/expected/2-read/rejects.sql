select table_name, rule, origin from meta.rejects
