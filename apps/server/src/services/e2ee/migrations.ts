import type { Migration } from '../../platform/sql/migrations.js';

/** The transport's steps of the schema, oldest first. */
export const E2EE_MIGRATIONS: readonly Migration[] = [];
