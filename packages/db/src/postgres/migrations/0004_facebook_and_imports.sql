ALTER TABLE "connections" ADD COLUMN "has_no_expiry" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "data_access_expires_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "requested_scopes" jsonb;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "page_id" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "page_name" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "proved_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "sign_in_attempts" ADD COLUMN "requested_scopes" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "sign_in_attempts" ADD COLUMN "sealed_choice" text COLLATE "C";