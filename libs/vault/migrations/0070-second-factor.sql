-- Whether who has the session showed two factors, at the login or since. Of those that are open it is not known.
alter table vault.sessions add column second_factor boolean not null default false;
