-- What Spark says in its own way; see shared.sql.

-- Time ------------------------------------------------------------------------------------------

create or replace temp macro instant(unix_seconds) as timestamp_seconds(unix_seconds);

-- The wall clock at an instant, in the configured zone, whichever the session's is.
create or replace temp macro local_timestamp(moment) as
  convert_timezone(
    'UTC',
    setting_timezone(),
    timestampadd(microsecond, unix_micros(moment), timestamp_ntz '1970-01-01 00:00:00')
  );

-- The instant of a wall-clock time; the first one where an hour repeats (2024-02-29 in Kazakhstan).
create or replace temp macro instant_of_local(wall_clock) as
  timestamp_micros(
    timestampdiff(
      microsecond,
      timestamp_ntz '1970-01-01 00:00:00',
      convert_timezone(setting_timezone(), 'UTC', wall_clock)
    )
  );

-- A time of day, as silver.alaqan_visits keeps it: Iceberg's TIME is not for Spark.
create or replace temp macro clock_time(value) as value;
-- The wall clock of a day at a time of day.
create or replace temp macro at_clock_time(day, value) as cast(cast(day as string) || ' ' || value as timestamp_ntz);
create or replace temp macro seconds_between(earlier, later) as
  cast(rint((unix_micros(later) - unix_micros(earlier)) / 1000000) as bigint);
-- The same for two wall clocks.
create or replace temp macro clock_seconds_between(earlier, later) as timestampdiff(second, earlier, later);
-- 1 is Monday, 7 is Sunday.
create or replace temp macro day_of_week(day) as weekday(day) + 1;

-- Exact rounding --------------------------------------------------------------------------------

-- dividend / divisor as a whole number, half away from zero; NULL where there is nothing to divide by. What is divided
-- has no remainder, so that the quotient is exact.
create or replace temp macro divide_half_up(dividend, divisor) as
  case
    when divisor = 0 then null
    else cast(
      case when dividend < 0 then -1 else 1 end
      * (twice_and_half(dividend, divisor) - twice_and_half(dividend, divisor) % twice(divisor)) / twice(divisor)
      as decimal(38, 0)
    )
  end;
create or replace temp macro twice(number) as cast(2 * abs(cast(number as decimal(38, 0))) as decimal(38, 0));
create or replace temp macro twice_and_half(dividend, divisor) as cast(twice(dividend) + divisor as decimal(38, 0));

-- Text ------------------------------------------------------------------------------------------

-- Whether the pattern describes the whole text; a line ends at \n alone.
create or replace temp macro is_like(value, pattern) as value rlike ('(?d)\A(?:' || pattern || ')\z');
-- Without spaces around it, of whatever kind.
create or replace temp macro trimmed(value) as regexp_replace(value, '\A\p{Zs}+|\p{Zs}+\z', '');
-- Letter by letter, wherever in a word it stands.
create or replace temp macro lowered(value) as lower(translate(value, 'İΣ', 'iσ'));
create or replace temp macro digits(value) as regexp_replace(value, '[^0-9]', '');
create or replace temp macro without_spaces(value) as regexp_replace(value, '[ \t\n\f\r\u00a0\u202f]', '');
create or replace temp macro without_decimals(value) as regexp_replace(value, '[.]0+\z', '');
-- Over the rows of a group: its texts, each once.
create or replace temp macro distinct_sorted_text(value) as
  case when count(value) > 0 then array_join(array_sort(collect_set(value)), ', ') end;

-- Lists ------------------------------------------------------------------------------------------

-- Makes a row of each item; in a SELECT list alone.
create or replace temp macro each_of(list) as explode(list);
create or replace temp macro length_of(list) as size(list);
create or replace temp macro is_one_of(item, list) as array_contains(list, item);
create or replace temp macro place_in(list, item) as nullif(array_position(list, item), 0);
create or replace temp macro no_ids() as cast(array() as array<int>);
-- Over the rows of a group.
create or replace temp macro sorted_ids(id) as array_sort(collect_list(id));

-- amoCRM's JSON ----------------------------------------------------------------------------------

-- An item that is no object must not take the others with it: each is read by itself.
create or replace temp macro embedded_ids(json_array) as
  coalesce(
    transform(from_json(json_array, 'array<string>'), each_item -> try_cast(get_json_object(each_item, '$.id') as int)),
    cast(array() as array<int>)
  );

create or replace temp macro embedded_names(json_array) as
  coalesce(
    transform(from_json(json_array, 'array<string>'), each_item -> get_json_object(each_item, '$.name')),
    cast(array() as array<string>)
  );

-- The values of the first field that one of the wanted names means (an id, a code or a name, in lower case,
-- most wanted first), with the field's type; NULL where the record has none.
create or replace temp macro custom_field(custom_fields_values, wanted) as
  get(
    transform(
      array(fields_of_json(custom_fields_values)),
      each_record -> get(
        filter(
          transform(
            wanted,
            each_name -> get(
              filter(
                each_record,
                each_field -> (
                    each_field.field_id = each_name
                    or lowered(each_field.field_code) = each_name
                    or lowered(trimmed(each_field.field_name)) = each_name
                  )
                  and size(each_field."values") > 0
              ),
              0
            )
          ),
          each_found -> each_found is not null
        ),
        0
      )
    ),
    0
  );
create or replace temp macro fields_of_json(custom_fields_values) as
  transform(
    from_json(custom_fields_values, 'array<string>'),
    each_text -> from_json(
      each_text,
      'field_id string, field_name string, field_code string, field_type string, values array<struct<value: string>>'
    )
  );

create or replace temp macro first_value_of(field) as get(field."values", 0)."value";
create or replace temp macro type_of(field) as field.field_type;

-- Statuses of a pipeline.
create or replace temp macro pipeline_statuses(statuses_json) as
  transform(
    from_json(statuses_json, 'array<string>'),
    each_status -> named_struct(
      'id', try_cast(get_json_object(each_status, '$.id') as int),
      'name', get_json_object(each_status, '$.name'),
      'sort', try_cast(get_json_object(each_status, '$.sort') as int),
      'color', get_json_object(each_status, '$.color')
    )
  );
create or replace temp macro status_id_of(status) as status.id;
create or replace temp macro status_name_of(status) as status."name";
create or replace temp macro status_sort_of(status) as status.sort;
create or replace temp macro status_color_of(status) as status.color;

-- A part of what an event of amoCRM says of a status.
create or replace temp macro status_change_part(json_value, path) as
  try_cast(get_json_object(json_value, path) as int);

-- What a reject keeps of a record, masked before ---------------------------------------------------

create or replace temp macro as_json(record) as to_json(record, map('ignoreNullFields', 'false'));
create or replace temp macro visit_as_json(visit_date, iin, event, event_time) as
  as_json(named_struct('visit_date', visit_date, 'iin', iin, 'event', event, 'event_time', event_time));
create or replace temp macro masked_version_record(id, created_at, updated_at) as
  as_json(named_struct('id', id, 'created_at', created_at, 'updated_at', updated_at));
create or replace temp macro masked_event_record(id, entity_id, created_at) as
  as_json(named_struct('id', id, 'entity_id', entity_id, 'created_at', created_at));
create or replace temp macro report_as_json(tin, period) as as_json(named_struct('tin', tin, 'period', period));
create or replace temp macro directory_as_json(iin, bin, valid_from, valid_to) as
  as_json(named_struct('iin', iin, 'bin', bin, 'from', valid_from, 'to', valid_to));

-- Numbers of ARM's tables --------------------------------------------------------------------------

-- A floating number is rounded as what it is, not as what it is shown as: 1.005 is a little less than that. A great
-- one has no decimals.
create or replace temp macro amount_of_number(value) as
  case
    when typeof(value) in ('double', 'float') and abs(value) < 1e15
      then cast(sign(value) * floor(abs(cast(value as double)) * 100 + 0.5) as decimal(20, 0)) * cast(0.01 as decimal(2, 2))
    else try_cast(value as decimal(20, 2))
  end;
create or replace temp macro whole_number_text(value) as cast(try_cast(value as decimal(38, 0)) as string);

-- Tells one content of a relation from another, whatever the order of its rows.
create or replace temp macro content_digest(row_text) as
  concat_ws(
    ':', cast(count(*) as string), cast(sum(cast(conv(right(md5(row_text), 15), 16, 10) as decimal(20, 0))) as string)
  );
