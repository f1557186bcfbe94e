/**
 * The seven tracks: what their parameters may be, whether a nonce wins, and engines that find one that does.
 *
 * @module
 */
export { type Checked, check, isVectorFile, type Vector, type VectorFile } from './check.js';
export { tinyVmProgram, vmChainProgram } from './program/draw.js';
export { openTrack, TRACK_TABLE } from './table.js';
export { type Build, type Engine, TRACKS, type Track, type TrackName, type Verdict } from './track.js';
export { Verifier } from './verifier.js';
export { verify } from './verify.js';
