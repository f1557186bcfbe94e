import { type EntityType, entityTypeByCode } from '@blindpost/zk/entity-types';
import { InvalidArgumentError } from 'commander';

/** Reads an argument that is the code of an entity type. */
export function entityType(code: string): EntityType {
  const type = entityTypeByCode(code);
  if (type === undefined) throw new InvalidArgumentError('"eid types" lists the codes.');
  return type;
}

/** A type as it is shown to people. */
export function describeType({
  code,
  phonetic,
  name,
}: {
  code: string;
  phonetic: string;
  name: string;
}): string {
  return `${code} (${phonetic}, ${name})`;
}
