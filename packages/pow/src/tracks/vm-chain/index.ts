import type { Track } from '../track.js';
import { open } from './engine.js';
import { read, type VmChainParams } from './params.js';
import { reference } from './reference.js';

/** VM_CHAIN: a program that the round brings, on memory whose addresses a chain of hashes keeps moving. */
export const vmChain: Track<VmChainParams> = { read, memoryField: 'memWords', reference, open };
