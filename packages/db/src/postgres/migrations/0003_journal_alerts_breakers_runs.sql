CREATE TABLE "alert_deliveries" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"alert_id" text COLLATE "C" NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"duration_ms" integer NOT NULL,
	"http_status" integer,
	"error_code" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "alerts" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C",
	"connection_id" text COLLATE "C",
	"flavour" text COLLATE "C" NOT NULL,
	"app_id" text COLLATE "C" NOT NULL,
	"error_code" text COLLATE "C",
	"days_left" integer,
	"token_expires_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"delivery_state" text COLLATE "C" NOT NULL,
	"delivery_attempts" integer NOT NULL,
	"next_delivery_at" timestamp (3) with time zone,
	"delivered_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "app_breakers" (
	"flavour" text COLLATE "C" NOT NULL,
	"app_id" text COLLATE "C" NOT NULL,
	"error_code" text COLLATE "C" NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"probes" integer NOT NULL,
	"next_probe_at" timestamp (3) with time zone NOT NULL,
	"incident_id" text COLLATE "C",
	CONSTRAINT "app_breakers_flavour_app_id_pk" PRIMARY KEY("flavour","app_id")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"process_id" text COLLATE "C" NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"counts" jsonb,
	"error_code" text COLLATE "C"
);
--> statement-breakpoint
DROP INDEX "connections_due";--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "previous_sealed_token" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "previous_token_issued_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "previous_token_expires_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "attempt_sent_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "failing_since_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "incident_id" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "warned_days" integer;--> statement-breakpoint
ALTER TABLE "processes" ADD COLUMN "swept_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "sign_in_attempts" ADD COLUMN "expected_account_id" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "alert_deliveries" ADD CONSTRAINT "alert_deliveries_alert_id_alerts_id_fk" FOREIGN KEY ("alert_id") REFERENCES "public"."alerts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "alerts" ADD CONSTRAINT "alerts_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "alert_deliveries_alert" ON "alert_deliveries" USING btree ("alert_id","started_at","id");--> statement-breakpoint
CREATE INDEX "alerts_user" ON "alerts" USING btree ("user_id","created_at","id");--> statement-breakpoint
CREATE INDEX "alerts_connection" ON "alerts" USING btree ("connection_id");--> statement-breakpoint
CREATE INDEX "alerts_age" ON "alerts" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "alerts_waiting" ON "alerts" USING btree ("next_delivery_at") WHERE next_delivery_at is not null;--> statement-breakpoint
CREATE INDEX "runs_age" ON "runs" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "connections_expiry" ON "connections" USING btree ("token_expires_at","failed_attempts") WHERE status = 'active';--> statement-breakpoint
CREATE INDEX "connections_due" ON "connections" USING btree ("next_refresh_at") WHERE status <> 'disconnected';