/**
 * An attester with a key that tests know, entities that it attests, and their proofs. It is the first one of every
 * registry it joins, so that all of these have one root and a proof is made once for all of them.
 */
import assert from 'node:assert/strict';
import { RegisterAttesterAnswer } from '@blindpost/protocol/identity';
import type { IdentityWire } from '@blindpost/testbed/wire-identity';
import { loadArtefact, loadManifest } from '@blindpost/zk/artefacts/node';
import { attestedMessage, attesterLeaf, possessionMessage } from '@blindpost/zk/attester';
import { toField } from '@blindpost/zk/context';
import { commitmentOf, type EntitySecrets, secretsFromHex } from '@blindpost/zk/entity';
import { ENTITY_TYPES, type EntityType, entityTypeByCode, typeMask } from '@blindpost/zk/entity-types';
import { Prover } from '@blindpost/zk/prover';
import { pathOf, rootOf, treeOf } from '@blindpost/zk/registry';
import { type Signature, sign, signingKey } from '@blindpost/zk/signature';
import { assertOk } from '../relay/answers.js';

const HOUSE = 'house';
const key = signingKey(new Uint8Array(32).fill(7));
const mask = typeMask(ENTITY_TYPES);
const tree = treeOf([attesterLeaf(key.publicKey, mask)]);

/** The root of a registry in which the house is alone. */
export const HOUSE_ROOT = rootOf(tree).toString();

/** What registers an attester with a key of its own; the house if nothing is given. */
export function ownKey(id = HOUSE, seed = 7) {
  const own = signingKey(new Uint8Array(32).fill(seed));
  return {
    id,
    name: 'The house',
    allowedTypes: ENTITY_TYPES.map(({ code }) => code),
    publicKeyX: own.publicKey.x.toString(),
    publicKeyY: own.publicKey.y.toString(),
    proofOfPossession: members(sign(own, possessionMessage(own.publicKey, id))),
  };
}

/** Registers the house and answers its API key. */
export async function joinHouse(wire: IdentityWire): Promise<string> {
  const { apiKey, registryRoot } = assertOk(await wire.register(ownKey()), RegisterAttesterAnswer);
  assert.equal(registryRoot, HOUSE_ROOT);
  return apiKey;
}

/** The `n`th entity. */
export function entity(n: number): EntitySecrets & { commitment: bigint } {
  const secrets = secretsFromHex(n.toString(16).padStart(64, '0'));
  assert.ok(secrets !== undefined);
  return { ...secrets, commitment: commitmentOf(secrets) };
}

/** The house's signature over an entity's type, as `POST /attest` takes it. */
export function houseSignature(n: number, type: EntityType) {
  return members(sign(key, attestedMessage(entity(n).commitment, type)));
}

export type Claim = Awaited<ReturnType<typeof prove>>;
const made = new Map<string, Promise<Claim>>();

/** The proof that the `n`th entity is of a type, in a context; made once. */
export function claim(n: number, context: string, code = 'AI.CA'): Promise<Claim> {
  const name = JSON.stringify([n, context, code]);
  const known = made.get(name) ?? prove(n, context, code);
  made.set(name, known);
  return known;
}

let prover: Promise<Prover> | undefined;
let last: Promise<unknown> = Promise.resolve();

async function prove(n: number, context: string, code: string) {
  const type = entityTypeByCode(code);
  assert.ok(type !== undefined);
  const { secret, salt, commitment } = entity(n);
  const signature = sign(key, attestedMessage(commitment, type));
  const inputs = {
    claimedType: type.numeric,
    attestersRoot: HOUSE_ROOT,
    contextId: toField(context),
    secret,
    salt,
    attesterPubKeyX: key.publicKey.x,
    attesterPubKeyY: key.publicKey.y,
    typeMask: mask,
    ...members(signature),
    ...pathOf(tree, 0),
  };
  return proveInputs(inputs);
}

/** A proof of whatever inputs, one after the other. */
async function proveInputs(inputs: Parameters<Prover['prove']>[0]) {
  prover ??= openProver();
  const mine = await prover;
  const proof = last.then(() => mine.prove(inputs));
  last = proof.catch(() => undefined);
  const { proof: points, publicSignals } = await proof;
  const [nullifier = '', entityCommitment = '', , , contextId = ''] = publicSignals;
  return { proof: points, publicSignals, nullifier, entityCommitment, contextId };
}

/** Lets the process end. */
export async function closeProver(): Promise<void> {
  (await prover)?.close();
}

async function openProver(): Promise<Prover> {
  const manifest = await loadManifest();
  const [wasm, zkey] = [await loadArtefact('wasm', manifest), await loadArtefact('zkey', manifest)];
  return new Prover({ wasm, zkey });
}

function members({ r8, s }: Signature) {
  return { signatureR8X: `${r8.x}`, signatureR8Y: `${r8.y}`, signatureS: `${s}` };
}
