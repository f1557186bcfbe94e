/** Takes recorded bytes of a connection apart: HTTP messages (RFC 9112), then WebSocket frames (RFC 6455). */

export interface HttpMessage {
  startLine: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
}

export interface RecordedFrame {
  fin: boolean;
  /** Set on a compressed frame (RFC 7692). */
  rsv1: boolean;
  rsv2: boolean;
  rsv3: boolean;
  /** 0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong. */
  opcode: number;
  payload: Buffer;
}

export interface Decoded {
  messages: HttpMessage[];
  /** Frames after a `101`, or, of the client's side, after an upgrade request. */
  frames: RecordedFrame[];
  /** Bytes at the end that are no whole message or frame yet. */
  rest: Buffer;
}

/** Decodes one direction of a connection from its first byte. */
export function decode(bytes: Buffer): Decoded {
  const messages: HttpMessage[] = [];
  let at = 0;
  while (at < bytes.length) {
    const read = readMessage(bytes, at);
    if (read === undefined) return { messages, frames: [], rest: bytes.subarray(at) };
    messages.push(read.message);
    at = read.end;
    if (!upgrades(read.message)) continue;
    const { frames, end } = readFrames(bytes, at);
    return { messages, frames, rest: bytes.subarray(end) };
  }
  return { messages, frames: [], rest: bytes.subarray(at) };
}

function upgrades(message: HttpMessage): boolean {
  const request = message.startLine.startsWith('GET ') && message.headers.upgrade === 'websocket';
  return request || message.startLine.startsWith('HTTP/1.1 101');
}

function readMessage(bytes: Buffer, start: number): { message: HttpMessage; end: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n', start);
  if (headEnd < 0) return undefined;
  const [startLine = '', ...lines] = bytes.toString('latin1', start, headEnd).split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const bodyStart = headEnd + 4;
  if (headers['transfer-encoding'] === 'chunked') {
    const chunked = readChunks(bytes, bodyStart);
    return chunked && { message: { startLine, headers, body: chunked.body }, end: chunked.end };
  }
  const end = bodyStart + Number(headers['content-length'] ?? 0);
  if (end > bytes.length) return undefined;
  return { message: { startLine, headers, body: bytes.subarray(bodyStart, end) }, end };
}

function readChunks(bytes: Buffer, start: number): { body: Buffer; end: number } | undefined {
  const chunks: Buffer[] = [];
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const length = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const next = lineEnd + 2 + length + 2;
    if (next > bytes.length) return undefined;
    if (length === 0) return { body: Buffer.concat(chunks), end: next };
    chunks.push(bytes.subarray(lineEnd + 2, next - 2));
    at = next;
  }
}

function readFrames(bytes: Buffer, start: number): { frames: RecordedFrame[]; end: number } {
  const frames: RecordedFrame[] = [];
  let at = start;
  for (;;) {
    const read = readFrame(bytes, at);
    if (read === undefined) return { frames, end: at };
    frames.push(read.frame);
    at = read.end;
  }
}

function readFrame(bytes: Buffer, at: number): { frame: RecordedFrame; end: number } | undefined {
  if (bytes.length < at + 2) return undefined;
  const first = bytes.readUInt8(at);
  const second = bytes.readUInt8(at + 1);
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const masked = (second & 0x80) !== 0;
  const header = 2 + extended + (masked ? 4 : 0);
  if (bytes.length < at + header) return undefined;
  const length =
    extended === 2
      ? bytes.readUInt16BE(at + 2)
      : extended === 8
        ? Number(bytes.readBigUInt64BE(at + 2))
        : short;
  const end = at + header + length;
  if (bytes.length < end) return undefined;
  const payload = Buffer.from(bytes.subarray(at + header, end));
  if (masked) {
    const mask = bytes.subarray(at + header - 4, at + header);
    for (let n = 0; n < payload.length; n += 1) payload[n] = payload.readUInt8(n) ^ mask.readUInt8(n & 3);
  }
  const frame = {
    fin: (first & 0x80) !== 0,
    rsv1: (first & 0x40) !== 0,
    rsv2: (first & 0x20) !== 0,
    rsv3: (first & 0x10) !== 0,
    opcode: first & 0x0f,
    payload,
  };
  return { frame, end };
}
