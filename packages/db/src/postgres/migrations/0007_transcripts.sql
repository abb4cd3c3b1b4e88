ALTER TABLE "refresh_attempts" ADD COLUMN "transcript" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "sign_in_attempts" ADD COLUMN "transcript" text COLLATE "C";