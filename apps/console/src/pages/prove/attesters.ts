/**
 * The attester of this server that vouches for anybody, as servers have in development; undefined where there is none
 * for this type, or the server does not say.
 */
export async function developmentAttester(type: string): Promise<string | undefined> {
  const attesters = memberOf(await ask('/api/v1/registry/attesters'), 'attesters');
  if (!Array.isArray(attesters)) return undefined;
  const found: unknown = attesters.find((each: unknown) => {
    const types = memberOf(each, 'types');
    return memberOf(each, 'development') === true && Array.isArray(types) && types.includes(type);
  });
  const id = memberOf(found, 'id');
  return typeof id === 'string' ? id : undefined;
}

/** Undefined for whatever is no answer. */
async function ask(path: string): Promise<unknown> {
  try {
    const response = await fetch(path);
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
