/*
The sources send the fields that they sent before, in the same types.

name: schema_unchanged
table: meta.schema_changes
severity: warn
advice: >-
  Nothing is lost: unknown fields stay in the archive of answers. If the field matters, report it; once hubdwh
  knows it, hubdwh transform --replay brings it in.
*/
-- Each change is told once.
select source, entity, field, change, types_before, types_after
from meta.schema_changes
where load_id in (select load_id from new_loads)
