select count(*) as count from meta.rejects
