CREATE TABLE request (
    id $ID,
    kind $TEXT NOT NULL,
    connector_id BIGINT REFERENCES connector (id) ON DELETE CASCADE,
    job_id BIGINT,
    requested_by $TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    state $TEXT NOT NULL,
    taken_by $TEXT,
    taken_at BIGINT,
    result $TEXT NOT NULL DEFAULT ''
);
CREATE INDEX request_state ON request (state, id);

CREATE TABLE job (
    id $ID,
    request_id BIGINT,
    kind $TEXT NOT NULL,
    connector_id BIGINT REFERENCES connector (id) ON DELETE CASCADE,
    owner $TEXT NOT NULL,
    state $TEXT NOT NULL,
    step $TEXT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    devices_read BIGINT NOT NULL,
    added BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    removed BIGINT NOT NULL,
    not_read BIGINT NOT NULL,
    result $TEXT NOT NULL
);
CREATE INDEX job_open ON job (id) WHERE ended_at IS NULL;
CREATE INDEX job_ended ON job (ended_at, id) WHERE ended_at IS NOT NULL;

CREATE TABLE lease (
    connector_id BIGINT PRIMARY KEY REFERENCES connector (id) ON DELETE CASCADE,
    owner $TEXT NOT NULL,
    acquired_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    generation BIGINT NOT NULL
);

CREATE TABLE sync_run (
    id $ID,
    connector_id BIGINT NOT NULL UNIQUE REFERENCES connector (id) ON DELETE CASCADE,
    job_id BIGINT,
    kind $TEXT NOT NULL,
    step $TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    mailboxes_complete BIGINT NOT NULL,
    partnerships_complete BIGINT NOT NULL
);

-- What a run has seen or done, a chunk of ids for each committed page, so that it survives a crash.
CREATE TABLE sync_run_ids (
    id $ID,
    run_id BIGINT NOT NULL REFERENCES sync_run (id) ON DELETE CASCADE,
    kind BIGINT NOT NULL,
    ids $BYTES NOT NULL
);
CREATE INDEX sync_run_ids_run ON sync_run_ids (run_id, kind, id);

CREATE TABLE status_message (
    id $ID,
    time BIGINT NOT NULL,
    severity $TEXT NOT NULL,
    component $TEXT NOT NULL,
    message_id BIGINT NOT NULL,
    site_code $TEXT NOT NULL,
    machine $TEXT NOT NULL,
    arguments $TEXT NOT NULL,
    text $TEXT NOT NULL,
    connector_id BIGINT
);
CREATE INDEX status_message_time ON status_message (time);

CREATE TABLE setting (
    key $TEXT PRIMARY KEY,
    value $TEXT NOT NULL
);
