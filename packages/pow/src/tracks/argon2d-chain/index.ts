import type { Track } from '../track.js';
import { open } from './engine.js';
import { type Argon2dChainParams, read } from './params.js';
import { reference } from './reference.js';

/** ARGON2D_CHAIN: memory filled by a chain of hashes, then mixed block by block in an order that it decides. */
export const argon2dChain: Track<Argon2dChainParams> = { read, memoryField: 'memBlocks', reference, open };
