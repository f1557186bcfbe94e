import type { EntityProof, Rejected, Verified } from '@blindpost/client/identity';
import { entityClaims, entityHeaders } from '@blindpost/client/identity/middleware';
import { createSignal, type JSX, Match, Show, Switch } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { Copy } from '../../parts/copy.jsx';
import { Field } from '../../parts/field.jsx';
import { Notice } from '../../parts/notice.jsx';
import { Section } from '../../parts/page.jsx';
import { text } from '../../text/text.js';
import { Attempt } from './attempt.js';
import type { Desk } from './desk.js';

const words = text.prove.verdict;

type Verdict = { answer: Verified | Rejected; consume: boolean; at: number };

/** What a server says of the proof, what uses it up, and the forms in which it is handed to others. */
export function VerdictStep(props: { desk: Desk; proof: EntityProof }): JSX.Element {
  const [domain, setDomain] = createSignal(location.host);
  const [verdict, setVerdict] = createSignal<Verdict>();
  const attempt = new Attempt();
  const ask = (consume: boolean): void =>
    void attempt.run(async () => {
      const { entityType, contextId } = props.proof;
      const asked = domain().trim();
      const answer = await props.desk.identity.verify(props.proof, {
        domain: asked === '' ? undefined : asked,
        expect: { entityType, contextId },
        consume,
      });
      setVerdict({ answer, consume, at: Math.floor(Date.now() / 1000) });
    });
  const claims = () => {
    const { answer, at } = verdict() ?? {};
    if (answer?.valid !== true || at === undefined) return undefined;
    const { proof, publicSignals } = props.proof;
    return JSON.stringify(entityClaims({ ...answer, proof, publicSignals, verifiedAt: at }), null, 2);
  };

  return (
    <Section title={words.title}>
      <Facts proof={props.proof} />
      <Field
        label={words.domain}
        value={domain()}
        onInput={setDomain}
        hint={words.domainHint}
        maxLength={255}
      />
      <div class="actions">
        <Button busy={attempt.busy} onClick={() => ask(false)}>
          {words.verify}
        </Button>
        <Button kind="main" busy={attempt.busy} onClick={() => ask(true)}>
          {words.consume}
        </Button>
      </div>
      <Show when={attempt.fault}>{(fault) => <Notice kind="bad" title={fault()} />}</Show>
      <Show when={verdict()} keyed>
        {(said) => <Said verdict={said} />}
      </Show>
      <Carried title={words.headers} about={words.headersAbout} value={headerLines(props.proof)} />
      <Show when={claims()} fallback={<p class="quiet">{words.noClaims}</p>}>
        {(json) => <Carried title={words.claims} about={words.claimsAbout} value={json()} />}
      </Show>
    </Section>
  );
}

/** The public signals: all that anybody learns. */
function Facts(props: { proof: EntityProof }): JSX.Element {
  const signal = (at: number) => props.proof.publicSignals[at] ?? '';
  return (
    <dl class="facts">
      <div>
        <dt>{words.type}</dt>
        <dd>
          <code>{props.proof.entityType}</code>
          <Show when={props.proof.development}>
            <span class="quiet"> {words.development}</span>
          </Show>
        </dd>
      </div>
      <div>
        <dt>{words.nullifier}</dt>
        <dd>
          <code>{signal(0)}</code>
        </dd>
      </div>
      <div>
        <dt>{words.root}</dt>
        <dd>
          <code>{signal(3)}</code>
        </dd>
      </div>
      <div>
        <dt>{words.context}</dt>
        <dd>
          <code>{signal(4)}</code>
        </dd>
      </div>
    </dl>
  );
}

function Said(props: { verdict: Verdict }): JSX.Element {
  const rejected = () => (props.verdict.answer.valid ? undefined : props.verdict.answer);
  const used = () => props.verdict.answer.valid && props.verdict.answer.nullifierStatus === 'used';
  return (
    <Switch>
      <Match when={rejected()?.error === 'nullifier_used'}>
        <Notice kind="bad" title={words.replayed}>
          <p>{words.replayedAbout}</p>
        </Notice>
      </Match>
      <Match when={rejected()}>
        {(refusal) => (
          <Notice kind="bad" title={words.rejected}>
            <p>
              {refusal().message} <code>{refusal().error}</code>
            </p>
          </Notice>
        )}
      </Match>
      <Match when={props.verdict.consume}>
        <Notice kind="good" title={words.consumed}>
          <p>{words.consumedAbout}</p>
        </Notice>
      </Match>
      <Match when={used()}>
        <Notice title={words.validUsed} />
      </Match>
      <Match when={true}>
        <Notice kind="good" title={words.valid}>
          <p>{words.validAbout}</p>
        </Notice>
      </Match>
    </Switch>
  );
}

/** A text to be handed on, folded: it is long, and nobody reads it. */
function Carried(props: { title: string; about: string; value: string }): JSX.Element {
  return (
    <details class="carried">
      <summary>{props.title}</summary>
      <p class="quiet">{props.about}</p>
      {/* What scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <section class="paper" tabindex="0" aria-label={props.title}>
        <pre>{props.value}</pre>
      </section>
      <Copy value={props.value} what={props.title} />
    </details>
  );
}

function headerLines(proof: EntityProof): string {
  return Object.entries(entityHeaders(proof))
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}
