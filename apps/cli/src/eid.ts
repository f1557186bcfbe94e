import { attestCommand } from './eid/attest.js';
import { inspectCommand } from './eid/inspect.js';
import { keygenCommand } from './eid/keygen.js';
import { proveCommand } from './eid/prove.js';
import { runEid } from './eid/run.js';
import { typesCommand } from './eid/types.js';
import { verifyCommand } from './eid/verify.js';

await runEid([
  typesCommand(),
  keygenCommand(),
  attestCommand(),
  proveCommand(),
  verifyCommand(),
  inspectCommand(),
]);
