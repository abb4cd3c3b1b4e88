ALTER TABLE `connections` ADD `has_no_expiry` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `connections` ADD `data_access_expires_at` integer;--> statement-breakpoint
ALTER TABLE `connections` ADD `requested_scopes` text;--> statement-breakpoint
ALTER TABLE `connections` ADD `page_id` text;--> statement-breakpoint
ALTER TABLE `connections` ADD `page_name` text;--> statement-breakpoint
ALTER TABLE `connections` ADD `proved_at` integer;--> statement-breakpoint
ALTER TABLE `sign_in_attempts` ADD `requested_scopes` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `sign_in_attempts` ADD `sealed_choice` text;