select table_name, rule, detail, record, origin from meta.rejects
