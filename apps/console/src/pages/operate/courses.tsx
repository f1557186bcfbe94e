import type { Overview } from '@blindpost/protocol/overview';
import { createMemo, For, type JSX, Show } from 'solid-js';
import { Section } from '../../parts/page.jsx';
import { type Curve, Plot } from '../../parts/plot.jsx';
import { Table } from '../../parts/table.jsx';
import { text } from '../../text/text.js';
import { brief, count, millis, NOTHING } from './figures.js';
import { delays, latest, type Rate, rates, times } from './samples.js';
import { samples } from './session.js';

const HEIGHT = 180;
/** Seconds drawn at least. */
const SHORTEST_S = 60;

type Line = Pick<Curve, 'label' | 'ink' | 'filled'> & { values: readonly (number | null)[] };

/** What happened in the last minutes: how often, and how long it took. */
export function Courses(props: {
  services: Overview['services'];
  requests: Overview['requests'];
}): JSX.Element {
  const words = text.operate.courses;
  const rate = (label: string, what: Rate, ink: Curve['ink']): Line => ({
    label,
    ink,
    values: rates(samples(), what),
  });
  const carried = () => [
    ...(props.services.relay === undefined ? [] : [rate(words.messages, 'messages', 'first')]),
    ...(props.services.e2ee === undefined ? [] : [rate(words.envelopes, 'envelopes', 'second')]),
  ];
  const worked = () => [
    ...(props.services.pool === undefined ? [] : [rate(words.submits, 'submits', 'first')]),
    ...(props.services.identity === undefined ? [] : [rate(words.proofs, 'proofs', 'second')]),
  ];
  return (
    <Section title={words.title} aside={<span class="quiet">{words.span}</span>}>
      <div class="columns">
        <Course
          title={words.perSecond}
          lines={[{ ...rate(words.requests, 'requests', 'first'), filled: true }]}
          format={brief}
        />
        <Course
          title={words.latency}
          lines={[
            { label: words.p50, ink: 'third', values: times(samples(), 0.5) },
            { label: words.p99, ink: 'first', values: times(samples(), 0.99) },
            { label: words.loop, ink: 'second', values: delays(samples()) },
          ]}
          format={millis}
        />
        <Show when={carried().length > 0}>
          <Course title={words.carried} lines={carried()} format={brief} />
        </Show>
        <Show when={worked().length > 0}>
          <Course title={words.worked} lines={worked()} format={brief} />
        </Show>
      </div>
      <h3>{words.routes}</h3>
      <Table
        caption={words.routes}
        rows={props.requests.routes.slice(0, 10)}
        columns={[
          { title: words.route, cell: ({ route }) => <code>{route}</code> },
          { title: words.requests, cell: (row) => count(row.count), figures: true },
          { title: words.p50, cell: ({ p50 }) => millis(p50 * 1_000), figures: true },
          { title: words.p90, cell: ({ p90 }) => millis(p90 * 1_000), figures: true },
          { title: words.p99, cell: ({ p99 }) => millis(p99 * 1_000), figures: true },
        ]}
      />
    </Section>
  );
}

function Course(props: {
  title: string;
  lines: readonly Line[];
  format: (value: number) => string;
}): JSX.Element {
  const lines = createMemo(() => props.lines);
  const data = createMemo(() => {
    const times = samples().map(({ at }) => at);
    const end = times.at(-1) ?? 0;
    // A course of a few looks would be drawn as if it were all there is.
    const start = times[0] !== undefined && times[0] > end - SHORTEST_S ? [end - SHORTEST_S] : [];
    const nothing = start.map(() => null);
    return [[...start, ...times], ...lines().map(({ values }) => [...nothing, ...values])] as const;
  });
  const now = (line: Line): string => {
    const value = latest(line.values);
    return value === null ? NOTHING : props.format(value);
  };
  // What a reader of the screen is told is what others see at the end of the lines.
  const said = () =>
    lines()
      .map((line) => `${line.label}: ${now(line)}`)
      .join(', ');
  return (
    <div class="course">
      <h3>{props.title}</h3>
      <ul class="legend">
        <For each={lines()}>
          {(line) => (
            <li class={line.ink}>
              {line.label} <span class="now">{now(line)}</span>
            </li>
          )}
        </For>
      </ul>
      <Plot
        label={`${props.title}. ${said()}`}
        curves={lines()}
        data={data()}
        format={props.format}
        height={HEIGHT}
      />
    </div>
  );
}
