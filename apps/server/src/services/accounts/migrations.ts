import type { Migration } from '../../platform/sql/migrations.js';

/** The accounts' steps of the schema, oldest first. */
export const ACCOUNTS_MIGRATIONS: readonly Migration[] = [];
