-- Renewed connections leave dead entries at the front of connections_due, and every claim walks over them until a
-- vacuum has come. By default it comes after a fifth of the table has changed, however large that is.
ALTER TABLE "connections" SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
