/** A process of its own that writes without a pause and tells each answer: `<sequence> <id in hex>`. */
import { StartRefused } from '../../start-refused.js';
import { append } from './notes.fixture.js';
import { note, openAt } from './places.fixture.js';

const [, , place = '', writers = '0'] = process.argv;
try {
  const database = await openAt(place);
  process.stdout.write('open\n');
  // Without writers it only stays: an open database keeps its process.
  await Promise.all(
    Array.from({ length: Number(writers) }, async () => {
      for (;;) {
        const written = note('x'.repeat(200));
        const { sequence } = await database.write(append, written);
        process.stdout.write(`${sequence} ${Buffer.from(written.id).toString('hex')}\n`);
      }
    }),
  );
} catch (error) {
  if (!(error instanceof StartRefused)) throw error;
  process.stdout.write('refused\n');
}
