CREATE TABLE "audit_events" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"actor" text COLLATE "C" NOT NULL,
	"user_id" text COLLATE "C",
	"subject_id" text COLLATE "C",
	"request_id" text COLLATE "C",
	"client_network" text COLLATE "C",
	"detail" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "erasures" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"erased_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "meta_callbacks" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"flavour" text COLLATE "C" NOT NULL,
	"provider_user_id" text COLLATE "C",
	"issued_at" timestamp (3) with time zone NOT NULL,
	"confirmation_code" text COLLATE "C",
	"accepted_at" timestamp (3) with time zone NOT NULL,
	"completed_at" timestamp (3) with time zone,
	"outcome" text COLLATE "C",
	CONSTRAINT "meta_callbacks_code" UNIQUE("confirmation_code")
);
--> statement-breakpoint
CREATE TABLE "sink_farewells" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"connection_id" text COLLATE "C" NOT NULL,
	"sealed_settings" text COLLATE "C" NOT NULL,
	"erased_at" timestamp (3) with time zone NOT NULL,
	"attempts" integer NOT NULL,
	"next_delivery_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "authorized_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "audit_events_age" ON "audit_events" USING btree ("at","id");--> statement-breakpoint
CREATE INDEX "audit_events_user" ON "audit_events" USING btree ("user_id","at","id");--> statement-breakpoint
CREATE INDEX "meta_callbacks_age" ON "meta_callbacks" USING btree ("accepted_at");--> statement-breakpoint
CREATE INDEX "meta_callbacks_open" ON "meta_callbacks" USING btree ("accepted_at","id") WHERE completed_at is null;--> statement-breakpoint
CREATE INDEX "sink_farewells_waiting" ON "sink_farewells" USING btree ("next_delivery_at");--> statement-breakpoint
CREATE INDEX "connections_app_scoped" ON "connections" USING btree ("app_scoped_id","flavour");--> statement-breakpoint
CREATE INDEX "identities_app_scoped" ON "identities" USING btree ("app_scoped_id","flavour");--> statement-breakpoint
-- What was done is not undone: an event is never changed, and deleted only once it is a year old, whoever asks.
CREATE FUNCTION public.perennial_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.at <= now() - interval '365 days' THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'perennial_append_only' USING ERRCODE = 'integrity_constraint_violation';
END $$;--> statement-breakpoint
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON "audit_events"
  FOR EACH ROW EXECUTE FUNCTION public.perennial_append_only();--> statement-breakpoint
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON "audit_events"
  FOR EACH STATEMENT EXECUTE FUNCTION public.perennial_append_only();
