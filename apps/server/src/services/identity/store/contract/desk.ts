import { randomBytes } from 'node:crypto';
import type { AuditEntry } from '@blindpost/protocol/identity';
import { attesterLeaf } from '@blindpost/zk/attester';
import { rootOf, rootOfPath, treeOf } from '@blindpost/zk/registry';
import { signingKey } from '@blindpost/zk/signature';
import type { Database } from '../../../../platform/sql/database.js';
import { fieldBytes, fieldText } from '../../rules/field-bytes.js';
import { claimKey, nullifierKey } from '../../rules/keys.js';
import { pointBytes, pointOf } from '../../rules/point-bytes.js';
import { type Attested, attest } from '../attest.js';
import { type AttesterRow, attesterById, attesterByKey, listAttesters } from '../attesters.js';
import { auditTrail } from '../audit.js';
import { type Conclude, type Concluded, conclude } from '../conclude.js';
import { registryState } from '../head.js';
import { listLeaves } from '../leaves.js';
import { openRegistry } from '../open-registry.js';
import { attesterProof } from '../paths.js';
import { type Recorded, record } from '../record.js';
import { type NewAttester, type Registered, registerAttester } from '../register-attester.js';
import { revokeAttestation } from '../revoke-attestation.js';
import { type AttesterRevoked, revokeAttester } from '../revoke-attester.js';
import { validRoots } from '../roots.js';
import { askRoots } from '../standing.js';
import { census, sweep } from '../sweep.js';

export const newId = (): Uint8Array => Uint8Array.from(randomBytes(16));
/** No two are the same. */
const newName = (): string => randomBytes(16).toString('hex');
export const newBytes = (): Uint8Array => Uint8Array.from(randomBytes(32));
export const WINDOW_MS = 3_600_000;

let drawn = 0n;
/** A number that was not drawn before. */
export function fresh(): bigint {
  drawn += 1n;
  return BigInt(`0x${randomBytes(16).toString('hex')}`) * 1_000_000n + drawn;
}

/** Real keys cost milliseconds: one at a time. */
export function newPublicKey(): Uint8Array {
  return pointBytes(signingKey(Uint8Array.from(randomBytes(32))).publicKey);
}

/** Drives the store as the commands do, at a time that only the test moves. */
export class Desk {
  now = 1_750_000_000_000;

  constructor(readonly db: Database) {}

  open(): Promise<null> {
    return this.db.write(openRegistry, { now: this.now });
  }

  register(given: Partial<NewAttester> = {}): Promise<Registered> {
    return this.db.write(registerAttester, {
      id: `attester-${newName()}`,
      name: 'An attester',
      contact: null,
      publicKey: newPublicKey(),
      typeMask: 1,
      sealedKey: 'sealed',
      apiKeyHash: newBytes(),
      development: false,
      now: this.now,
      limit: 1_000_000,
      ...given,
    });
  }

  /** A new attester, by its id. */
  async attester(given: Partial<NewAttester> = {}): Promise<AttesterRow> {
    const id = given.id ?? `attester-${newName()}`;
    await this.register({ ...given, id });
    const row = await this.byId(id);
    if (row === null) throw new Error(`${id} was not registered`);
    return row;
  }

  revoke(id: string): Promise<AttesterRevoked> {
    return this.db.write(revokeAttester, { id, now: this.now });
  }

  byId(id: string): Promise<AttesterRow | null> {
    return this.db.read(attesterById, { id });
  }

  byKey(apiKeyHash: Uint8Array): Promise<AttesterRow | null> {
    return this.db.read(attesterByKey, { apiKeyHash });
  }

  list(after = -1, take = 1_000): Promise<AttesterRow[]> {
    return this.db.read(listAttesters, { after, take });
  }

  async root(): Promise<string> {
    return fieldText((await this.db.read(registryState, null)).root);
  }

  async roots(windowMs = WINDOW_MS): Promise<string[]> {
    const rows = await this.db.read(validRoots, { now: this.now, windowMs });
    return rows.map(({ root }) => fieldText(root));
  }

  async stands(root: string, windowMs = WINDOW_MS): Promise<boolean> {
    const roots = [fieldBytes(BigInt(root))];
    return (await this.db.read(askRoots, { roots, now: this.now, windowMs })).length > 0;
  }

  leaves(after = -1, take = 1_000) {
    return this.db.read(listLeaves, { after, take });
  }

  /** The root that the attester's path leads to. */
  async pathRoot(id: string): Promise<string> {
    const proof = await this.db.read(attesterProof, { id });
    if (proof === null) throw new Error(`no path of ${id}`);
    const { pathElements, pathIndices } = proof;
    return rootOfPath(BigInt(proof.leaf), {
      pathElements: pathElements.map(BigInt),
      pathIndices,
    }).toString();
  }

  attest(
    attester: number,
    given: { claim?: Uint8Array; expiresAt?: number | null; id?: Uint8Array } = {},
  ): Promise<Attested> {
    return this.db.write(attest, {
      id: newId(),
      attester,
      claim: claimKey(fresh(), 257),
      typeCode: 257,
      expiresAt: null,
      now: this.now,
      ...given,
    });
  }

  revokeAttestation(id: Uint8Array): Promise<boolean> {
    return this.db.write(revokeAttestation, { id, now: this.now });
  }

  /** A proof that holds, under the current root unless another one is given. */
  async proof(given: Partial<Conclude> = {}): Promise<Conclude> {
    return {
      root: fieldBytes(BigInt(await this.root())),
      claim: claimKey(fresh(), 257),
      nullifier: nullifierKey('', 1n, fresh()),
      consume: false,
      permit: null,
      now: this.now,
      windowMs: WINDOW_MS,
      ...given,
    };
  }

  conclude(proof: Conclude): Promise<Concluded> {
    return this.db.write(conclude, proof);
  }

  record(nullifier: Uint8Array, permit: Uint8Array): Promise<Recorded> {
    return this.db.write(record, { nullifier, permit, now: this.now });
  }

  sweep(limit = 500): Promise<boolean> {
    return this.db.write(sweep, { now: this.now, windowMs: WINDOW_MS, limit });
  }

  census() {
    return this.db.read(census, null);
  }

  audit(): Promise<AuditEntry[]> {
    return this.db.read(auditTrail, { after: 0, take: 100_000 });
  }

  /** The root of a tree built anew from the leaves, and the leaves of one built from the attesters. */
  async rebuilt(): Promise<{ root: string; leaves: string[]; expected: string[] }> {
    const { leaves, size } = await this.leaves(-1, 1_000_000);
    const told = leaves.map(({ leaf }) => leaf);
    const expected = Array.from({ length: size }, () => '0');
    for (const row of await this.list(-1, 1_000_000)) {
      expected[row.place] = attesterLeaf(pointOf(row.public_key), row.type_mask).toString();
    }
    return { root: rootOf(treeOf(told.map(BigInt))).toString(), leaves: told, expected };
  }
}
