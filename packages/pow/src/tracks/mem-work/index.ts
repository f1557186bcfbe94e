import type { Track } from '../track.js';
import { open } from './engine.js';
import { type MemWorkParams, read } from './params.js';
import { reference } from './reference.js';

/** MEM_WORK: a walk through a memory, where every step depends on the one before. */
export const memWork: Track<MemWorkParams> = { read, reference, open, memoryField: 'laneSize' };
