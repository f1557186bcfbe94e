/**
 * All words of the console, in English; a translation is another object of the same shape (`Words`).
 * Each page has a key of its own; `shell` and `parts` are everybody's.
 */
export const en = {
  shell: {
    skip: 'Skip to the content',
    pages: 'Pages',
    loading: 'Loading …',
    broken: 'This page stopped working.',
    again: 'Try again',
    busy: 'at work',
    theme: (name: string) => `Colours: ${name}`,
    themes: { system: 'as the device', light: 'light', dark: 'dark' },
    notServed: (service: string) => `This server does not serve ${service}.`,
    howToServe: 'Its operator decides that with the setting SERVICES; without it everything is served.',
    serviceNames: {
      relay: 'the relay',
      accounts: 'accounts',
      e2ee: 'end-to-end queues',
      pool: 'the pool',
      identity: 'entity identity',
    },
    unreachable: 'The server does not answer.',
    degraded: (service: string) => `The server says that ${service} cannot work at the moment.`,
  },

  parts: {
    copy: 'Copy',
    copied: 'Copied',
    notCopied: 'Not copied: the browser refused',
    close: 'Close',
    show: 'Show',
    hide: 'Hide',
    empty: 'Nothing yet.',
  },

  messages: {
    title: 'Messages',
    lead: 'Write to people and agents; this server carries what it cannot read.',
  },

  mine: {
    title: 'Mine',
    lead: 'Work for the pool, and turn what it pays into codes.',
  },

  prove: {
    title: 'Prove',
    lead: 'Show what you are without saying who.',
  },

  operate: {
    title: 'Operate',
    lead: 'How this server is doing, for who runs it.',
  },
} as const;
