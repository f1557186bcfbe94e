/** The token of `Authorization: Bearer` (RFC 6750 §2.1; the scheme in either case, RFC 9110 §11.1); null without one. */
export function bearerToken(authorization: string | undefined): string | null {
  return /^bearer +([^ ]+) *$/i.exec(authorization ?? '')?.[1] ?? null;
}
