/** What a file of the artefacts is. */
export type ArtefactFile = {
  name: string;
  bytes: number;
  /** 64 lower-case hex digits. */
  sha256: string;
};

/** What the artefacts of a circuit are, and how far their keys can be relied on. */
export type Manifest = {
  circuit: string;
  /**
   * `development`: made on one machine, whoever ran it could have kept what proves anything. `public`: those who made
   * the keys say that the contributors were independent.
   */
  ceremony: 'development' | 'public';
  /** The same in words, to be shown wherever the keys are used. */
  note: string;
  /** The compiled constraints the keys were made for; not published. */
  r1cs: ArtefactFile;
  files: Readonly<Record<ArtefactName, ArtefactFile>>;
};

/** The witness program, the proving key and the verification key. */
export const ARTEFACT_NAMES = ['wasm', 'zkey', 'verificationKey'] as const;
export type ArtefactName = (typeof ARTEFACT_NAMES)[number];

const CEREMONIES = ['development', 'public'] as const;
/** Names become paths and addresses: no folder, no dots at the beginning. */
const FILE_NAME = /^[a-z0-9_-]+\.[a-z0-9]+$/i;
const SHA256 = /^[0-9a-f]{64}$/;

/** The manifest that `manifest.json` holds, or undefined when that is not what was parsed. */
export function readManifest(value: unknown): Manifest | undefined {
  if (!isRecord(value) || !isRecord(value.files)) return undefined;
  const { circuit, note } = value;
  const ceremony = CEREMONIES.find((kind) => kind === value.ceremony);
  const r1cs = readFile(value.r1cs);
  const wasm = readFile(value.files.wasm);
  const zkey = readFile(value.files.zkey);
  const verificationKey = readFile(value.files.verificationKey);
  if (typeof circuit !== 'string' || typeof note !== 'string' || ceremony === undefined) return undefined;
  if (!r1cs || !wasm || !zkey || !verificationKey) return undefined;
  return { circuit, ceremony, note, r1cs, files: { wasm, zkey, verificationKey } };
}

function readFile(value: unknown): ArtefactFile | undefined {
  if (!isRecord(value)) return undefined;
  const { name, bytes, sha256 } = value;
  if (typeof name !== 'string' || !FILE_NAME.test(name)) return undefined;
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 1) return undefined;
  if (typeof sha256 !== 'string' || !SHA256.test(sha256)) return undefined;
  return { name, bytes, sha256 };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
