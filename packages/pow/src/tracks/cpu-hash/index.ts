import type { Track } from '../track.js';
import { open } from './engine.js';
import { type CpuHashParams, read } from './params.js';
import { reference } from './reference.js';

/** CPU_HASH: one hash for an attempt. */
export const cpuHash: Track<CpuHashParams> = { read, reference, open };
