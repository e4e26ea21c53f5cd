-- How many codes were sent to a number since `since`, for all purposes together (features/accounts/sms-codes.ts).
create table sms_number (
  mobile text primary key,
  since  timestamptz not null default now(),
  sent   int not null default 1
);
create index sms_number_since on sms_number (since);

-- How many messages were sent on a day, of the operator's budget.
create table sms_day (
  day  date primary key,
  sent int not null
);
