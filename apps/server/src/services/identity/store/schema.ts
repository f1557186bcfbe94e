import type { AuditEvent } from '@blindpost/protocol/identity';

/** The identity service's tables. Numbers of the field as 32 bytes, big-endian; times in ms since the epoch. */
export type IdentitySchema = {
  identity_registry: RegistryTable;
  identity_nodes: NodesTable;
  identity_roots: RootsTable;
  identity_attesters: AttestersTable;
  identity_audit: AuditTable;
  identity_attestations: AttestationsTable;
  identity_nullifiers: NullifiersTable;
  identity_permits: PermitsTable;
};

/** One row, which is the lock of everything that the audit trail tells of. */
type RegistryTable = {
  id: 1;
  root: Uint8Array;
  root_number: number;
  /** Leaves there are, those of revoked attesters included: the next one's place. */
  leaves: number;
  updated_at: number;
  audit_number: number;
  audit_hash: Uint8Array;
};

/** Nodes of the tree below which something ever stood. */
type NodesTable = {
  /** As in a heap: 1 is the root, 2n and 2n + 1 are the children of n. */
  place: number;
  value: Uint8Array;
};

type RootsTable = {
  number: number;
  root: Uint8Array;
  since: number;
  /** When the next one came; null for the current one. */
  superseded_at: number | null;
  /** When an attester was revoked whose leaf is under it. */
  ended_at: number | null;
};

type AttestersTable = {
  /** Index of its leaf. */
  place: number;
  id: string;
  name: string;
  contact: string | null;
  /** Both coordinates, 64 bytes. */
  public_key: Uint8Array;
  type_mask: number;
  /** The private key where the server signs, see `AttesterKeys`. */
  sealed_key: string | null;
  /** SHA-256 of the API key, which is 256 random bits. */
  api_key_hash: Uint8Array;
  development: 0 | 1;
  /** The first root that its leaf is under. */
  since_root: number;
  created_at: number;
  revoked_at: number | null;
};

type AuditTable = {
  number: number;
  at: number;
  event: AuditEvent;
  subject: string;
  /** JSON. */
  details: string;
  previous_hash: Uint8Array;
  hash: Uint8Array;
};

type AttestationsTable = {
  id: Uint8Array;
  /** Place of the attester. */
  attester: number;
  /** Commitment and type, see `claimKey`. */
  claim: Uint8Array;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
};

/** Nullifiers that were used, see `nullifierKey`. */
type NullifiersTable = { key: Uint8Array; recorded_at: number };

/** Who may record which nullifier without its proof, see `Names`. */
type PermitsTable = { key: Uint8Array; expires_at: number };
