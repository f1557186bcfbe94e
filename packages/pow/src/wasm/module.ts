import type { Code } from './code.js';
import { unsigned } from './leb128.js';

const I32 = 0x7f;
const END = 0x0b;
const utf8 = new TextEncoder();

/**
 * A module with one function, `run`: one word in, one word out. It imports its memory as `kernel.memory`.
 *
 * @param locals words the function has beside its parameter, which is local 0
 */
export function moduleOf(locals: number, body: Code): Uint8Array<ArrayBuffer> {
  return bytesOf([
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // magic, version 1
    section(1, [[0x60, vector([[I32]]), vector([[I32]])]]), // type 0: (i32) -> i32
    section(2, [[name('kernel'), name('memory'), 0x02, 0x00, 0x01]]), // a memory of at least one page
    section(3, [[0x00]]), // function 0 is of type 0
    section(7, [[name('run'), 0x00, 0x00]]),
    section(10, [sized([vector([[unsigned(locals), I32]]), body, END])]),
  ]);
}

function section(id: number, items: readonly Code[]): Code {
  return [id, sized(vector(items))];
}

function vector(items: readonly Code[]): Code {
  return [unsigned(items.length), items];
}

function name(text: string): Code {
  return vector([...utf8.encode(text)].map((byte) => [byte]));
}

function sized(code: Code): Code {
  const bytes = [...bytesOf(code)];
  return [unsigned(bytes.length), bytes];
}

function bytesOf(code: Code): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  const write = (part: number | Code): void => {
    if (typeof part === 'number') bytes.push(part);
    else for (const inner of part) write(inner);
  };
  write(code);
  return Uint8Array.from(bytes);
}
