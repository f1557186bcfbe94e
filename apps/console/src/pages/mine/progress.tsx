import type { JSX } from 'solid-js';
import { count, short } from '../../format/figures.js';
import { Section } from '../../parts/page.jsx';
import { Plot } from '../../parts/plot.jsx';
import { Stat, Stats } from '../../parts/stat.jsx';
import { text } from '../../text/text.js';
import { course, mining, state } from './mining.js';

const words = text.mine.progress;

/** How fast, how often, with what luck. */
export function Progress(): JSX.Element {
  const rate = () => short(mining() ? (state()?.rate ?? 0) : 0);
  const data = () => [course().times, course().rates, course().wins] as const;
  return (
    <Section title={words.title}>
      <Stats>
        <Stat label={words.rate} value={rate()} />
        <Stat label={words.attempts} value={short(state()?.attempts ?? 0)} />
        <Stat label={words.wins} value={count(state()?.wins ?? 0)} />
      </Stats>
      <Plot
        label={words.plot(rate())}
        curves={[
          { label: words.rate, ink: 'second', filled: true },
          { label: words.wins, ink: 'first', points: true },
        ]}
        data={data()}
        format={short}
        empty={words.nothing}
      />
      <p class="key">
        <span class="line-key">{words.rate}</span>
        <span class="point-key">{words.wins}</span>
      </p>
    </Section>
  );
}
