-- What DuckDB says in its own way; see shared.sql.

-- Time ------------------------------------------------------------------------------------------

create or replace temp macro instant(unix_seconds) as to_timestamp(unix_seconds);

-- The wall clock at an instant, in the configured zone.
create or replace temp macro local_timestamp(moment) as timezone(setting_timezone(), moment);

-- The instant of a wall-clock time. Where an hour repeats (2024-02-29 in Kazakhstan) DuckDB takes its second
-- occurrence; decisions "Time" wants the first.
create or replace temp macro instant_of_local(wall_clock) as
  case
    when timezone(setting_timezone(), timezone(setting_timezone(), wall_clock) - interval 1 hour) = wall_clock
      then timezone(setting_timezone(), wall_clock) - interval 1 hour
    else timezone(setting_timezone(), wall_clock)
  end;

-- A time of day, as silver.alaqan_visits keeps it.
create or replace temp macro clock_time(value) as cast(value as time);
-- The wall clock of a day at a time of day.
create or replace temp macro at_clock_time(day, value) as day + cast(value as time);
create or replace temp macro seconds_between(earlier, later) as cast(epoch(later) - epoch(earlier) as bigint);
-- The same for two wall clocks.
create or replace temp macro clock_seconds_between(earlier, later) as cast(epoch(later) - epoch(earlier) as bigint);
-- 1 is Monday, 7 is Sunday.
create or replace temp macro day_of_week(day) as isodow(day);

-- Exact rounding --------------------------------------------------------------------------------

-- dividend / divisor as a whole number, half away from zero; NULL where there is nothing to divide by, as `//` has it.
create or replace temp macro divide_half_up(dividend, divisor) as
  sign(dividend) * ((2 * abs(cast(dividend as hugeint)) + divisor) // (2 * cast(divisor as hugeint)));

-- Text ------------------------------------------------------------------------------------------

-- Whether the pattern describes the whole text.
create or replace temp macro is_like(value, pattern) as regexp_full_match(value, pattern);
-- Without spaces around it, of whatever kind.
create or replace temp macro trimmed(value) as trim(value);
create or replace temp macro lowered(value) as lower(value);
create or replace temp macro digits(value) as regexp_replace(value, '[^0-9]', '', 'g');
create or replace temp macro without_spaces(value) as regexp_replace(value, '[\s\x{00A0}\x{202F}]', '', 'g');
create or replace temp macro without_decimals(value) as regexp_replace(value, '[.]0+$', '');
-- Over the rows of a group: its texts, each once.
create or replace temp macro distinct_sorted_text(value) as string_agg(distinct value, ', ' order by value);

-- Lists ------------------------------------------------------------------------------------------

-- Makes a row of each item; in a SELECT list alone.
create or replace temp macro each_of(list) as unnest(list);
create or replace temp macro length_of(list) as len(list);
create or replace temp macro is_one_of(item, list) as list_contains(list, item);
create or replace temp macro place_in(list, item) as list_position(list, item);
create or replace temp macro no_ids() as cast([] as integer[]);
-- Over the rows of a group.
create or replace temp macro sorted_ids(id) as list(id order by id);

-- amoCRM's JSON ----------------------------------------------------------------------------------

create or replace temp macro embedded_ids(json_array) as
  coalesce(list_transform(from_json(json_array, '[{"id":"INTEGER"}]'), lambda item: item.id), cast([] as integer[]));

create or replace temp macro embedded_names(json_array) as
  coalesce(list_transform(from_json(json_array, '[{"name":"VARCHAR"}]'), lambda item: item.name), cast([] as varchar[]));

-- The values of the first field that one of the wanted names means (an id, a code or a name, in lower case,
-- most wanted first), with the field's type; NULL where the record has none.
create or replace temp macro custom_field(custom_fields_values, wanted) as
  list_filter(
    list_transform(
      wanted,
      lambda wanted_name: list_filter(
        from_json(
          custom_fields_values,
          '[{"field_id":"VARCHAR","field_name":"VARCHAR","field_code":"VARCHAR","field_type":"VARCHAR","values":[{"value":"VARCHAR"}]}]'
        ),
        lambda field: (
            field.field_id = wanted_name
            or lower(field.field_code) = wanted_name
            or lower(trim(field.field_name)) = wanted_name
          )
          and len(field."values") > 0
      )[1]
    ),
    lambda found: found is not null
  )[1];

create or replace temp macro first_value_of(field) as field."values"[1]."value";
create or replace temp macro type_of(field) as field.field_type;

-- Statuses of a pipeline.
create or replace temp macro pipeline_statuses(statuses_json) as
  from_json(statuses_json, '[{"id":"INTEGER","name":"VARCHAR","sort":"INTEGER","color":"VARCHAR"}]');
create or replace temp macro status_id_of(status) as status.id;
create or replace temp macro status_name_of(status) as status."name";
create or replace temp macro status_sort_of(status) as status.sort;
create or replace temp macro status_color_of(status) as status.color;

-- A part of what an event of amoCRM says of a status.
create or replace temp macro status_change_part(json_value, path) as
  try_cast(json_extract_string(json_value, path) as int);

-- What a reject keeps of a record, masked before ---------------------------------------------------

create or replace temp macro visit_as_json(visit_date, iin, event, event_time) as
  to_json({'visit_date': visit_date, 'iin': iin, 'event': event, 'event_time': event_time});
create or replace temp macro masked_version_record(id, created_at, updated_at) as
  to_json({'id': id, 'created_at': created_at, 'updated_at': updated_at});
create or replace temp macro masked_event_record(id, entity_id, created_at) as
  to_json({'id': id, 'entity_id': entity_id, 'created_at': created_at});
create or replace temp macro report_as_json(tin, period) as to_json({'tin': tin, 'period': period});
create or replace temp macro directory_as_json(iin, bin, valid_from, valid_to) as
  to_json({'iin': iin, 'bin': bin, 'from': valid_from, 'to': valid_to});

-- Numbers of ARM's tables --------------------------------------------------------------------------

create or replace temp macro amount_of_number(value) as try_cast(value as decimal(20, 2));
create or replace temp macro whole_number_text(value) as cast(try_cast(value as hugeint) as varchar);

-- Tells one content of a relation from another, whatever the order of its rows.
create or replace temp macro content_digest(row_text) as concat_ws(':', count(*), sum(md5_number_lower(row_text)));
