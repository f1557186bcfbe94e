import type { LimitsOverview } from '@blindpost/protocol/overview';
import type { JSX } from 'solid-js';
import { Section } from '../../parts/page.jsx';
import { Table } from '../../parts/table.jsx';
import { text } from '../../text/text.js';
import { count } from './figures.js';

/** What was refused at a bound since the start. */
export function Limits(props: { limits: LimitsOverview }): JSX.Element {
  const words = text.operate.limits;
  const byLimit = () => Object.entries(props.limits.by_limit).sort(([, a], [, b]) => b - a);
  return (
    <Section title={words.title}>
      <div class="columns">
        <Table
          caption={words.byLimit}
          empty={words.none}
          rows={byLimit()}
          columns={[
            { title: words.limit, cell: ([name]) => <code>{name}</code> },
            { title: words.times, cell: ([, times]) => count(times), figures: true },
          ]}
        />
        <Table
          caption={words.byRoute}
          empty={words.noneByRoute}
          rows={props.limits.by_route}
          columns={[
            { title: words.route, cell: ({ route }) => <code>{route}</code> },
            { title: words.status, cell: ({ status }) => status, figures: true },
            { title: words.times, cell: (row) => count(row.count), figures: true },
          ]}
        />
      </div>
    </Section>
  );
}
