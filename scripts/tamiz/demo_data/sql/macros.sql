-- Draws without a generator: every number is a pure function of (seed, salt, index). A product
-- modulo a prime and an exclusive or, in turns: each is linear in its own arithmetic and far from
-- it in the other's. An argument is named once, so that nested calls stay small.
create macro salted(salt) as
    cast(md5_number_lower(world_seed() || '/' || salt) % 2147483647 as bigint);

create macro salted_too(salt) as
    cast(md5_number_upper(world_seed() || '/' || salt) % 2147483647 as bigint);

create macro round_of(x, key, factor) as xor(x, key) * factor % 2147483647;

-- 0 … 2147483646
create macro draw(i, salt) as
    round_of(
        round_of(
            round_of(cast(i as bigint) % 2147483647 * 1103515245 % 2147483647, salted(salt),
                1664525133),
            salted_too(salt), 950706376
        ),
        salted(salt), 1343714438
    );

-- (0, 1)
create macro share(i, salt) as (draw(i, salt) + 0.5) / 2147483647.0;

-- 0 … n - 1
create macro pick(i, salt, n) as draw(i, salt) % n;

-- 0 … prime - 1, each equally often among any `prime` neighbours: a planted share is never empty.
create macro quota(i, salt, prime) as
    (i * (1 + salted(salt) % (prime - 1)) + salted(salt || ' start')) % prime;

create macro one_of(i, salt, choices) as choices[1 + draw(i, salt) % len(choices)];

create macro a_day() as cast(86400000 as bigint);

create macro an_hour() as cast(3600000 as bigint);

create macro a_minute() as cast(60000 as bigint);

-- Times are milliseconds of the epoch until they are written.
create macro world_end() as epoch_ms(world_as_of());

create macro base_day() as epoch_ms(cast(date_trunc('day', world_as_of()) as timestamp));

create macro as_time(ms) as make_timestamp(cast(ms as bigint) * 1000);

create macro hex_id(kind, i) as md5(world_seed() || kind || i);

create macro uuid_of(kind, i) as
    regexp_replace(hex_id(kind, i), '^(.{8})(.{4})(.{4})(.{4})(.{12})$', '\1-\2-\3-\4-\5');

create macro customer_id_of(human_id) as 'C' || lpad(cast(1000000 + human_id as varchar), 8, '0');

-- The second row of somebody who is twice in the CRM: shops bought up brought their own numbers.
create macro second_customer_id_of(human_id) as
    if(human_id % 2 = 0, 'L', 'B') || lpad(cast(1000000 + human_id as varchar), 8, '0');

create macro anonymous_id_of(cookie_id) as 'v.' || left(hex_id('cookie', cookie_id), 20);

create macro device_id_of(device_id) as uuid_of('device', device_id);

create macro mobile_ad_id_of(human_id) as uuid_of('mobile ad', human_id);

create macro x_user_id_of(human_id) as cast(1200000000000 + human_id * 7919 as varchar);

create macro order_id_of(order_no) as 'O' || lpad(cast(order_no as varchar), 9, '0');

create macro product_id_of(product_no) as 'P' || lpad(cast(product_no as varchar), 4, '0');

create macro categories() as [
    'hiking', 'camping', 'climbing', 'running', 'cycling', 'swimming', 'kitchen', 'garden',
    'lighting'
];

-- Nine categories of fifty products; three categories make a group.
create macro category_of(product_no) as categories()[1 + product_no // 50];

create macro group_of(product_no) as (['outdoor', 'sport', 'home'])[1 + product_no // 150];

create macro price_cents_of(product_no) as 495 + 100 * pick(product_no, 'price', 240);
