CREATE TABLE tenant (
    id $ID,
    name $TEXT NOT NULL,
    name_key $TEXT NOT NULL UNIQUE,
    cloud $TEXT NOT NULL,
    tenant_id $TEXT NOT NULL,
    tenant_key $TEXT NOT NULL UNIQUE,
    client_id $TEXT NOT NULL,
    authority $TEXT NOT NULL,
    graph_url $TEXT NOT NULL,
    ca_file $TEXT NOT NULL,
    sign_in $TEXT NOT NULL,
    site_code $TEXT NOT NULL,
    full_schedule $TEXT NOT NULL,
    poll_seconds BIGINT NOT NULL,
    enabled BIGINT NOT NULL,
    lock_revision BIGINT NOT NULL,
    state $TEXT NOT NULL,
    state_detail $TEXT NOT NULL DEFAULT '',
    organization_name $TEXT NOT NULL DEFAULT '',
    account $TEXT NOT NULL DEFAULT '',
    permissions $TEXT NOT NULL DEFAULT '[]',
    permissions_at BIGINT,
    credential_expires BIGINT,
    last_sync_start BIGINT,
    last_sync_end BIGINT,
    last_poll BIGINT,
    last_sync_result $TEXT NOT NULL DEFAULT '',
    device_count BIGINT NOT NULL DEFAULT 0,
    user_count BIGINT NOT NULL DEFAULT 0,
    group_count BIGINT NOT NULL DEFAULT 0,
    matched_count BIGINT NOT NULL DEFAULT 0,
    suggestion_count BIGINT NOT NULL DEFAULT 0,
    -- The start of the last complete reading of devices: an unchanged row is as of then (SYN-18).
    devices_as_of BIGINT,
    -- Somebody asked for a synchronisation: due while it is later than last_sync_start.
    sync_requested_at BIGINT,
    -- SYN-24: one service at a time works for a tenant.
    lease_owner $TEXT NOT NULL DEFAULT '',
    lease_expires_at BIGINT
);

-- Where the next delta of a list begins; written in the same transaction as what the last one brought.
CREATE TABLE tenant_delta (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    list $TEXT NOT NULL,
    link $TEXT NOT NULL,
    PRIMARY KEY (tenant_id, list)
);

CREATE TABLE managed_device (
    id $KEY,
    tenant_id BIGINT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    object_id $TEXT NOT NULL,
    content_hash BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    as_of BIGINT NOT NULL,
    gone_since BIGINT,
    device_name $TEXT NOT NULL,
    managed_device_name $TEXT NOT NULL,
    operating_system $TEXT NOT NULL,
    os_version $TEXT NOT NULL,
    model $TEXT NOT NULL,
    manufacturer $TEXT NOT NULL,
    serial_number $TEXT NOT NULL,
    imei $TEXT NOT NULL,
    meid $TEXT NOT NULL,
    udid $TEXT NOT NULL,
    phone_number $TEXT NOT NULL,
    subscriber_carrier $TEXT NOT NULL,
    wifi_mac_address $TEXT NOT NULL,
    security_patch_level $TEXT NOT NULL,
    device_category $TEXT NOT NULL,
    user_object_id $TEXT NOT NULL,
    user_principal_name $TEXT NOT NULL,
    user_display_name $TEXT NOT NULL,
    email_address $TEXT NOT NULL,
    directory_device_id $TEXT NOT NULL,
    directory_registered BIGINT,
    eas_device_id $TEXT NOT NULL,
    eas_activated BIGINT NOT NULL,
    eas_activated_at BIGINT,
    owner_type $TEXT NOT NULL,
    compliance_state $TEXT NOT NULL,
    management_state $TEXT NOT NULL,
    management_agent $TEXT NOT NULL,
    registration_state $TEXT NOT NULL,
    enrollment_type $TEXT NOT NULL,
    threat_state $TEXT NOT NULL,
    exchange_access_state $TEXT NOT NULL,
    exchange_access_reason $TEXT NOT NULL,
    jail_broken $TEXT NOT NULL,
    is_encrypted BIGINT NOT NULL,
    is_supervised BIGINT NOT NULL,
    enrolled_at BIGINT,
    last_sync_at BIGINT,
    exchange_last_sync_at BIGINT,
    grace_expires_at BIGINT,
    certificate_expires_at BIGINT,
    UNIQUE (tenant_id, object_id)
);
CREATE INDEX managed_device_revision ON managed_device (revision);
CREATE INDEX managed_device_user ON managed_device (tenant_id, user_object_id);

CREATE TABLE directory_user (
    id $KEY,
    tenant_id BIGINT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    object_id $TEXT NOT NULL,
    content_hash BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    as_of BIGINT NOT NULL,
    gone_since BIGINT,
    user_principal_name $TEXT NOT NULL,
    display_name $TEXT NOT NULL,
    mail $TEXT NOT NULL,
    proxy_addresses $TEXT NOT NULL,
    mail_nickname $TEXT NOT NULL,
    department $TEXT NOT NULL,
    job_title $TEXT NOT NULL,
    office_location $TEXT NOT NULL,
    user_type $TEXT NOT NULL,
    account_enabled BIGINT NOT NULL,
    immutable_id $TEXT NOT NULL,
    security_id $TEXT NOT NULL,
    sam_account_name $TEXT NOT NULL,
    domain_name $TEXT NOT NULL,
    distinguished_name $TEXT NOT NULL,
    on_premises_upn $TEXT NOT NULL,
    synchronised BIGINT,
    sku_ids $TEXT NOT NULL,
    intune_licensed BIGINT NOT NULL,
    exchange_online_licensed BIGINT NOT NULL,
    UNIQUE (tenant_id, object_id)
);
CREATE INDEX directory_user_revision ON directory_user (revision);

CREATE TABLE directory_group (
    id $KEY,
    tenant_id BIGINT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    object_id $TEXT NOT NULL,
    content_hash BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    as_of BIGINT NOT NULL,
    gone_since BIGINT,
    display_name $TEXT NOT NULL,
    description $TEXT NOT NULL,
    mail $TEXT NOT NULL,
    group_types $TEXT NOT NULL,
    membership_rule $TEXT NOT NULL,
    security_enabled BIGINT NOT NULL,
    mail_enabled BIGINT NOT NULL,
    security_id $TEXT NOT NULL,
    synchronised BIGINT,
    UNIQUE (tenant_id, object_id)
);

-- Everybody in a group, also through groups in it.
CREATE TABLE group_member (
    group_id BIGINT NOT NULL REFERENCES directory_group (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES directory_user (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, user_id)
);
CREATE INDEX group_member_user ON group_member (user_id);

CREATE TABLE subscription (
    tenant_id BIGINT NOT NULL REFERENCES tenant (id) ON DELETE CASCADE,
    sku_id $TEXT NOT NULL,
    part_number $TEXT NOT NULL,
    capability_status $TEXT NOT NULL,
    enabled_units BIGINT NOT NULL,
    consumed_units BIGINT NOT NULL,
    includes_intune BIGINT NOT NULL,
    includes_exchange_online BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, sku_id)
);

-- Whose mailbox it is (SYN-09), as the last matching found.
CREATE TABLE mailbox_person (
    mailbox_id BIGINT PRIMARY KEY REFERENCES mailbox (id) ON DELETE CASCADE,
    user_id BIGINT NOT NULL REFERENCES directory_user (id) ON DELETE CASCADE,
    evidence BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX mailbox_person_user ON mailbox_person (user_id);
CREATE INDEX mailbox_person_revision ON mailbox_person (revision);

-- Which managed device a partnership belongs to (SYN-11). device_id null: none, but probably_reset is said.
CREATE TABLE partnership_match (
    partnership_id BIGINT PRIMARY KEY REFERENCES partnership (id) ON DELETE CASCADE,
    device_id BIGINT REFERENCES managed_device (id) ON DELETE CASCADE,
    kind BIGINT NOT NULL,
    probably_reset BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE INDEX partnership_match_device ON partnership_match (device_id);
CREATE INDEX partnership_match_revision ON partnership_match (revision);

CREATE TABLE match_candidate (
    partnership_id BIGINT NOT NULL REFERENCES partnership (id) ON DELETE CASCADE,
    device_id BIGINT NOT NULL REFERENCES managed_device (id) ON DELETE CASCADE,
    kind BIGINT NOT NULL,
    PRIMARY KEY (partnership_id, device_id)
);
CREATE INDEX match_candidate_device ON match_candidate (device_id);

-- What an operator said of a suggestion.
CREATE TABLE match_answer (
    partnership_id BIGINT NOT NULL REFERENCES partnership (id) ON DELETE CASCADE,
    device_id BIGINT NOT NULL REFERENCES managed_device (id) ON DELETE CASCADE,
    accepted BIGINT NOT NULL,
    answered_by $TEXT NOT NULL,
    answered_at BIGINT NOT NULL,
    PRIMARY KEY (partnership_id, device_id)
);

-- What people asked Intune to do with a phone: a row before anything is sent (ACT-03, 04, 12).
CREATE TABLE device_action (
    id $ID,
    device_id BIGINT NOT NULL REFERENCES managed_device (id) ON DELETE CASCADE,
    kind $TEXT NOT NULL,
    requested_by $TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    state $TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    problem $TEXT NOT NULL DEFAULT '',
    ended_at BIGINT,
    revision BIGINT NOT NULL
);
CREATE INDEX device_action_device ON device_action (device_id, id);
CREATE INDEX device_action_open ON device_action (id) WHERE ended_at IS NULL;
CREATE INDEX device_action_revision ON device_action (revision);

INSERT INTO change_state (table_number) VALUES (13), (14), (15), (16), (17), (18);
