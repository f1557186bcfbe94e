/** Of a proof that does not hold, and of whatever was refused. */
export const INVALID = 1;
/** Of what was typed wrong, and of what kept a command from finding out. */
export const USAGE = 2;
