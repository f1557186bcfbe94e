/** What the page shows: a choice, the desk, or why there is none. One per window, and it goes on behind other pages. */
import { createSignal } from 'solid-js';
import { markBusy } from '../../../shell/busy.js';
import { discardMailbox, openMailbox } from './chat-mailbox.js';
import { Desk } from './desk.js';
import { Refusal, type Way } from './mailbox.js';
import { Notes } from './notes.js';
import { profile } from './profile.js';
import { Seat } from './seat.js';

export type Stage =
  | { readonly kind: 'opening' }
  /** There is no identity yet; `fault` is why the last attempt made none. */
  | { readonly kind: 'arrival'; readonly fault?: string; readonly burned?: boolean }
  | { readonly kind: 'making'; readonly way: Way }
  /** Another tab has it. */
  | { readonly kind: 'elsewhere' }
  /** `fault` is why it was not burned. */
  | { readonly kind: 'open'; readonly desk: Desk; readonly fault?: string }
  | { readonly kind: 'failed'; readonly fault: string };

const NAME = `blindpost-messages-${profile}`;
const NOTES = `${NAME}-notes`;

const [stage, setStage] = createSignal<Stage>({ kind: 'opening' });

export { stage };

let started = false;
let seat: Seat | undefined;
/** What is under way; nobody leaves in the middle of it. */
let work: Promise<void> = Promise.resolve();

/** Opens what this browser has; only the first call does anything. */
export async function start(): Promise<void> {
  if (started) return;
  started = true;
  if (!isSecureContext) return void setStage({ kind: 'failed', fault: 'store_unsupported' });
  await again();
}

/** Once more, after a failure. */
export function again(): Promise<void> {
  return doing(() => sitDown(Seat.take));
}

export function takeOver(): Promise<void> {
  return doing(() => sitDown(Seat.takeOver));
}

/** Makes an identity. */
export function create(way: Way): Promise<void> {
  return stage().kind === 'arrival' ? doing(() => make(way)) : work;
}

/** Everything of this identity is deleted, there and here. */
export function burn(): Promise<void> {
  return doing(burnNow);
}

function doing(next: () => Promise<void>): Promise<void> {
  work = next();
  return work;
}

async function make(way: Way): Promise<void> {
  setStage({ kind: 'making', way });
  let kept: Notes | undefined;
  try {
    kept = await Notes.open(NOTES);
    // A browser that is asked may keep what it would else delete when it is short of room.
    void navigator.storage.persist().catch(() => {});
    await open(kept, way);
    await kept.setWay(way);
  } catch (error) {
    await discardMailbox(NAME).catch(() => {});
    await kept?.destroy();
    setStage({ kind: 'arrival', fault: faultOf(error) });
  }
}

async function burnNow(): Promise<void> {
  const now = stage();
  if (now.kind !== 'open') return;
  const { desk } = now;
  const { way } = desk;
  try {
    await desk.burn();
  } catch (error) {
    // A chat that was to burn sends nothing any more.
    await desk.close().catch(() => {});
    return await open(await Notes.open(NOTES), way, faultOf(error));
  }
  markBusy('messages', false);
  setStage({ kind: 'arrival', burned: true });
}

async function sitDown(take: (name: string) => Promise<Seat | undefined>): Promise<void> {
  setStage({ kind: 'opening' });
  try {
    seat = await take(NAME);
    if (seat === undefined) return void setStage({ kind: 'elsewhere' });
    seat.onAsked(leave);
    const notes = await Notes.open(NOTES);
    const way = await notes.way();
    if (way !== undefined) return await open(notes, way);
    // Whoever only looks leaves nothing behind.
    await notes.destroy();
    setStage({ kind: 'arrival' });
  } catch (error) {
    seat?.leave();
    setStage({ kind: 'failed', fault: faultOf(error) });
  }
}

async function open(kept: Notes, way: Way, fault?: string): Promise<void> {
  const desk = new Desk(kept);
  try {
    await desk.load(await openMailbox(NAME, way, desk.listener));
  } catch (error) {
    kept.close();
    throw error;
  }
  setStage({ kind: 'open', desk, ...(fault === undefined ? {} : { fault }) });
  markBusy('messages', true);
}

/** Another tab goes on with it. */
async function leave(): Promise<void> {
  await work.catch(() => {});
  const now = stage();
  setStage({ kind: 'elsewhere' });
  markBusy('messages', false);
  if (now.kind === 'open') await now.desk.close();
}

function faultOf(error: unknown): string {
  return error instanceof Refusal ? error.code : 'unknown';
}
