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
    notDrawn: 'What draws this could not be loaded; the page has to be opened anew.',
  },

  messages: {
    title: 'Messages',
    lead: 'Write to people and agents; this server carries what it cannot read.',
  },

  mine: {
    title: 'Mine',
    lead: 'Work for the pool, and turn what it pays into codes.',
    progress: {
      title: 'Work',
      rate: 'Attempts per second',
      attempts: 'Attempts',
      wins: 'Rounds won',
      nothing: 'The course is drawn here as soon as you mine.',
      plot: (rate: string) => `Attempts per second over the last five minutes; now ${rate}.`,
    },
    controls: {
      title: 'Miner',
      start: 'Start mining',
      stop: 'Stop mining',
      throttle: 'Effort',
      throttleHint: 'What each thread may take of its core.',
      percent: (value: number) => `${value} %`,
      threads: 'Threads',
      threadsHint: (cores: number) => `This device has ${cores} cores.`,
      threadsFixed: 'Stop mining to change this.',
      status: {
        asking: 'asking for a round',
        mining: 'mining',
        submitting: 'handing a solution in',
        waiting: 'waiting to try again',
        paused: 'paused',
        stopped: 'stopped',
      },
      unreachable: 'The server does not answer. Mining goes on as soon as it does.',
      trouble: (why: string) => `Not all is well, but mining goes on: ${why}`,
      ended: (why: string) => `Mining ended: ${why}`,
    },
    track: {
      title: 'This round',
      none: 'The pool hands out rounds of seven kinds, called tracks; which one comes next, it decides.',
      all: 'The seven tracks',
      names: {
        CPU_HASH: {
          name: 'CPU hash',
          about: 'One SHA-256 of the challenge and a guess. Nothing but arithmetic, as fast as it goes.',
        },
        CHAIN: {
          name: 'Chain',
          about: 'SHA-256 of SHA-256, thousands of times: each step waits for the one before.',
        },
        MEM_WORK: {
          name: 'Memory work',
          about: 'A walk through a block of memory, read and written where the last hash points to.',
        },
        BRANCHY_MIX: {
          name: 'Branchy mix',
          about: 'Rounds of mixing whose next step depends on the last, so that no branch can be foreseen.',
        },
        TINY_VM: {
          name: 'Tiny machine',
          about: 'A small program of the round’s own, run on a tiny machine for each guess.',
        },
        VM_CHAIN: {
          name: 'Machine chain',
          about: 'A chain of hashes with such a program between its links.',
        },
        ARGON2D_CHAIN: {
          name: 'Argon2d chain',
          about: 'Blocks of memory that are filled from each other, one pass after the other.',
        },
      },
    },
    purse: {
      title: 'Balance',
      notKnown: 'The pool did not say what you hold.',
      balance: 'Yours',
      withdrawn: 'Redeemed so far',
      units: 'units',
      amount: 'Amount to redeem, in units',
      amountHint: 'Empty means everything.',
      noAmount: 'Not an amount: digits, with up to six after the point.',
      tooMuch: (held: string) => `More than the ${held} units you hold.`,
      redeem: 'Redeem',
      redeemAll: 'Redeem all',
      refused: (why: string) => `Not redeemed: ${why}`,
      made: (units: string, quota: string) => `A code for ${units} units, worth a quota of ${quota}.`,
      late: 'The code is yours; the gateway that honours it has not heard of it yet.',
      history: 'Codes so far',
      noCodes: 'No code yet.',
      when: 'When',
      code: 'Code',
      worth: 'Units',
      quota: 'Quota',
      state: 'State',
      states: {
        reserved: 'being made',
        issued: 'on its way',
        delivered: 'ready',
        failed: 'not accepted',
      },
    },
    token: {
      title: 'Token',
      about:
        'Who has this token has the balance. It is kept in this browser alone: copy it to a safe place before you clear its data.',
      replace: 'Use another token',
      busy: 'Stop mining first.',
      warning:
        'This browser forgets the present token and with it the balance, unless you have kept the token elsewhere.',
      other: 'A token you have',
      noToken: 'Not a token: it begins with bp_ and has 46 characters.',
      take: 'Use this token',
      makeNew: 'Make a new one',
      notKept: 'This browser keeps nothing for this page, so that what you mine would be lost.',
    },
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
