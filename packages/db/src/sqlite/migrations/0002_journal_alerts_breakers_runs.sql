CREATE TABLE `alert_deliveries` (
	`id` text PRIMARY KEY NOT NULL,
	`alert_id` text NOT NULL,
	`started_at` integer NOT NULL,
	`duration_ms` integer NOT NULL,
	`http_status` integer,
	`error_code` text,
	FOREIGN KEY (`alert_id`) REFERENCES `alerts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `alert_deliveries_alert` ON `alert_deliveries` (`alert_id`,`started_at`,`id`);--> statement-breakpoint
CREATE TABLE `alerts` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`user_id` text,
	`connection_id` text,
	`flavour` text NOT NULL,
	`app_id` text NOT NULL,
	`error_code` text,
	`days_left` integer,
	`token_expires_at` integer,
	`created_at` integer NOT NULL,
	`delivery_state` text NOT NULL,
	`delivery_attempts` integer NOT NULL,
	`next_delivery_at` integer,
	`delivered_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `alerts_user` ON `alerts` (`user_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `alerts_connection` ON `alerts` (`connection_id`);--> statement-breakpoint
CREATE INDEX `alerts_age` ON `alerts` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `alerts_waiting` ON `alerts` (`next_delivery_at`) WHERE next_delivery_at is not null;--> statement-breakpoint
CREATE TABLE `app_breakers` (
	`flavour` text NOT NULL,
	`app_id` text NOT NULL,
	`error_code` text NOT NULL,
	`opened_at` integer NOT NULL,
	`probes` integer NOT NULL,
	`next_probe_at` integer NOT NULL,
	`incident_id` text,
	PRIMARY KEY(`flavour`, `app_id`)
);
--> statement-breakpoint
CREATE TABLE `runs` (
	`id` text PRIMARY KEY NOT NULL,
	`process_id` text NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer,
	`counts` text,
	`error_code` text
);
--> statement-breakpoint
CREATE INDEX `runs_age` ON `runs` (`started_at`);--> statement-breakpoint
DROP INDEX `connections_due`;--> statement-breakpoint
ALTER TABLE `connections` ADD `previous_sealed_token` text;--> statement-breakpoint
ALTER TABLE `connections` ADD `previous_token_issued_at` integer;--> statement-breakpoint
ALTER TABLE `connections` ADD `previous_token_expires_at` integer;--> statement-breakpoint
ALTER TABLE `connections` ADD `attempt_sent_at` integer;--> statement-breakpoint
ALTER TABLE `connections` ADD `failing_since_at` integer;--> statement-breakpoint
ALTER TABLE `connections` ADD `incident_id` text;--> statement-breakpoint
ALTER TABLE `connections` ADD `warned_days` integer;--> statement-breakpoint
CREATE INDEX `connections_expiry` ON `connections` (`token_expires_at`,`failed_attempts`) WHERE status = 'active';--> statement-breakpoint
CREATE INDEX `connections_due` ON `connections` (`next_refresh_at`,`lease_until`,`app_id`,`flavour`,`status`,`id`) WHERE status <> 'disconnected';--> statement-breakpoint
ALTER TABLE `processes` ADD `swept_at` integer;--> statement-breakpoint
ALTER TABLE `sign_in_attempts` ADD `expected_account_id` text;