/** What every store promises. It imports nothing of Node's, so that it runs in a browser as well. */
import type { Change, ChatStore, Entry, ListOptions } from './store.js';

/** How the stores of one adapter are made. */
export interface Stage {
  /** Opens the store of this name, or makes it. */
  open(name: string): Promise<ChatStore>;
  /** Whether what was committed is there after `close` and `open`. */
  durable: boolean;
}

/** Rules by name; each rejects when the adapter breaks it. `name` is one that no other rule uses. */
export const CONTRACT: Readonly<Record<string, (stage: Stage, name: string) => Promise<void>>> = {
  'what was put is there, as it was put': async (stage, name) => {
    const store = await stage.open(name);
    const value = bytes(1, 2, 3);
    await store.commit([{ key: 'a', value }]);
    value[0] = 9;
    equal(await store.get('a'), bytes(1, 2, 3));
    (await store.get('a'))?.fill(7);
    equal(await store.get('a'), bytes(1, 2, 3));
    equal(await store.get('b'), undefined);
    await store.commit([{ key: 'empty', value: bytes() }]);
    equal(await store.get('empty'), bytes());
    await store.close();
  },

  'later changes of a commit win, and what is taken away is gone': async (stage, name) => {
    const store = await stage.open(name);
    await store.commit([put('a', 1), put('a', 2), put('b', 1), drop('b'), drop('c')]);
    equal(await store.list(''), [['a', bytes(2)]]);
    await store.commit([drop('a'), put('a', 3)]);
    equal(await store.get('a'), bytes(3));
    await store.commit([]);
    await store.close();
  },

  'keys are listed in order, by prefix, behind a key, up to a limit, and backwards': async (stage, name) => {
    const store = await stage.open(name);
    const keys = ['a', 'a/1', 'a/10', 'a/2', 'ab', 'b', 'b/é'];
    await store.commit([...keys].reverse().map((key, n) => put(key, n)));
    const listed = async (prefix: string, options?: ListOptions) =>
      (await store.list(prefix, options)).map(([key]) => key);
    equal(await listed(''), keys);
    equal(await listed('a/'), ['a/1', 'a/10', 'a/2']);
    equal(await listed('a/', { after: 'a/1' }), ['a/10', 'a/2']);
    equal(await listed('a/', { after: 'a/11', limit: 1 }), ['a/2']);
    equal(await listed('a/', { reverse: true }), ['a/2', 'a/10', 'a/1']);
    equal(await listed('a/', { reverse: true, after: 'a/2', limit: 1 }), ['a/10']);
    equal(await listed('a/', { reverse: true, after: 'a/15' }), ['a/10', 'a/1']);
    equal(await listed('a/', { after: 'A' }), ['a/1', 'a/10', 'a/2']);
    equal(await listed('a/', { after: 'z' }), []);
    equal(await listed('a/', { reverse: true, after: 'A' }), []);
    equal(await listed('a/', { reverse: true, after: 'z' }), ['a/2', 'a/10', 'a/1']);
    equal(await listed('', { limit: 0 }), []);
    equal(await listed('c'), []);
    await store.close();
  },

  'commits made at once are made one after the other': async (stage, name) => {
    const store = await stage.open(name);
    await Promise.all(Array.from({ length: 20 }, (_, n) => store.commit([put('last', n), put(`k${n}`, n)])));
    equal(await store.get('last'), bytes(19));
    equal((await store.list('k')).length, 20);
    await store.close();
  },

  'a closed store refuses, and closing twice is fine': async (stage, name) => {
    const store = await stage.open(name);
    await store.close();
    await store.close();
    for (const call of [() => store.get('a'), () => store.list(''), () => store.commit([put('a', 1)])]) {
      equal(await code(call), 'store_closed');
    }
  },

  'what was committed is there for who opens it next, where the adapter is durable': async (stage, name) => {
    if (!stage.durable) return;
    const first = await stage.open(name);
    await first.commit([put('a', 1), put('b', 2)]);
    await first.commit([drop('a'), put('c', 3)]);
    await first.close();
    const second = await stage.open(name);
    equal(await second.list(''), [
      ['b', bytes(2)],
      ['c', bytes(3)],
    ]);
    await second.destroy();
    const third = await stage.open(name);
    equal(await third.list(''), []);
    await third.close();
  },

  'only one has it at a time, where the adapter is durable': async (stage, name) => {
    if (!stage.durable) return;
    const first = await stage.open(name);
    equal(await code(() => stage.open(name)), 'store_locked');
    await first.close();
    const second = await stage.open(name);
    await second.close();
  },
};

/** One step of a random walk: a commit, a list, or closing and opening. */
export type Step = { commit: readonly Change[] } | { list: string; options: ListOptions } | 'again';

/** Walks a store and a plain map side by side; rejects where they differ. */
export async function walk(stage: Stage, name: string, steps: readonly Step[]): Promise<void> {
  let store = await stage.open(name);
  const model = new Map<string, Uint8Array>();
  for (const step of steps) {
    if (step === 'again') {
      if (!stage.durable) continue;
      await store.close();
      store = await stage.open(name);
    } else if ('commit' in step) {
      await store.commit(step.commit);
      for (const { key, value } of step.commit) {
        if (value === null) model.delete(key);
        else model.set(key, value);
      }
    } else {
      equal(await store.list(step.list, step.options), listOf(model, step.list, step.options));
    }
  }
  equal(await store.list(''), listOf(model, '', {}));
  await store.destroy();
}

function listOf(
  model: Map<string, Uint8Array>,
  prefix: string,
  { after, limit, reverse }: ListOptions,
): Entry[] {
  const sign = reverse ? -1 : 1;
  return [...model]
    .filter(([key]) => key.startsWith(prefix))
    .sort(([a], [b]) => (a < b ? -sign : sign))
    .filter(([key]) => after === undefined || (reverse ? key < after : key > after))
    .slice(0, limit);
}

const bytes = (...values: number[]) => Uint8Array.from(values);
const put = (key: string, ...values: number[]): Change => ({ key, value: bytes(...values) });
const drop = (key: string): Change => ({ key, value: null });

async function code(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
  return undefined;
}

function equal(actual: unknown, expected: unknown): void {
  const [a, b] = [actual, expected].map((value) =>
    JSON.stringify(value, (_, member) => (member instanceof Uint8Array ? { bytes: [...member] } : member)),
  );
  if (a !== b) throw new Error(`expected ${b}, got ${a}`);
}
