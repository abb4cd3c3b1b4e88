CREATE TABLE `house` (
	`id` text PRIMARY KEY NOT NULL,
	`guard` text NOT NULL,
	`move_id` text,
	`counterpart_id` text,
	`changed_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `processes` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`started_at` integer NOT NULL,
	`seen_at` integer NOT NULL
);
