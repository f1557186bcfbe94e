import type { Category } from './categories.js';

/** Code, number on the wire and in the circuit, phonetic name, description. A row's place is its bit: never move one. */
const ROWS = [
  ['AI.CA', 0x0101, 'Kah', 'Conversational Agent'],
  ['AI.PO', 0x0102, 'Poe', 'Program Orchestrator'],
  ['AI.WS', 0x0103, 'Wiz', 'Web Site'],
  ['AI.OS', 0x0104, 'Aus', 'Operating System'],
  ['AI.GN', 0x0105, 'Jen', 'Generative Model'],
  ['AI.AA', 0x0106, 'Ahh', 'Autonomous Agent'],
  ['AI.LM', 0x0107, 'Elm', 'Language Model'],
  ['AI.DB', 0x0108, 'Deb', 'Data Broker'],
  ['AI.JG', 0x0109, 'Jig', 'Judge/Evaluator'],
  ['AI.SY', 0x010a, 'Sigh', 'Synthetic Media Generator'],
  ['AR.RB', 0x0201, 'Rob', 'Robot Bot'],
  ['AR.DR', 0x0202, 'Dar', 'Drone'],
  ['AR.VH', 0x0203, 'Vee', 'Vehicle'],
  ['HU.US', 0x0301, 'Who', 'Human User'],
  ['HY.CP', 0x0401, 'Kip', 'Copilot (human-AI pair)'],
  ['HY.HS', 0x0402, 'His', 'Hive Swarm'],
] as const;

export type EntityTypeCode = (typeof ROWS)[number][0];

export type EntityType = {
  code: EntityTypeCode;
  /** `0x` and four digits, such as `0x010A`. */
  hex: string;
  /** The number of `hex`: what is attested and what `claimedType` says. */
  numeric: number;
  name: string;
  phonetic: string;
  category: Category;
  /** 0 to 15: the place in an attester's mask. */
  bit: number;
};

/** The 16 types in the order of their bits. */
export const ENTITY_TYPES: readonly EntityType[] = ROWS.map(([code, numeric, phonetic, name], bit) => ({
  code,
  hex: `0x${numeric.toString(16).toUpperCase().padStart(4, '0')}`,
  numeric,
  name,
  phonetic,
  category: categoryOf(code),
  bit,
}));

function categoryOf<Name extends Category>(code: `${Name}.${string}`): Name;
function categoryOf(code: string): string {
  return code.slice(0, 2);
}
