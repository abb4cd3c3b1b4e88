ALTER TABLE `key_checks` ADD `retired_at` integer;--> statement-breakpoint
ALTER TABLE `processes` ADD `key_ids` text;