import type { ErrorCode, ErrorDetails } from '@blindpost/protocol/errors';
import type { ErrorMaker } from '../http/exchange.js';
import { readWireError, type ServiceError } from './service-error.js';

/** Own codes that the SDK of every service has. */
type Common = 'unreachable' | 'bad_answer';

type ErrorClass<Code, E> = new (
  code: Code,
  message: string,
  details?: ErrorDetails,
  options?: ErrorOptions,
) => E;

/** Makes the errors of one service's SDK: those of its own, and those that the server sent. */
export class ErrorKit<Local extends string, E extends ServiceError> implements ErrorMaker {
  readonly #type: ErrorClass<ErrorCode | NoInfer<Local> | Common, E>;
  readonly #texts: Readonly<Record<Local | Common, string>>;

  /** @param texts - the SDK's own codes, and what they tell people */
  constructor(
    type: ErrorClass<ErrorCode | NoInfer<Local> | Common, E>,
    texts: Readonly<Record<Local | Common, string>>,
  ) {
    this.#type = type;
    this.#texts = texts;
  }

  /** An error of the SDK's own. */
  readonly local = (code: Local | Common, details: ErrorDetails = {}, cause?: unknown): E =>
    new this.#type(code, this.#texts[code], details, cause === undefined ? undefined : { cause });

  /** Reads `{error, message, details}` as the server sent it; anything else becomes `bad_answer`. */
  readonly refused = (body: unknown): E => {
    const error = readWireError(body);
    return error === undefined ? this.badAnswer() : new this.#type(error.code, error.message, error.details);
  };

  readonly badAnswer = (details: ErrorDetails = {}): E => this.local('bad_answer', details);

  readonly unreachable = (cause: unknown): E => this.local('unreachable', {}, cause);
}
