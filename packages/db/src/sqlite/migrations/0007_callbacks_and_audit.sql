CREATE TABLE `audit_events` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`kind` text NOT NULL,
	`actor` text NOT NULL,
	`user_id` text,
	`subject_id` text,
	`request_id` text,
	`client_network` text,
	`detail` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_events_age` ON `audit_events` (`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_events_user` ON `audit_events` (`user_id`,`at`,`id`);--> statement-breakpoint
CREATE TABLE `erasures` (
	`id` text PRIMARY KEY NOT NULL,
	`erased_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `meta_callbacks` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`flavour` text NOT NULL,
	`provider_user_id` text,
	`issued_at` integer NOT NULL,
	`confirmation_code` text,
	`accepted_at` integer NOT NULL,
	`completed_at` integer,
	`outcome` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `meta_callbacks_code` ON `meta_callbacks` (`confirmation_code`);--> statement-breakpoint
CREATE INDEX `meta_callbacks_age` ON `meta_callbacks` (`accepted_at`);--> statement-breakpoint
CREATE INDEX `meta_callbacks_open` ON `meta_callbacks` (`accepted_at`,`id`) WHERE completed_at is null;--> statement-breakpoint
CREATE TABLE `sink_farewells` (
	`id` text PRIMARY KEY NOT NULL,
	`connection_id` text NOT NULL,
	`sealed_settings` text NOT NULL,
	`erased_at` integer NOT NULL,
	`attempts` integer NOT NULL,
	`next_delivery_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sink_farewells_waiting` ON `sink_farewells` (`next_delivery_at`);--> statement-breakpoint
ALTER TABLE `connections` ADD `authorized_at` integer;--> statement-breakpoint
CREATE INDEX `connections_app_scoped` ON `connections` (`app_scoped_id`,`flavour`);--> statement-breakpoint
CREATE INDEX `identities_app_scoped` ON `identities` (`app_scoped_id`,`flavour`);--> statement-breakpoint
-- What was done is not undone: an event is never changed, and deleted only once it is a year old, whoever asks.
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
BEGIN
  SELECT RAISE(ABORT, 'perennial_append_only');
END;--> statement-breakpoint
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
WHEN OLD.at > CAST(strftime('%s', 'now') AS INTEGER) * 1000 - 31536000000
BEGIN
  SELECT RAISE(ABORT, 'perennial_append_only');
END;--> statement-breakpoint
-- INSERT OR REPLACE would delete without asking the trigger above.
CREATE TRIGGER audit_events_no_replace BEFORE INSERT ON audit_events
WHEN EXISTS (SELECT 1 FROM audit_events WHERE id = NEW.id)
BEGIN
  SELECT RAISE(IGNORE);
END;
