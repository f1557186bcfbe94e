import { ENTITY_TYPES } from '@blindpost/zk/entity-types';
import { Command } from 'commander';

/** `eid types` */
export function typesCommand(): Command {
  return new Command('types').description('List the entity types.').action(() => {
    const rows = [
      ['Code', 'Phonetic', 'Description'],
      ['──────', '────────', '───────────'],
      ...ENTITY_TYPES.map(({ code, phonetic, name }) => [code, phonetic, name]),
    ];
    process.stdout.write('Entity Types:\n\n');
    for (const [code = '', phonetic = '', name = ''] of rows)
      process.stdout.write(`  ${code.padEnd(9)}${phonetic.padEnd(10)}${name}\n`);
  });
}
