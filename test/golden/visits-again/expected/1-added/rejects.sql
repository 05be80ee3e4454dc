select rule, scope from meta.rejects
