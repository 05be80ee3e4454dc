-- The functions that models call, as far as DuckDB and Spark say the same in one text. What they say in different ways
-- stands in duckdb.sql and spark.sql, under one name with the same arguments; setting_…() come from the configuration.
-- Spark has no macros: there the program puts a function's text in the place of each call (docs/models.md).

-- Time ------------------------------------------------------------------------------------------

create or replace temp macro is_unix_time(unix_seconds) as unix_seconds between 0 and 253402300799;

-- Events of amoCRM know only the second. Within one, what an event says is later than what a list showed: a list that
-- was read before the deletion still shows the record, one that was read after it does not.
create or replace temp macro second_of(moment) as date_trunc('second', moment);

create or replace temp macro local_date(moment) as cast(local_timestamp(moment) as date);
create or replace temp macro local_year(moment) as cast(year(local_timestamp(moment)) as int);
create or replace temp macro local_month(moment) as cast(month(local_timestamp(moment)) as int);

create or replace temp macro is_clock_time(value) as is_like(value, '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]');

create or replace temp macro last_day_of(year_number, month_number) as last_day(make_date(year_number, month_number, 1));

-- Exact rounding --------------------------------------------------------------------------------

-- A whole number of hundredths as a decimal: 1234 is 12.34.
create or replace temp macro hundredths(value) as cast(value as decimal(18, 0)) * cast(0.01 as decimal(3, 2));

create or replace temp macro average_amount(total, how_many) as
  try_cast(
    cast(divide_half_up(total * 100, how_many) as decimal(36, 0)) * cast(0.01 as decimal(2, 2)) as decimal(20, 2)
  );

-- Text ------------------------------------------------------------------------------------------

create or replace temp macro empty_to_null(value) as nullif(value, '');
create or replace temp macro is_iin(value) as is_like(value, '[0-9]{12}');

-- Check digit of ИИН and БИН (docs/glossary.md) --------------------------------------------------

create or replace temp macro digit_at(number, place) as try_cast(substr(number, place, 1) as int);

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
    else left(email, 1) || '***@' || split_part(email, '@', -1)
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

-- Phone and e-mail of a record (decisions "Silver: amoCRM") ----------------------------------------

create or replace temp macro phone_of(value) as
  empty_to_null(nullif(case when left(trimmed(value), 1) = '+' then '+' else '' end || digits(value), '+'));
create or replace temp macro email_of(value) as empty_to_null(lowered(trimmed(value)));

-- What a reject keeps of a record: nothing that tells a person ------------------------------------

-- Event and time are shown where they look like what they should be; whatever else stands there can be anything.
create or replace temp macro shown_if(value, pattern) as
  case when is_like(value, pattern) then value else repeat('*', length(value)) end;
create or replace temp macro masked_visit_record(visit_date, iin, event, event_time) as
  visit_as_json(
    visit_date,
    last_four_shown(iin),
    shown_if(event, '[ A-Za-z_-]{0,12}'),
    shown_if(event_time, '[0-9:. ]{0,8}')
  );
create or replace temp macro masked_report_record(tin, period) as
  report_as_json(last_four_shown(tin), shown_if(period, '[0-9:. TZ+-]{0,32}'));
create or replace temp macro masked_directory_record(iin, bin, valid_from, valid_to) as
  directory_as_json(
    last_four_shown(iin),
    last_four_shown(bin),
    shown_if(valid_from, '[0-9:. TZ+-]{0,32}'),
    shown_if(valid_to, '[0-9:. TZ+-]{0,32}')
  );

-- ARM's tables, as others write them ---------------------------------------------------------------

-- Twelve digits of ИИН or БИН; fewer are padded where leading zeros may be lost and the check digit then holds.
create or replace temp macro padded_number(value, may_lack_zeros) as
  bin_of(digits(without_decimals(value)), case when may_lack_zeros then 'numeric' end);

-- The day that a text names: 2025-01-31, also with a time after it, or 31.01.2025; the first of a month, 2025-01.
create or replace temp macro day_named(value) as
  case
    when is_like(value, '[0-9]{4}-[0-9]{2}') then try_cast(value || '-01' as date)
    when is_like(value, '[0-9]{4}-[0-9]{2}-[0-9]{2}([ T].*)?')
      then try_cast(split_part(replace(value, 'T', ' '), ' ', 1) as date)
    when is_like(value, '[0-9]{2}[.][0-9]{2}[.][0-9]{4}([ T].*)?')
      then try_cast(
        left(split_part(value, '.', 3), 4) || '-' || split_part(value, '.', 2) || '-' || split_part(value, '.', 1) as date
      )
  end;
-- The same for the end of something: the last day of a month.
create or replace temp macro last_day_named(value) as
  case when is_like(value, '[0-9]{4}-[0-9]{2}') then last_day(day_named(value)) else day_named(value) end;

-- The number that a text means, with spaces between thousands and a comma or a point before the decimals.
create or replace temp macro amount_named(value) as
  case
    when is_like(without_spaces(value), '[+-]?[0-9]+([.,][0-9]+)?')
      then try_cast(replace(without_spaces(value), ',', '.') as decimal(20, 2))
  end;

-- Whether a company's status means a resident; NULL where it has none. Where no status does, being in the report's
-- newest period means it.
create or replace temp macro means_residency(status, is_in_newest_period) as
  case
    when length_of(setting_resident_statuses()) = 0 then is_in_newest_period
    else is_one_of(lowered(status), setting_resident_statuses())
  end;
