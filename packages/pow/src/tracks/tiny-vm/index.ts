import type { Track } from '../track.js';
import { open } from './engine.js';
import { read, type TinyVmParams } from './params.js';
import { reference } from './reference.js';

/** TINY_VM: a program that the round brings, on 16 registers and 4 KiB of memory. */
export const tinyVm: Track<TinyVmParams> = { read, reference, open };
