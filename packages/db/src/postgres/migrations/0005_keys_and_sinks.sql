CREATE TABLE "api_keys" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"secret_hash" text COLLATE "C" NOT NULL,
	"hint" text COLLATE "C" NOT NULL,
	"actions" jsonb NOT NULL,
	"connection_ids" jsonb,
	"allowed_addresses" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_keys_secret" UNIQUE("secret_hash")
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"used" integer NOT NULL,
	"window_ends_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sink_deliveries" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"sink_id" text COLLATE "C" NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"duration_ms" integer NOT NULL,
	"token_issued_at" timestamp (3) with time zone,
	"http_status" integer,
	"error_code" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "sinks" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"connection_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"target" text COLLATE "C" NOT NULL,
	"sealed_settings" text COLLATE "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"generation" integer NOT NULL,
	"next_delivery_at" timestamp (3) with time zone,
	"lease_owner" text COLLATE "C",
	"lease_until" timestamp (3) with time zone,
	"failed_attempts" integer NOT NULL,
	"last_error_code" text COLLATE "C",
	"delivered_at" timestamp (3) with time zone,
	"delivered_token_issued_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sink_deliveries" ADD CONSTRAINT "sink_deliveries_sink_id_sinks_id_fk" FOREIGN KEY ("sink_id") REFERENCES "public"."sinks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sinks" ADD CONSTRAINT "sinks_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_user" ON "api_keys" USING btree ("user_id","created_at","id");--> statement-breakpoint
CREATE INDEX "rate_limits_end" ON "rate_limits" USING btree ("window_ends_at");--> statement-breakpoint
CREATE INDEX "sink_deliveries_sink" ON "sink_deliveries" USING btree ("sink_id","started_at","id");--> statement-breakpoint
CREATE INDEX "sink_deliveries_age" ON "sink_deliveries" USING btree ("started_at");--> statement-breakpoint
CREATE INDEX "sinks_connection" ON "sinks" USING btree ("connection_id","created_at","id");--> statement-breakpoint
CREATE INDEX "sinks_waiting" ON "sinks" USING btree ("next_delivery_at") WHERE next_delivery_at is not null;