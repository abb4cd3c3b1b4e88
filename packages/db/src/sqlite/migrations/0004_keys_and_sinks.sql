CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`name` text NOT NULL,
	`secret_hash` text NOT NULL,
	`hint` text NOT NULL,
	`actions` text NOT NULL,
	`connection_ids` text,
	`allowed_addresses` text,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`last_used_at` integer,
	`revoked_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_secret` ON `api_keys` (`secret_hash`);--> statement-breakpoint
CREATE INDEX `api_keys_user` ON `api_keys` (`user_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `rate_limits` (
	`name` text PRIMARY KEY NOT NULL,
	`used` integer NOT NULL,
	`window_ends_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `rate_limits_end` ON `rate_limits` (`window_ends_at`);--> statement-breakpoint
CREATE TABLE `sink_deliveries` (
	`id` text PRIMARY KEY NOT NULL,
	`sink_id` text NOT NULL,
	`started_at` integer NOT NULL,
	`duration_ms` integer NOT NULL,
	`token_issued_at` integer,
	`http_status` integer,
	`error_code` text,
	FOREIGN KEY (`sink_id`) REFERENCES `sinks`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sink_deliveries_sink` ON `sink_deliveries` (`sink_id`,`started_at`,`id`);--> statement-breakpoint
CREATE INDEX `sink_deliveries_age` ON `sink_deliveries` (`started_at`);--> statement-breakpoint
CREATE TABLE `sinks` (
	`id` text PRIMARY KEY NOT NULL,
	`connection_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`target` text NOT NULL,
	`sealed_settings` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`generation` integer NOT NULL,
	`next_delivery_at` integer,
	`lease_owner` text,
	`lease_until` integer,
	`failed_attempts` integer NOT NULL,
	`last_error_code` text,
	`delivered_at` integer,
	`delivered_token_issued_at` integer,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sinks_connection` ON `sinks` (`connection_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `sinks_waiting` ON `sinks` (`next_delivery_at`) WHERE next_delivery_at is not null;