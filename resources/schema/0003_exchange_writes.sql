ALTER TABLE connector ADD COLUMN ews_url $TEXT NOT NULL DEFAULT '';
ALTER TABLE connector ADD COLUMN client_access_servers $TEXT NOT NULL DEFAULT '[]';
ALTER TABLE connector ADD COLUMN discover_servers BIGINT NOT NULL DEFAULT 1;
ALTER TABLE connector ADD COLUMN settings $TEXT NOT NULL DEFAULT '';
-- A removed connector keeps its row, and with it its history, until it is purged (CON-48).
ALTER TABLE connector ADD COLUMN removed_at BIGINT;

ALTER TABLE request ADD COLUMN parameters $TEXT NOT NULL DEFAULT '';

-- The run stopped at a guard, and a person may confirm it (SYN-06).
ALTER TABLE job ADD COLUMN needs_confirmation BIGINT NOT NULL DEFAULT 0;
CREATE INDEX job_connector ON job (connector_id, kind, id);

-- What policies contain, as it was last read (SYN-02).
CREATE TABLE mailbox_policy_settings (
    connector_id BIGINT NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    identity $TEXT NOT NULL,
    settings $TEXT NOT NULL,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (connector_id, identity)
);

-- The write journal: a row before anything is sent. stage: writes of a lower one are over before a higher
-- one begins (SYN-21).
CREATE TABLE exchange_write (
    id $ID,
    connector_id BIGINT NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    mailbox_id BIGINT,
    request_id BIGINT,
    origin $TEXT NOT NULL,
    cause $TEXT NOT NULL,
    kind $TEXT NOT NULL,
    target $TEXT NOT NULL,
    stage BIGINT NOT NULL,
    content $TEXT NOT NULL,
    command $TEXT NOT NULL DEFAULT '',
    state $TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    planned_at BIGINT NOT NULL,
    sent_at BIGINT,
    applied_at BIGINT,
    confirmed_at BIGINT,
    ended_at BIGINT,
    expires_at BIGINT,
    problem $TEXT NOT NULL DEFAULT ''
);
CREATE INDEX exchange_write_connector ON exchange_write (connector_id, id);
CREATE INDEX exchange_write_target ON exchange_write (connector_id, kind, target) WHERE ended_at IS NULL;
CREATE INDEX exchange_write_open ON exchange_write (connector_id, stage, id) WHERE ended_at IS NULL;

-- Which entries of mailboxes' allow and block lists Postern put there (SYN-22). What else is in a list is
-- somebody else's.
CREATE TABLE list_entry (
    mailbox_id BIGINT NOT NULL REFERENCES mailbox (id) ON DELETE CASCADE,
    list $TEXT NOT NULL,
    device_key $TEXT NOT NULL,
    device_id $TEXT NOT NULL,
    connector_id BIGINT NOT NULL,
    origin $TEXT NOT NULL,
    reason $TEXT NOT NULL,
    write_id BIGINT NOT NULL,
    written_at BIGINT NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (mailbox_id, list, device_key)
);
CREATE INDEX list_entry_connector ON list_entry (connector_id, mailbox_id);

-- Device access rules that Postern created; others are never removed.
CREATE TABLE written_rule (
    connector_id BIGINT NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    characteristic $TEXT NOT NULL,
    query_key $TEXT NOT NULL,
    identity $TEXT NOT NULL,
    write_id BIGINT NOT NULL,
    PRIMARY KEY (connector_id, characteristic, query_key)
);

-- The last prerequisite check of a connector (SHL-46).
CREATE TABLE connector_check (
    connector_id BIGINT PRIMARY KEY REFERENCES connector (id) ON DELETE CASCADE,
    checked_at BIGINT NOT NULL,
    lines $TEXT NOT NULL
);

INSERT INTO change_state (table_number) VALUES (11), (12);
