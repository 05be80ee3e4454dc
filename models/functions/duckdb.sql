-- The functions that models call by one name on every engine, as DuckDB macros.
-- setting_…() come from the configuration and are made by the program before this file runs.

-- Time ------------------------------------------------------------------------------------------

create or replace temp macro instant(unix_seconds) as to_timestamp(unix_seconds);

create or replace temp macro is_unix_time(unix_seconds) as unix_seconds between 0 and 253402300799;

-- Events of amoCRM know only the second. Within one, what an event says is later than what a list showed: a list that
-- was read before the deletion still shows the record, one that was read after it does not.
create or replace temp macro second_of(moment) as date_trunc('second', moment);

-- The wall clock at an instant, in the configured zone.
create or replace temp macro local_timestamp(moment) as timezone(setting_timezone(), moment);
create or replace temp macro local_date(moment) as cast(timezone(setting_timezone(), moment) as date);
create or replace temp macro local_year(moment) as cast(year(timezone(setting_timezone(), moment)) as int);
create or replace temp macro local_month(moment) as cast(month(timezone(setting_timezone(), moment)) as int);

-- The instant of a wall-clock time. Where an hour repeats (2024-02-29 in Kazakhstan) DuckDB takes its second
-- occurrence; decisions "Time" wants the first.
create or replace temp macro instant_of_local(wall_clock) as
  case
    when timezone(setting_timezone(), timezone(setting_timezone(), wall_clock) - interval 1 hour) = wall_clock
      then timezone(setting_timezone(), wall_clock) - interval 1 hour
    else timezone(setting_timezone(), wall_clock)
  end;

create or replace temp macro is_clock_time(value) as
  regexp_full_match(value, '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]');
create or replace temp macro clock_time(value) as cast(value as time);
create or replace temp macro at_clock_time(day, value) as day + cast(value as time);
create or replace temp macro seconds_between(earlier, later) as cast(epoch(later) - epoch(earlier) as bigint);

-- Exact rounding --------------------------------------------------------------------------------

-- dividend / divisor as a whole number, half away from zero; NULL where there is nothing to divide by, as `//` has it.
create or replace temp macro divide_half_up(dividend, divisor) as
  sign(dividend) * ((2 * abs(cast(dividend as hugeint)) + divisor) // (2 * cast(divisor as hugeint)));

-- A whole number of hundredths as a decimal: 1234 is 12.34.
create or replace temp macro hundredths(value) as cast(value as decimal(18, 0)) * cast(0.01 as decimal(3, 2));

-- Text ------------------------------------------------------------------------------------------

create or replace temp macro empty_to_null(value) as nullif(value, '');
create or replace temp macro digits(value) as regexp_replace(value, '[^0-9]', '', 'g');
create or replace temp macro is_iin(value) as regexp_full_match(value, '[0-9]{12}');
create or replace temp macro distinct_sorted_text(value) as string_agg(distinct value, ', ' order by value);

-- Check digit of ИИН and БИН (docs/glossary.md) --------------------------------------------------

create or replace temp macro digit_at(number, place) as cast(substr(number, place, 1) as int);

create or replace temp macro first_check_sum(number) as (
    1 * digit_at(number, 1) + 2 * digit_at(number, 2) + 3 * digit_at(number, 3) + 4 * digit_at(number, 4)
    + 5 * digit_at(number, 5) + 6 * digit_at(number, 6) + 7 * digit_at(number, 7) + 8 * digit_at(number, 8)
    + 9 * digit_at(number, 9) + 10 * digit_at(number, 10) + 11 * digit_at(number, 11)
  ) % 11;

create or replace temp macro second_check_sum(number) as (
    3 * digit_at(number, 1) + 4 * digit_at(number, 2) + 5 * digit_at(number, 3) + 6 * digit_at(number, 4)
    + 7 * digit_at(number, 5) + 8 * digit_at(number, 6) + 9 * digit_at(number, 7) + 10 * digit_at(number, 8)
    + 11 * digit_at(number, 9) + 1 * digit_at(number, 10) + 2 * digit_at(number, 11)
  ) % 11;

-- For twelve digits: a sum of 10 in both rounds is a number that is not issued.
create or replace temp macro has_check_digit(number) as
  case
    when first_check_sum(number) < 10 then first_check_sum(number)
    else second_check_sum(number)
  end = digit_at(number, 12);

-- БИН (decisions "Silver: amoCRM") ---------------------------------------------------------------

-- Twelve digits. A numeric field has lost its leading zeros: they are put back where the check digit then holds.
create or replace temp macro bin_of(value_digits, field_type) as
  case
    when length(value_digits) = 12 then value_digits
    when field_type = 'numeric' and length(value_digits) between 1 and 11
      and has_check_digit(lpad(value_digits, 12, '0')) then lpad(value_digits, 12, '0')
  end;

-- A sole proprietor's БИН is his ИИН: its fifth digit is 0 to 3.
create or replace temp macro is_sole_proprietor(bin) as substr(bin, 5, 1) between '0' and '3';

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

-- Masking (decisions "Masking") ------------------------------------------------------------------

create or replace temp macro last_four_shown(value) as
  repeat('*', greatest(length(value) - 4, 0)) || right(value, 4);

create or replace temp macro phone_partly_shown(phone) as
  case
    when length(phone) <= 8 then repeat('*', length(phone))
    else left(phone, 5) || repeat('*', length(phone) - 7) || right(phone, 2)
  end;

create or replace temp macro email_partly_shown(email) as
  case
    when instr(email, '@') = 0 then repeat('*', length(email))
    else left(email, 1) || '***' || substr(email, length(email) - instr(reverse(email), '@') + 1)
  end;

-- A hash is never computed in SQL: the program computes it and the model joins it as `hash`.
create or replace temp macro masked_iin(iin, hash) as
  case setting_privacy_iin() when 'none' then iin else hash end;
create or replace temp macro masked_bin(bin, hash) as
  case when is_sole_proprietor(bin) and setting_privacy_iin() <> 'none' then hash else bin end;
create or replace temp macro masked_phone(phone, hash) as
  case setting_privacy_phone() when 'none' then phone when 'partial' then phone_partly_shown(phone) else hash end;
create or replace temp macro masked_email(email, hash) as
  case setting_privacy_email() when 'none' then email when 'partial' then email_partly_shown(email) else hash end;

-- Lists ------------------------------------------------------------------------------------------

create or replace temp macro each_of(list) as unnest(list);

-- Phone and e-mail of a record (decisions "Silver: amoCRM") ----------------------------------------

create or replace temp macro phone_of(value) as
  empty_to_null(nullif(case when starts_with(trim(value), '+') then '+' else '' end || digits(value), '+'));
create or replace temp macro email_of(value) as empty_to_null(lower(trim(value)));

-- What a reject keeps of a record: nothing that tells a person ------------------------------------

-- Event and time are shown where they look like what they should be; whatever else stands there can be anything.
create or replace temp macro shown_if(value, pattern) as
  case when regexp_full_match(value, pattern) then value else repeat('*', length(value)) end;
create or replace temp macro masked_visit_record(visit_date, iin, event, event_time) as
  to_json({
    'visit_date': visit_date,
    'iin': last_four_shown(iin),
    'event': shown_if(event, '[ A-Za-z_-]{0,12}'),
    'event_time': shown_if(event_time, '[0-9:. ]{0,8}')
  });
create or replace temp macro masked_version_record(id, created_at, updated_at) as
  to_json({'id': id, 'created_at': created_at, 'updated_at': updated_at});
create or replace temp macro masked_event_record(id, entity_id, created_at) as
  to_json({'id': id, 'entity_id': entity_id, 'created_at': created_at});

-- Events of amoCRM -------------------------------------------------------------------------------

create or replace temp macro status_change_part(json_value, path) as
  try_cast(json_extract_string(json_value, path) as int);

-- Statuses of a pipeline -------------------------------------------------------------------------

create or replace temp macro pipeline_statuses(statuses_json) as
  from_json(statuses_json, '[{"id":"INTEGER","name":"VARCHAR","sort":"INTEGER","color":"VARCHAR"}]');
create or replace temp macro status_id_of(status) as status.id;
create or replace temp macro status_name_of(status) as status."name";
create or replace temp macro status_sort_of(status) as status.sort;
create or replace temp macro status_color_of(status) as status.color;

-- ARM's tables, as others write them ---------------------------------------------------------------

-- Twelve digits of ИИН or БИН; fewer are padded where leading zeros may be lost and the check digit then holds.
create or replace temp macro padded_number(value, may_lack_zeros) as
  bin_of(digits(regexp_replace(value, '[.]0+$', '')), case when may_lack_zeros then 'numeric' end);

-- The day that a text names: 2025-01-31, also with a time after it, or 31.01.2025; the first of a month, 2025-01.
create or replace temp macro day_named(value) as
  case
    when regexp_full_match(value, '[0-9]{4}-[0-9]{2}') then try_cast(value || '-01' as date)
    when regexp_full_match(value, '[0-9]{4}-[0-9]{2}-[0-9]{2}([ T].*)?')
      then try_cast(split_part(replace(value, 'T', ' '), ' ', 1) as date)
    when regexp_full_match(value, '[0-9]{2}[.][0-9]{2}[.][0-9]{4}([ T].*)?')
      then try_cast(
        left(split_part(value, '.', 3), 4) || '-' || split_part(value, '.', 2) || '-' || split_part(value, '.', 1) as date
      )
  end;
-- The same for the end of something: the last day of a month.
create or replace temp macro last_day_named(value) as
  case when regexp_full_match(value, '[0-9]{4}-[0-9]{2}') then last_day(day_named(value)) else day_named(value) end;

-- The number that a text means, with spaces between thousands and a comma or a point before the decimals.
create or replace temp macro without_spaces(value) as regexp_replace(value, '[\s\x{00A0}\x{202F}]', '', 'g');
create or replace temp macro amount_named(value) as
  case
    when regexp_full_match(without_spaces(value), '[+-]?[0-9]+([.,][0-9]+)?')
      then try_cast(replace(without_spaces(value), ',', '.') as decimal(20, 2))
  end;

create or replace temp macro amount_of_number(value) as try_cast(value as decimal(20, 2));
create or replace temp macro whole_number_text(value) as cast(try_cast(value as hugeint) as varchar);

-- Tells one content of a relation from another, whatever the order of its rows.
create or replace temp macro content_digest(row_text) as concat_ws(':', count(*), sum(md5_number_lower(row_text)));

create or replace temp macro masked_report_record(tin, period) as
  to_json({'tin': last_four_shown(tin), 'period': shown_if(period, '[0-9:. TZ+-]{0,32}')});
create or replace temp macro masked_directory_record(iin, bin, valid_from, valid_to) as
  to_json({
    'iin': last_four_shown(iin),
    'bin': last_four_shown(bin),
    'from': shown_if(valid_from, '[0-9:. TZ+-]{0,32}'),
    'to': shown_if(valid_to, '[0-9:. TZ+-]{0,32}')
  });

-- Whether a company's status means a resident; NULL where it has none. Where no status does, being in the report's
-- newest period means it.
create or replace temp macro means_residency(status, is_in_newest_period) as
  case
    when len(setting_resident_statuses()) = 0 then is_in_newest_period
    else list_contains(setting_resident_statuses(), lower(status))
  end;

create or replace temp macro average_amount(total, how_many) as
  try_cast(
    cast(divide_half_up(cast(total * 100 as hugeint), how_many) as decimal(36, 0)) * cast(0.01 as decimal(2, 2))
    as decimal(20, 2)
  );

create or replace temp macro place_in(list, item) as list_position(list, item);
create or replace temp macro sorted_ids(id) as list(id order by id);
create or replace temp macro no_ids() as cast([] as integer[]);
create or replace temp macro last_day_of(year_number, month_number) as last_day(make_date(year_number, month_number, 1));
