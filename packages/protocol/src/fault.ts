/** Names the first thing wrong with a value, the way errors on the wire name it. */

/** The part of a TypeBox (or JSON Schema) validation error that is read here. */
export type SchemaFault = {
  keyword: string;
  instancePath: string;
  params: object;
  message: string;
};

export type Fault = { field: string; message: string };

/**
 * The first offending member as a dotted path (`signedPreKey.publicKey`, `preKeys.3.id`); the empty path,
 * a value that is no object at all, is called `body`.
 */
export function firstFault(faults: readonly SchemaFault[]): Fault {
  // Unions report each arm; what is missing or extra says more than "matches no arm".
  const fault = faults.find((candidate) => candidate.keyword !== 'anyOf') ?? faults[0];
  if (fault === undefined) return { field: 'body', message: 'is invalid' };
  const path = fault.instancePath.split('/').slice(1).map(unescapePointer);
  const missing = 'requiredProperties' in fault.params ? fault.params.requiredProperties : undefined;
  if (Array.isArray(missing) && typeof missing[0] === 'string') {
    return { field: [...path, missing[0]].join('.'), message: 'is required' };
  }
  const extra = 'additionalProperties' in fault.params ? fault.params.additionalProperties : undefined;
  if (Array.isArray(extra) && typeof extra[0] === 'string') {
    return { field: [...path, extra[0]].join('.').slice(0, 256), message: 'is not known here' };
  }
  return { field: path.join('.').slice(0, 256) || 'body', message: fault.message };
}

// JSON Pointer, RFC 6901 section 3.
function unescapePointer(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
