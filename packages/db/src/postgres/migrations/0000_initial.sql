CREATE TABLE "connections" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"account_id" text COLLATE "C" NOT NULL,
	"app_scoped_id" text COLLATE "C" NOT NULL,
	"flavour" text COLLATE "C" NOT NULL,
	"app_id" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"status_reason" text COLLATE "C",
	"username" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C",
	"account_type" text COLLATE "C" NOT NULL,
	"picture_url" text COLLATE "C",
	"followers_count" bigint,
	"follows_count" bigint,
	"media_count" bigint,
	"sealed_token" text COLLATE "C",
	"token_issued_at" timestamp (3) with time zone,
	"token_expires_at" timestamp (3) with time zone,
	"is_expiry_estimated" boolean NOT NULL,
	"permissions" jsonb,
	"next_refresh_at" timestamp (3) with time zone,
	"renewed_at" timestamp (3) with time zone,
	"failed_attempts" integer NOT NULL,
	"last_error_code" text COLLATE "C",
	"last_error_at" timestamp (3) with time zone,
	"version" integer NOT NULL,
	"lease_owner" text COLLATE "C",
	"lease_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "connections_account" UNIQUE("account_id"),
	CONSTRAINT "connections_active_is_sealed" CHECK (status <> 'active' or sealed_token is not null)
);
--> statement-breakpoint
CREATE TABLE "identities" (
	"flavour" text COLLATE "C" NOT NULL,
	"provider_user_id" text COLLATE "C" NOT NULL,
	"app_scoped_id" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "identities_provider_user_id_flavour_pk" PRIMARY KEY("provider_user_id","flavour")
);
--> statement-breakpoint
CREATE TABLE "key_checks" (
	"key_id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"sealed" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "refresh_attempts" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"connection_id" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"trigger" text COLLATE "C" NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone NOT NULL,
	"outcome" text COLLATE "C" NOT NULL,
	"error_code" text COLLATE "C",
	"trace_id" text COLLATE "C",
	"token_expires_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id_hash" text COLLATE "C" PRIMARY KEY NOT NULL,
	"user_id" text COLLATE "C" NOT NULL,
	"user_agent" text COLLATE "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_seen_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_in_attempts" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"state_hash" text COLLATE "C" NOT NULL,
	"browser_hash" text COLLATE "C" NOT NULL,
	"code_hash" text COLLATE "C",
	"flavour" text COLLATE "C" NOT NULL,
	"redirect_uri" text COLLATE "C" NOT NULL,
	"return_to" text COLLATE "C" NOT NULL,
	"link_user_id" text COLLATE "C",
	"status" text COLLATE "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"user_id" text COLLATE "C",
	"connection_id" text COLLATE "C",
	"error_code" text COLLATE "C",
	"failed_step" text COLLATE "C"
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identities" ADD CONSTRAINT "identities_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refresh_attempts" ADD CONSTRAINT "refresh_attempts_connection_id_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "connections_user" ON "connections" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "connections_due" ON "connections" USING btree ("next_refresh_at") WHERE status = 'active';--> statement-breakpoint
CREATE INDEX "identities_user" ON "identities" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "refresh_attempts_history" ON "refresh_attempts" USING btree ("connection_id","started_at","id");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "sessions_expiry" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sign_in_attempts_age" ON "sign_in_attempts" USING btree ("created_at");