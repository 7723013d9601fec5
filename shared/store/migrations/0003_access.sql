-- Accounts of people and programs, tokens, log-in attempts, repeated writes, audit.

CREATE TABLE accounts (
    id          uuid PRIMARY KEY,
    name        text NOT NULL UNIQUE CHECK (name <> ''),
    secret_hash text NOT NULL,
    permission  text NOT NULL CHECK (permission IN ('admin', 'coordinator', 'auditor', 'integration')),
    active      boolean NOT NULL DEFAULT true,
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE account_districts (
    account_id  uuid NOT NULL REFERENCES accounts ON DELETE CASCADE,
    district_id uuid NOT NULL REFERENCES districts ON DELETE CASCADE,
    PRIMARY KEY (account_id, district_id)
);

CREATE TABLE tokens (
    id          uuid PRIMARY KEY,
    hash        bytea NOT NULL UNIQUE,             -- SHA-256 of the 256-bit token
    purpose     text NOT NULL CHECK (purpose IN ('session', 'program', 'link')),
    account_id  uuid REFERENCES accounts ON DELETE CASCADE,
    member_id   uuid REFERENCES members ON DELETE CASCADE,
    label       text NOT NULL DEFAULT '',
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    revoked_at  timestamptz,
    used_at     timestamptz,                       -- of a one-time link: when it was redeemed
    CHECK ((account_id IS NULL) <> (member_id IS NULL)),
    CHECK (purpose <> 'link' OR member_id IS NOT NULL),
    CHECK (purpose <> 'program' OR account_id IS NOT NULL)
);
CREATE INDEX tokens_of_account ON tokens (account_id);
CREATE INDEX tokens_of_member ON tokens (member_id);

-- Failed log-ins, counted per account first (phones share addresses) and per address, in Postgres so that every replica counts alike.
CREATE TABLE login_failures (
    subject     text PRIMARY KEY,                  -- "account:…" or "address:…", hashed
    failures    integer NOT NULL,
    window_ends timestamptz NOT NULL
);

CREATE TABLE idempotency_keys (
    scope       text NOT NULL,                     -- who and which route
    key         text NOT NULL,
    body_hash   bytea NOT NULL,
    status      integer NOT NULL,
    headers     jsonb NOT NULL DEFAULT '{}',
    body        bytea NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

CREATE TABLE audit (
    id          uuid PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT now(),
    district_id uuid,
    account_id  uuid,
    member_id   uuid,
    action      text NOT NULL,                     -- "GET /v1/tasks/{id}"
    target      text NOT NULL DEFAULT '',          -- ids only
    request_id  text NOT NULL DEFAULT ''
);
CREATE INDEX audit_listed ON audit (district_id, id);
