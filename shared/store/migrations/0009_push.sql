-- Waking phones by Web Push (RFC 8030): where a session's phone is reached, what waits to be sent there, the key that push services know us by.

-- One row, made by the first process that needs it, unless the settings name a key.
CREATE TABLE push_keys (
    only_one    boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    private_key bytea NOT NULL CHECK (octet_length(private_key) = 32),   -- P-256; stays on the server
    created_at  timestamptz NOT NULL
);

-- One a session, so that a phone that is logged out, or lost and locked out, is told no more.
CREATE TABLE push_subscriptions (
    token_id    uuid PRIMARY KEY REFERENCES tokens ON DELETE CASCADE,
    endpoint    text NOT NULL UNIQUE,              -- who knows it can send there: it never goes into a log
    host        text NOT NULL,                     -- its host, and port where it has one
    p256dh      bytea NOT NULL CHECK (octet_length(p256dh) = 65),
    auth        bytea NOT NULL CHECK (octet_length(auth) = 16),
    created_at  timestamptz NOT NULL,
    failed_at   timestamptz,                       -- when sending there last failed
    failure     text                               -- and why: a code
);

-- The outbox: at most one message a phone. It says no more than that there is something, so what comes meanwhile needs no second one.
CREATE TABLE push_messages (
    token_id    uuid PRIMARY KEY REFERENCES push_subscriptions ON DELETE CASCADE,
    at          timestamptz NOT NULL,              -- of the newest thing it tells
    expires_at  timestamptz NOT NULL,
    attempts    integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    next_try_at timestamptz,                       -- NULL: nothing waits
    sent_at     timestamptz                        -- when the last one went out
);
CREATE INDEX push_messages_due ON push_messages (next_try_at) WHERE next_try_at IS NOT NULL;

-- Whoever revokes a token, a process of the release before too, ends its subscription.
CREATE FUNCTION end_subscription_of_token() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM push_subscriptions WHERE token_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER tokens_end_subscription AFTER UPDATE OF revoked_at ON tokens
    FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL)
    EXECUTE FUNCTION end_subscription_of_token();
