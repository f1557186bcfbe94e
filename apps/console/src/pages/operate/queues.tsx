import type { Overview } from '@blindpost/protocol/overview';
import { type JSX, Show } from 'solid-js';
import { Section } from '../../parts/page.jsx';
import { Stat, Stats } from '../../parts/stat.jsx';
import { text } from '../../text/text.js';
import { bytes, count } from './figures.js';

/** What waits: in mailboxes of the relay, in queues of accounts. */
export function Queues(props: { services: Overview['services'] }): JSX.Element {
  const words = text.operate.queues;
  const { relay, e2ee, accounts } = {
    relay: () => props.services.relay,
    e2ee: () => props.services.e2ee,
    accounts: () => props.services.accounts,
  };
  return (
    <Show when={relay() ?? e2ee()}>
      <Section title={words.title}>
        <Show when={relay()}>
          {(told) => (
            <>
              <h3>{words.relay}</h3>
              <Stats>
                <Stat label={words.sockets} value={count(told().sockets)} />
                <Stat label={words.identities} value={count(told().mailboxes?.identities)} />
                <Stat label={words.messages} value={count(told().mailboxes?.messages)} />
                <Stat
                  label={words.size}
                  value={bytes(told().mailboxes?.bytes)}
                  note={boundNote(bytes(told().mailboxes?.bytes_bound), told().mailboxes?.bytes_bound)}
                />
                <Stat
                  label={words.refused}
                  value={count(told().messages.refused ?? 0)}
                  note={words.sinceStart}
                />
              </Stats>
            </>
          )}
        </Show>
        <Show when={e2ee()}>
          {(told) => (
            <>
              <h3>{words.e2ee}</h3>
              <Stats>
                <Stat label={words.sockets} value={count(told().sockets)} />
                <Stat label={words.accounts} value={count(accounts()?.accounts)} />
                <Stat label={words.devices} value={count(told().queues?.queues)} />
                <Stat
                  label={words.envelopes}
                  value={count(told().queues?.waiting)}
                  note={bytes(told().queues?.waiting_bytes)}
                />
                <Stat
                  label={words.longest}
                  value={count(told().queues?.longest)}
                  note={boundNote(count(told().queues?.envelopes_bound), told().queues?.envelopes_bound)}
                />
                <Stat
                  label={words.refused}
                  value={count(told().envelopes.refused ?? 0)}
                  note={words.sinceStart}
                />
              </Stats>
            </>
          )}
        </Show>
      </Section>
    </Show>
  );
}

function boundNote(bound: string, is: number | undefined): string {
  return is === undefined || is === 0 ? text.operate.state.noBound : text.operate.state.bound(bound);
}
