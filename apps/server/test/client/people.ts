/** Clients of one server for a test file, closed when it ends. */
import {
  Identity,
  RelayClient,
  type RelayClientOptions,
  type RelayError,
  type State,
} from '@blindpost/client/relay';

export interface Person {
  client: RelayClient;
  identity: Identity;
  /** States in the order they came. */
  states: State[];
  errors: RelayError[];
}

export class People {
  readonly #clients: RelayClient[] = [];
  readonly #url: () => string;

  /** @param url - where clients connect unless told otherwise; asked when they are made */
  constructor(url: () => string) {
    this.#url = url;
  }

  /** A client that is not connected yet. */
  make(options: Partial<RelayClientOptions> = {}): Person {
    const { identity = Identity.create(), url, urls = [url ?? this.#url()], ...rest } = options;
    const states: State[] = [];
    const errors: RelayError[] = [];
    const client = new RelayClient({
      rate: false,
      onState: (state) => states.push(state),
      onError: (error) => errors.push(error),
      ...rest,
      url: undefined,
      urls,
      identity,
    });
    this.#clients.push(client);
    return { client, identity, states, errors };
  }

  async join(options: Partial<RelayClientOptions> = {}): Promise<Person> {
    const person = this.make(options);
    await person.client.connect();
    return person;
  }

  async leave(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
  }
}

/** Waits for something that must come; the runner's limit ends it when it does not. */
export async function until(there: () => boolean): Promise<void> {
  while (!there()) await new Promise((resolve) => setTimeout(resolve, 2));
}
