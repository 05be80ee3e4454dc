select rule, detail, record, scope, origin from meta.rejects
