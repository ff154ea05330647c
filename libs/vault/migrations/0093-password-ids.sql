-- Which password somebody has, told from those before and after it, and the same however it is hashed: links and codes that
-- stand on a password end with it.
alter table vault.credentials add column password_id uuid not null default gen_random_uuid();
