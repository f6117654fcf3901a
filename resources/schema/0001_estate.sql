CREATE TABLE schema_version (
    version BIGINT PRIMARY KEY,
    applied_at BIGINT NOT NULL
);

CREATE TABLE site (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    site_code $TEXT,
    created_at BIGINT,
    revision BIGINT NOT NULL,
    hash_seed BIGINT NOT NULL
);
INSERT INTO site (id, revision, hash_seed) VALUES (1, 0, 0);

-- One row a table, by number. last_id: ids that are handed out in blocks, never twice.
CREATE TABLE change_state (
    table_number BIGINT PRIMARY KEY,
    revision BIGINT NOT NULL DEFAULT 0,
    forgotten_before BIGINT NOT NULL DEFAULT 0,
    last_id BIGINT NOT NULL DEFAULT 0
);
INSERT INTO change_state (table_number) VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10);

CREATE TABLE connector (
    id $ID,
    name $TEXT NOT NULL,
    name_key $TEXT NOT NULL UNIQUE,
    kind $TEXT NOT NULL,
    server_address $TEXT NOT NULL,
    authentication $TEXT NOT NULL,
    user_name $TEXT NOT NULL,
    ca_file $TEXT NOT NULL,
    notification_account $TEXT NOT NULL,
    site_code $TEXT NOT NULL,
    full_schedule $TEXT NOT NULL,
    delta_minutes BIGINT NOT NULL,
    max_inactive_days BIGINT NOT NULL,
    parallel_sessions BIGINT NOT NULL,
    ad_containers $TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    lock_revision BIGINT NOT NULL,
    state $TEXT NOT NULL,
    state_detail $TEXT NOT NULL DEFAULT '',
    organization_id $TEXT,
    organization_name $TEXT NOT NULL DEFAULT '',
    exchange_version $TEXT NOT NULL DEFAULT '',
    device_count BIGINT NOT NULL DEFAULT 0,
    mailbox_count BIGINT NOT NULL DEFAULT 0,
    last_full_start BIGINT,
    last_full_end BIGINT,
    last_full_result $TEXT NOT NULL DEFAULT '',
    last_delta_start BIGINT,
    last_delta_end BIGINT,
    last_delta_result $TEXT NOT NULL DEFAULT '',
    watermark BIGINT
);
CREATE UNIQUE INDEX connector_organization ON connector (organization_id) WHERE organization_id IS NOT NULL;

CREATE TABLE organization_setting (
    connector_id BIGINT PRIMARY KEY REFERENCES connector (id) ON DELETE CASCADE,
    default_access_level $TEXT NOT NULL,
    user_mail_insert $TEXT NOT NULL,
    admin_mail_recipients $TEXT NOT NULL
);

CREATE TABLE access_rule (
    connector_id BIGINT NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    name $TEXT NOT NULL,
    characteristic $TEXT NOT NULL,
    query $TEXT NOT NULL,
    level $TEXT NOT NULL,
    identity $TEXT NOT NULL,
    PRIMARY KEY (connector_id, position)
);

CREATE TABLE mailbox_policy (
    connector_id BIGINT NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    name $TEXT NOT NULL,
    identity $TEXT NOT NULL,
    is_default BIGINT NOT NULL,
    allow_non_provisionable BIGINT NOT NULL,
    password_enabled BIGINT NOT NULL,
    PRIMARY KEY (connector_id, position)
);

CREATE TABLE mailbox (
    id $KEY,
    connector_id BIGINT NOT NULL REFERENCES connector (id) ON DELETE CASCADE,
    guid $TEXT NOT NULL,
    content_hash BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    gone_since BIGINT,
    identity $TEXT NOT NULL,
    upn $TEXT NOT NULL,
    sam_account_name $TEXT NOT NULL,
    domain $TEXT NOT NULL,
    display_name $TEXT NOT NULL,
    primary_smtp $TEXT NOT NULL,
    proxy_addresses $TEXT NOT NULL,
    organizational_unit $TEXT NOT NULL,
    department $TEXT NOT NULL,
    server_name $TEXT NOT NULL,
    eas_mailbox_policy $TEXT NOT NULL,
    eas_enabled BIGINT NOT NULL,
    allowed_ids $TEXT NOT NULL,
    blocked_ids $TEXT NOT NULL,
    UNIQUE (connector_id, guid)
);
CREATE INDEX mailbox_revision ON mailbox (revision);

CREATE TABLE partnership (
    id $KEY,
    connector_id BIGINT NOT NULL,
    mailbox_id BIGINT NOT NULL REFERENCES mailbox (id) ON DELETE CASCADE,
    eas_key $TEXT NOT NULL,
    key_hash BIGINT NOT NULL,
    content_hash BIGINT NOT NULL,
    statistics_hash BIGINT NOT NULL DEFAULT 0,
    revision BIGINT NOT NULL,
    gone_since BIGINT,
    stale BIGINT NOT NULL DEFAULT 0,
    as_of BIGINT,
    eas_device_id $TEXT NOT NULL,
    device_identity $TEXT NOT NULL,
    guid $TEXT NOT NULL,
    device_type $TEXT NOT NULL,
    device_model $TEXT NOT NULL,
    friendly_name $TEXT NOT NULL,
    device_os $TEXT NOT NULL,
    user_agent $TEXT NOT NULL,
    client_type BIGINT NOT NULL,
    client_type_text $TEXT NOT NULL,
    client_version $TEXT NOT NULL,
    imei $TEXT NOT NULL,
    phone_number $TEXT NOT NULL,
    mobile_operator $TEXT NOT NULL,
    first_sync BIGINT,
    access_state BIGINT NOT NULL,
    access_reason BIGINT NOT NULL,
    access_reason_text $TEXT NOT NULL,
    access_control_rule $TEXT NOT NULL,
    when_changed BIGINT,
    last_policy_update BIGINT,
    last_sync_attempt BIGINT,
    last_success_sync BIGINT,
    policy_applied $TEXT NOT NULL DEFAULT '',
    policy_status $TEXT NOT NULL DEFAULT '',
    wipe_status BIGINT NOT NULL DEFAULT 0,
    wipe_requested_by $TEXT NOT NULL DEFAULT '',
    remote_wipe_supported BIGINT NOT NULL DEFAULT 0,
    status_note $TEXT NOT NULL DEFAULT '',
    folders_synced BIGINT NOT NULL DEFAULT 0,
    UNIQUE (mailbox_id, eas_key)
);
-- Covers what a sync loads to tell unchanged rows: read in one pass, appended to in order.
CREATE INDEX partnership_digest ON partnership (connector_id, id, key_hash, content_hash);
CREATE INDEX partnership_revision ON partnership (revision);
CREATE INDEX partnership_gone ON partnership (gone_since) WHERE gone_since IS NOT NULL;

CREATE TABLE access_history (
    id $ID,
    partnership_id BIGINT NOT NULL REFERENCES partnership (id) ON DELETE CASCADE,
    changed_at BIGINT NOT NULL,
    from_state BIGINT NOT NULL,
    from_reason BIGINT NOT NULL,
    to_state BIGINT NOT NULL,
    to_reason BIGINT NOT NULL,
    to_reason_text $TEXT NOT NULL
);
CREATE INDEX access_history_partnership ON access_history (partnership_id, id);
