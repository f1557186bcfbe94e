import { isoTime } from '../../../platform/iso-time.js';

// A client's text may begin with what a decoder would take for a mark of its own.
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

export function optionalBase64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : base64(bytes);
}

export function optionalText(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : utf8.decode(bytes);
}

/** What was read as `meta`. */
export function optionalMeta(json: Uint8Array | null): Record<string, unknown> | null {
  return json === null ? null : JSON.parse(utf8.decode(json));
}

export function optionalTime(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}
