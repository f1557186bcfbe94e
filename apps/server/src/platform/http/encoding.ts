export type Encoding = 'br' | 'gzip' | 'identity';

/** From the smallest answer to the largest. */
const PREFERRED = ['br', 'gzip'] as const;

/** The smallest encoding that `Accept-Encoding` allows (RFC 9110 §12.5.3); none is asked for without it. */
export function chosenEncoding(accepted: string | undefined): Encoding {
  const weights = new Map<string, number>();
  for (const part of (accepted ?? '').toLowerCase().split(',')) {
    const [coding = '', weight = 'q=1'] = part.split(';').map((piece) => piece.trim());
    const quality = Number(/^q=([01](?:\.[0-9]{0,3})?)$/.exec(weight)?.[1] ?? 0);
    weights.set(coding, quality);
  }
  const allows = (coding: string) => (weights.get(coding) ?? weights.get('*') ?? 0) > 0;
  return PREFERRED.find(allows) ?? 'identity';
}
