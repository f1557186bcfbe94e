import type { Track } from '../track.js';
import { open } from './engine.js';
import { type BranchyMixParams, read } from './params.js';
import { reference } from './reference.js';

/** BRANCHY_MIX: rounds of four kinds, of which none is known before the one before it is done. */
export const branchyMix: Track<BranchyMixParams> = { read, reference, open };
