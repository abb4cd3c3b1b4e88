CREATE TABLE `connections` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`account_id` text NOT NULL,
	`app_scoped_id` text NOT NULL,
	`flavour` text NOT NULL,
	`app_id` text NOT NULL,
	`status` text NOT NULL,
	`status_reason` text,
	`username` text NOT NULL,
	`name` text,
	`account_type` text NOT NULL,
	`picture_url` text,
	`followers_count` integer,
	`follows_count` integer,
	`media_count` integer,
	`sealed_token` text,
	`token_issued_at` integer,
	`token_expires_at` integer,
	`is_expiry_estimated` integer NOT NULL,
	`permissions` text,
	`next_refresh_at` integer,
	`renewed_at` integer,
	`failed_attempts` integer NOT NULL,
	`last_error_code` text,
	`last_error_at` integer,
	`version` integer NOT NULL,
	`lease_owner` text,
	`lease_until` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "connections_active_is_sealed" CHECK(status <> 'active' or sealed_token is not null)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `connections_account` ON `connections` (`account_id`);--> statement-breakpoint
CREATE INDEX `connections_user` ON `connections` (`user_id`,`created_at`);--> statement-breakpoint
CREATE INDEX `connections_due` ON `connections` (`next_refresh_at`,`token_expires_at`,`lease_until`,`id`) WHERE status = 'active';--> statement-breakpoint
CREATE TABLE `identities` (
	`flavour` text NOT NULL,
	`provider_user_id` text NOT NULL,
	`app_scoped_id` text NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`provider_user_id`, `flavour`),
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `identities_user` ON `identities` (`user_id`);--> statement-breakpoint
CREATE TABLE `key_checks` (
	`key_id` text PRIMARY KEY NOT NULL,
	`sealed` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `refresh_attempts` (
	`id` text PRIMARY KEY NOT NULL,
	`connection_id` text NOT NULL,
	`kind` text NOT NULL,
	`trigger` text NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer NOT NULL,
	`outcome` text NOT NULL,
	`error_code` text,
	`trace_id` text,
	`token_expires_at` integer,
	FOREIGN KEY (`connection_id`) REFERENCES `connections`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `refresh_attempts_history` ON `refresh_attempts` (`connection_id`,`started_at`,`id`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`id_hash` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`user_agent` text,
	`created_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE INDEX `sessions_expiry` ON `sessions` (`expires_at`);--> statement-breakpoint
CREATE TABLE `sign_in_attempts` (
	`id` text PRIMARY KEY NOT NULL,
	`state_hash` text NOT NULL,
	`browser_hash` text NOT NULL,
	`code_hash` text,
	`flavour` text NOT NULL,
	`redirect_uri` text NOT NULL,
	`return_to` text NOT NULL,
	`link_user_id` text,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`finished_at` integer,
	`user_id` text,
	`connection_id` text,
	`error_code` text,
	`failed_step` text
);
--> statement-breakpoint
CREATE INDEX `sign_in_attempts_age` ON `sign_in_attempts` (`created_at`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`created_at` integer NOT NULL
);
