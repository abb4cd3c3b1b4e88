ALTER TABLE `refresh_attempts` ADD `transcript` text;--> statement-breakpoint
ALTER TABLE `sign_in_attempts` ADD `transcript` text;