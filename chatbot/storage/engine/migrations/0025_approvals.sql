-- An approver may say no, with a reason, and is reminded once before the scheduled time.
ALTER TABLE approvals ADD COLUMN declined_by BIGINT;
ALTER TABLE approvals ADD COLUMN declined_at TEXT;
ALTER TABLE approvals ADD COLUMN reason TEXT;
ALTER TABLE approvals ADD COLUMN reminded_at TEXT;

-- What each member did last with a started broadcast. All of them get its report.
CREATE TABLE steerings (
    broadcast_id BIGINT NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
    member_id BIGINT NOT NULL,
    act TEXT NOT NULL,
    acted_at TEXT NOT NULL,
    PRIMARY KEY (broadcast_id, member_id)
);

-- Messages in members' chats that change with a broadcast: its progress, and requests to approve a revision of it.
CREATE TABLE followed_messages (
    broadcast_id BIGINT NOT NULL REFERENCES broadcasts (id) ON DELETE CASCADE,
    member_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    shows TEXT NOT NULL CHECK (shows IN ('progress', 'approval')),
    revision BIGINT NOT NULL,
    PRIMARY KEY (broadcast_id, member_id, message_id)
);
