-- +goose Up

-- Statements commit one by one here, so each must do no harm when it comes twice. Keys are bytes: every collation
-- that both MySQL and MariaDB have holds 'a' and 'a ' to be equal.

-- One row: what this ledger is called. Two ledgers of one Kafka never share a consumer group.
CREATE TABLE IF NOT EXISTS ledger (
  singleton SMALLINT NOT NULL PRIMARY KEY, -- 1
  id        VARBINARY(64) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- How far the ledger has come in each source, and whose turn it is to write.
CREATE TABLE IF NOT EXISTS projection_offset (
  topic        VARBINARY(255) NOT NULL,
  partition_id INT NOT NULL,
  epoch        BIGINT NOT NULL,
  next_offset  BIGINT NOT NULL, -- -1: nothing written yet
  words        BIGINT NOT NULL, -- how often its retractions changed
  repeats      BIGINT NOT NULL,
  conflicts    BIGINT NOT NULL,
  below_floor  BIGINT NOT NULL,
  purged       BIGINT NOT NULL,
  refused      BIGINT NOT NULL,
  PRIMARY KEY (topic, partition_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The key grows with time, so rows are appended. A random one would move them about.
CREATE TABLE IF NOT EXISTS ttp_tag (
  id               BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  uuid             BINARY(16) NOT NULL,
  finding          BINARY(16) NOT NULL, -- the same for all versions of a rule that say the same of the same event
  state            SMALLINT NOT NULL, -- 0 current, 1 superseded, 2 retracted
  source_kind      VARBINARY(64) NOT NULL,
  source_id        VARBINARY(4096) NOT NULL,
  attacker_uuid    BINARY(16),
  identity_uuid    BINARY(16),
  session_id       VARBINARY(512) NOT NULL,
  sensor           VARBINARY(512) NOT NULL,
  tactic           VARBINARY(16) NOT NULL,
  technique_id     VARBINARY(16) NOT NULL,
  sub_technique_id VARBINARY(16) NOT NULL, -- empty for none
  confidence       SMALLINT NOT NULL, -- hundredths
  rule_id          VARBINARY(512) NOT NULL,
  rule_version     BIGINT NOT NULL,
  rule_hash        VARBINARY(4096) NOT NULL,
  attack_release   VARBINARY(4096) NOT NULL,
  evidence         LONGTEXT NOT NULL, -- JSON as it came: the JSON type would spell it anew
  created_at       BIGINT NOT NULL, -- nanoseconds since 1970, UTC
  content          BIGINT NOT NULL, -- 64 bits of the record's hash
  origin           VARBINARY(4096) NOT NULL,
  run_id           VARBINARY(4096) NOT NULL,
  revision         BIGINT NOT NULL, -- -1: not known
  source_topic     VARBINARY(4096) NOT NULL, -- empty: not known
  source_partition INT NOT NULL,
  source_offset    BIGINT NOT NULL,
  tagged_partition INT NOT NULL,
  tagged_offset    BIGINT NOT NULL,
  CONSTRAINT tag_has_anchor CHECK (attacker_uuid IS NOT NULL OR identity_uuid IS NOT NULL),
  CONSTRAINT tag_above_floor CHECK (confidence BETWEEN 30 AND 100),
  CONSTRAINT tag_evidence CHECK (JSON_VALID(evidence)),
  CONSTRAINT tag_state CHECK (state BETWEEN 0 AND 2),
  UNIQUE KEY ttp_tag_uuid (uuid),
  KEY ttp_tag_finding (finding),
  -- Every rollup row is a prefix of one of these: its bounds are looked up, and its tags are read in order.
  KEY ttp_tag_technique (technique_id, sub_technique_id, tactic, confidence, state, created_at),
  KEY ttp_tag_attacker (attacker_uuid, technique_id, sub_technique_id, tactic, confidence, state, created_at),
  KEY ttp_tag_session (session_id, created_at),
  KEY ttp_tag_rule (rule_id, state, created_at),
  KEY ttp_tag_identity (identity_uuid, technique_id, sub_technique_id, tactic, confidence, state, created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The last word on each target, per partition of ttp.tagged.
CREATE TABLE IF NOT EXISTS retraction (
  tagged_partition INT NOT NULL,
  target           VARBINARY(1024) NOT NULL,
  sequence         BIGINT NOT NULL,
  restored         SMALLINT NOT NULL,
  record           LONGTEXT NOT NULL, -- JSON
  PRIMARY KEY (tagged_partition, target)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS rollup_technique (
  tactic           VARBINARY(16) NOT NULL,
  technique_id     VARBINARY(16) NOT NULL,
  sub_technique_id VARBINARY(16) NOT NULL,
  confidence       SMALLINT NOT NULL,
  tags             BIGINT NOT NULL,
  first_seen       BIGINT NOT NULL,
  last_seen        BIGINT NOT NULL,
  PRIMARY KEY (tactic, technique_id, sub_technique_id, confidence)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS rollup_attacker (
  attacker_uuid    BINARY(16) NOT NULL,
  tactic           VARBINARY(16) NOT NULL,
  technique_id     VARBINARY(16) NOT NULL,
  sub_technique_id VARBINARY(16) NOT NULL,
  confidence       SMALLINT NOT NULL,
  tags             BIGINT NOT NULL,
  first_seen       BIGINT NOT NULL,
  last_seen        BIGINT NOT NULL,
  PRIMARY KEY (attacker_uuid, tactic, technique_id, sub_technique_id, confidence)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS rollup_attacker_sensor (
  attacker_uuid    BINARY(16) NOT NULL,
  tactic           VARBINARY(16) NOT NULL,
  technique_id     VARBINARY(16) NOT NULL,
  sub_technique_id VARBINARY(16) NOT NULL,
  confidence       SMALLINT NOT NULL,
  sensor           VARBINARY(512) NOT NULL,
  tags             BIGINT NOT NULL,
  PRIMARY KEY (attacker_uuid, tactic, technique_id, sub_technique_id, confidence, sensor)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS rollup_session (
  session_id       VARBINARY(512) NOT NULL,
  tactic           VARBINARY(16) NOT NULL,
  technique_id     VARBINARY(16) NOT NULL,
  sub_technique_id VARBINARY(16) NOT NULL,
  confidence       SMALLINT NOT NULL,
  tags             BIGINT NOT NULL,
  first_seen       BIGINT NOT NULL,
  last_seen        BIGINT NOT NULL,
  PRIMARY KEY (session_id, tactic, technique_id, sub_technique_id, confidence)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS rollup_day (
  day              VARBINARY(10) NOT NULL,
  tactic           VARBINARY(16) NOT NULL,
  technique_id     VARBINARY(16) NOT NULL,
  sub_technique_id VARBINARY(16) NOT NULL,
  confidence       SMALLINT NOT NULL,
  tags             BIGINT NOT NULL,
  first_seen       BIGINT NOT NULL,
  last_seen        BIGINT NOT NULL,
  PRIMARY KEY (day, tactic, technique_id, sub_technique_id, confidence)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS rollup_day_sensor (
  day              VARBINARY(10) NOT NULL,
  tactic           VARBINARY(16) NOT NULL,
  technique_id     VARBINARY(16) NOT NULL,
  sub_technique_id VARBINARY(16) NOT NULL,
  confidence       SMALLINT NOT NULL,
  sensor           VARBINARY(512) NOT NULL,
  tags             BIGINT NOT NULL,
  PRIMARY KEY (day, tactic, technique_id, sub_technique_id, confidence, sensor)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS rollup_rule (
  rule_id          VARBINARY(512) NOT NULL,
  tactic           VARBINARY(16) NOT NULL,
  technique_id     VARBINARY(16) NOT NULL,
  sub_technique_id VARBINARY(16) NOT NULL,
  confidence       SMALLINT NOT NULL,
  tags             BIGINT NOT NULL,
  first_seen       BIGINT NOT NULL,
  last_seen        BIGINT NOT NULL,
  PRIMARY KEY (rule_id, tactic, technique_id, sub_technique_id, confidence)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS rollup_sensor (
  sensor           VARBINARY(512) NOT NULL,
  tactic           VARBINARY(16) NOT NULL,
  technique_id     VARBINARY(16) NOT NULL,
  sub_technique_id VARBINARY(16) NOT NULL,
  confidence       SMALLINT NOT NULL,
  tags             BIGINT NOT NULL,
  first_seen       BIGINT NOT NULL,
  last_seen        BIGINT NOT NULL,
  PRIMARY KEY (sensor, tactic, technique_id, sub_technique_id, confidence)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Tags that have an identity alone.
CREATE TABLE IF NOT EXISTS rollup_identity (
  identity_uuid    BINARY(16) NOT NULL,
  tactic           VARBINARY(16) NOT NULL,
  technique_id     VARBINARY(16) NOT NULL,
  sub_technique_id VARBINARY(16) NOT NULL,
  confidence       SMALLINT NOT NULL,
  tags             BIGINT NOT NULL,
  first_seen       BIGINT NOT NULL,
  last_seen        BIGINT NOT NULL,
  PRIMARY KEY (identity_uuid, tactic, technique_id, sub_technique_id, confidence)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS rollup_identity_sensor (
  identity_uuid    BINARY(16) NOT NULL,
  tactic           VARBINARY(16) NOT NULL,
  technique_id     VARBINARY(16) NOT NULL,
  sub_technique_id VARBINARY(16) NOT NULL,
  confidence       SMALLINT NOT NULL,
  sensor           VARBINARY(512) NOT NULL,
  tags             BIGINT NOT NULL,
  PRIMARY KEY (identity_uuid, tactic, technique_id, sub_technique_id, confidence, sensor)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- To whom attackers belong: the last word on each. Identities and campaigns are summed up over it.
CREATE TABLE IF NOT EXISTS attacker_link (
  attacker_uuid BINARY(16) NOT NULL PRIMARY KEY,
  identity_uuid BINARY(16) NOT NULL,
  campaign_uuid BINARY(16) NOT NULL, -- zero for none
  KEY attacker_link_identity (identity_uuid),
  KEY attacker_link_campaign (campaign_uuid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One row per attacker, for lists in the order of the last activity.
CREATE TABLE IF NOT EXISTS attacker (
  attacker_uuid BINARY(16) NOT NULL PRIMARY KEY,
  tags          BIGINT NOT NULL,
  first_seen    BIGINT NOT NULL,
  last_seen     BIGINT NOT NULL,
  KEY attacker_last_seen (last_seen, attacker_uuid)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Texts by their hash: a tag's rule_hash leads to exactly what made it.
CREATE TABLE IF NOT EXISTS rule_text (
  hash VARBINARY(1024) NOT NULL PRIMARY KEY,
  body LONGTEXT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS rule_publication (
  revision    BIGINT NOT NULL PRIMARY KEY,
  change_kind VARBINARY(64) NOT NULL, -- rule, list, removal
  unit_key    VARBINARY(1024) NOT NULL,
  version     BIGINT NOT NULL,
  hash        VARBINARY(1024) NOT NULL,
  source      VARBINARY(4096) NOT NULL,
  admitted_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A rule as each publication of its text holds it.
CREATE TABLE IF NOT EXISTS rule_version (
  rule_id  VARBINARY(1024) NOT NULL,
  revision BIGINT NOT NULL,
  unit_key VARBINARY(1024) NOT NULL,
  version  BIGINT NOT NULL,
  hash     VARBINARY(1024) NOT NULL,
  name     VARBINARY(4096) NOT NULL,
  in_force SMALLINT NOT NULL,
  PRIMARY KEY (rule_id, revision),
  KEY rule_version_unit (unit_key, in_force)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Rules that are not simply enabled.
CREATE TABLE IF NOT EXISTS rule_state (
  rule_id      VARBINARY(1024) NOT NULL PRIMARY KEY,
  inbox_offset BIGINT NOT NULL,
  revision     BIGINT NOT NULL,
  record       LONGTEXT NOT NULL -- JSON
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS rule_inbox (
  topic       VARBINARY(1024) NOT NULL PRIMARY KEY,
  last_offset BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- +goose Down
DROP TABLE IF EXISTS rule_inbox;
DROP TABLE IF EXISTS rule_state;
DROP TABLE IF EXISTS rule_version;
DROP TABLE IF EXISTS rule_publication;
DROP TABLE IF EXISTS rule_text;
DROP TABLE IF EXISTS attacker;
DROP TABLE IF EXISTS attacker_link;
DROP TABLE IF EXISTS rollup_identity_sensor;
DROP TABLE IF EXISTS rollup_identity;
DROP TABLE IF EXISTS rollup_sensor;
DROP TABLE IF EXISTS rollup_rule;
DROP TABLE IF EXISTS rollup_day_sensor;
DROP TABLE IF EXISTS rollup_day;
DROP TABLE IF EXISTS rollup_session;
DROP TABLE IF EXISTS rollup_attacker_sensor;
DROP TABLE IF EXISTS rollup_attacker;
DROP TABLE IF EXISTS rollup_technique;
DROP TABLE IF EXISTS retraction;
DROP TABLE IF EXISTS ttp_tag;
DROP TABLE IF EXISTS projection_offset;
DROP TABLE IF EXISTS ledger;
