CREATE TABLE "house" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"guard" text COLLATE "C" NOT NULL,
	"move_id" text COLLATE "C",
	"counterpart_id" text COLLATE "C",
	"changed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "processes" (
	"id" text COLLATE "C" PRIMARY KEY NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL
);
