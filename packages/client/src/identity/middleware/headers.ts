import { entityTypeByCode } from '@blindpost/zk/entity-types';
import { decodeBase64, encodeBase64 } from '../../base64/base64.js';
import { isRecord } from '../../json/record.js';
import { isClaim } from '../answers.js';
import type { Claim, EntityProof } from '../types.js';

/** In characters. Decimals take 1.4 KiB and 0.5 KiB; whoever sends more is not read. */
const MAX_PROOF_HEADER = 4_096;
const MAX_SIGNALS_HEADER = 2_048;
/** Of the headers; stands behind the type. */
const VERSION = '1.0';

export type EntityHeaderName = 'entity-type' | 'entity-proof' | 'entity-signals';

/** The headers that carry a proof to a service which asks for one. */
export function entityHeaders({ entityType, proof, publicSignals }: EntityProof): Record<string, string> {
  return {
    'Entity-Type': `${entityType}/${VERSION}`,
    'Entity-Proof': encode({ proof }),
    'Entity-Signals': encode(publicSignals),
  };
}

/** What the headers carry, or the first of them that is missing or malformed. Nothing of it is verified yet. */
export type ReadHeaders =
  | { ok: true; code: string; claim: Claim }
  | { ok: false; field: EntityHeaderName; missing: boolean };

/** @param header answers the value of a header by its name in lower case */
export function readEntityHeaders(header: (name: EntityHeaderName) => string | undefined): ReadHeaders {
  const typeText = header('entity-type');
  if (typeText === undefined) return fault('entity-type', true);
  const [code = '', version, ...rest] = typeText.split('/');
  if (entityTypeByCode(code) === undefined || version !== VERSION || rest.length > 0)
    return fault('entity-type');

  const proofText = header('entity-proof');
  if (proofText === undefined) return fault('entity-proof', true);
  const decoded = decode(proofText, MAX_PROOF_HEADER);
  // The points may stand by themselves or, as the document shows them, as the member `proof`.
  const proof = isRecord(decoded) && 'proof' in decoded ? decoded.proof : decoded;
  if (!isClaim({ proof, publicSignals: NO_SIGNALS })) return fault('entity-proof');

  const signalsText = header('entity-signals');
  if (signalsText === undefined) return fault('entity-signals', true);
  const claim = { proof, publicSignals: decode(signalsText, MAX_SIGNALS_HEADER) };
  return isClaim(claim) ? { ok: true, code, claim } : fault('entity-signals');
}

const NO_SIGNALS = ['', '', '', '', ''];

function fault(field: EntityHeaderName, missing = false): ReadHeaders {
  return { ok: false, field, missing };
}

function encode(value: unknown): string {
  return encodeBase64(new TextEncoder().encode(JSON.stringify(value)));
}

/** JSON in Base64 or base64url, padded or not; undefined for anything else. */
function decode(text: string, longest: number): unknown {
  if (text.length > longest) return undefined;
  const standard = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  const bytes = decodeBase64(standard.padEnd(Math.ceil(standard.length / 4) * 4, '='));
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
