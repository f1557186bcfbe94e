import type { Overview } from '@blindpost/protocol/overview';
import { For, type JSX } from 'solid-js';
import { Section } from '../../parts/page.jsx';
import { Stat, Stats } from '../../parts/stat.jsx';
import type { ServiceName } from '../../shell/services.js';
import { text } from '../../text/text.js';
import { bytes, count, millis, ofBound, span } from './figures.js';

const SERVICES: readonly ServiceName[] = ['relay', 'pool', 'accounts', 'e2ee', 'identity'];

/** Stores and services with their state, the process, and who is connected. */
export function State(props: { told: Overview }): JSX.Element {
  const words = text.operate.state;
  const { states } = words;
  const process = () => props.told.process;
  const connections = () => props.told.connections;
  const compute = () => props.told.compute;
  return (
    <Section
      title={words.title}
      aside={<span class="quiet">{words.version(process().version, process().environment)}</span>}
    >
      <ul class="lamps" aria-label={words.stores}>
        <For each={props.told.stores}>
          {(store) => (
            <Lamp
              name={words.storeNames[store.name]}
              kind={store.kind}
              state={store.state}
              said={states[store.state]}
            />
          )}
        </For>
      </ul>
      <ul class="lamps" aria-label={words.services}>
        <For each={SERVICES.filter((name) => props.told.health[name] !== undefined)}>
          {(name) => (
            <Lamp
              name={text.shell.serviceNames[name]}
              state={props.told.health[name] ?? 'degraded'}
              said={states[props.told.health[name] ?? 'degraded']}
            />
          )}
        </For>
      </ul>
      <Stats>
        <Stat label={words.uptime} value={span(process().uptime_seconds)} />
        <Stat
          label={words.memory}
          value={bytes(process().rss_bytes)}
          note={words.heap(bytes(process().heap_used_bytes))}
        />
        <Stat label={words.loopDelay} value={millis(process().loop_delay_ms)} note={words.loopNote} />
        <Stat
          label={words.connections}
          value={count(connections().open)}
          note={boundOf(count(connections().bound), connections().bound)}
        />
        <Stat
          label={words.sockets}
          value={count(connections().sockets)}
          note={boundOf(count(connections().sockets_bound), connections().sockets_bound)}
        />
        <Stat
          label={words.compute}
          value={ofBound(count(compute().running), count(compute().workers), compute().workers)}
          note={words.computeNote(count(compute().queued), count(compute().refused))}
        />
      </Stats>
    </Section>
  );
}

function Lamp(props: { name: string; kind?: string; state: string; said: string }): JSX.Element {
  return (
    <li class={`lamp ${props.state}`}>
      <span class="lamp-name">{props.name}</span> <span class="quiet">{props.kind}</span>
      <span class="lamp-state">{props.said}</span>
    </li>
  );
}

function boundOf(bound: string, is: number): string {
  return is === 0 ? text.operate.state.noBound : text.operate.state.bound(bound);
}
