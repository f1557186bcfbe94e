import type { Track } from '../track.js';
import { open } from './engine.js';
import { type ChainParams, read } from './params.js';
import { reference } from './reference.js';

/** CHAIN: hash after hash, none of which can be begun before the last one is done. */
export const chain: Track<ChainParams> = { read, reference, open };
