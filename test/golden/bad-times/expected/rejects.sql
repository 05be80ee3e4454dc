select table_name, rule, detail, record, scope, origin from meta.rejects
