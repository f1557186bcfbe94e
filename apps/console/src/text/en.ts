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
    opening: 'Opening …',
    again: 'Try again',

    arrival: {
      title: 'How do you want to write?',
      ways: { relay: 'Anonymous', e2ee: 'With an account' },
      about: {
        relay:
          'No account and no name. The server keeps letters in memory alone, for 30 days at most, and may forget them when it restarts.',
        e2ee: 'An account without a name. Letters wait on the server’s disk until you fetch them, however often it restarts.',
      },
      same: 'Either way the keys are made in this browser and stay in it, and only the two of you can read.',
      make: 'Make an identity',
      making: 'Making the identity …',
      notMade: 'No identity was made.',
      burned: 'Burned. Nothing is left of it, on the server or in this browser.',
      missing: (service: string) => `This server does not serve ${service}.`,
      invited: 'You were invited to write to somebody; the address goes with this choice.',
    },

    elsewhere: {
      title: 'This identity is open in another tab.',
      about: 'It runs in one tab at a time: two would use the same keys twice.',
      takeOver: 'Go on here',
    },

    failed: 'The messages could not be opened.',

    line: {
      open: 'Connected',
      connecting: 'Connecting …',
      waiting: 'Offline; trying again',
      ended: 'Disconnected: reload to go on',
    },

    own: {
      button: 'Your address',
      title: 'Your address',
      about: 'Whoever has it can write to you. Hand it over as text, as a link, or as a code to scan.',
      address: 'address',
      link: 'Link',
      code: 'Code of the link to your address',
      another: 'Open a second window as somebody else',
      anotherHint: 'To try it alone: another identity in this browser, ready to write to you.',
    },

    burn: {
      button: 'Burn this identity',
      title: 'Burn this identity?',
      about: {
        relay:
          'The server deletes your keys, and letters that wait for you. This browser deletes the keys, conversations and names.',
        e2ee: 'The server deletes your account, its keys, and letters that wait for you. This browser deletes the keys, conversations and names.',
      },
      last: 'Nobody can undo this, and what others have received stays with them.',
      confirm: 'Burn everything',
      failed: 'Not burned: nothing was deleted.',
    },

    peers: {
      title: 'Conversations',
      add: 'Write to an address',
      placeholder: 'Paste an address',
      open: 'Open',
      none: 'No conversations yet. Paste an address, or hand out your own.',
      unread: (count: number) => (count === 1 ? '1 unread letter' : `${count} unread letters`),
      nothing: 'Nothing written yet',
      you: 'You:',
    },

    conversation: {
      back: 'All conversations',
      choose: 'Choose a conversation, or paste an address to begin one.',
      letters: (name: string) => `Letters with ${name}`,
      earlier: 'Earlier letters',
      who: 'Who is this?',
      changed: (name: string) => `${name} has another identity than before.`,
      changedAbout:
        'It may be a new browser of theirs, or somebody who pretends. Ask them another way. What waits is read, and what they missed is sent again, once you trust it.',
      trust: 'Trust the new identity',
      news: (name: string, said: string) => `${name}: ${said}`,
      unknown: 'This conversation is not in this browser.',
    },

    who: {
      title: 'Who is this?',
      called: 'Their name, for you alone',
      save: 'Save',
      address: 'Address',
      safety: 'Safety number',
      safetyAbout:
        'The same digits on both sides mean that nobody stands in between. Compare them in person, or by a call.',
      noSafety: 'There is one as soon as a letter went or came.',
    },

    composer: {
      label: (name: string) => `Letter to ${name}`,
      placeholder: 'Write …',
      send: 'Send',
      hint: 'Enter sends, Shift+Enter begins a line.',
    },

    progress: {
      queued: 'queued',
      failed: 'not sent',
      sent: 'sent',
      received: 'received',
      read: 'read',
    },
    progressAbout: {
      queued: 'Kept here until the server has it.',
      failed: 'The server refused it for good.',
      sent: 'The server has it.',
      received: 'It is stored on their device.',
      read: 'They have read it.',
    },

    sight: {
      button: 'What the server sees',
      to: 'To',
      at: 'At',
      size: 'Size',
      bytes: (count: string) => `${count} bytes`,
      padded: (count: string, frames: number, frame: string) =>
        `${count} bytes: ${frames === 1 ? 'one frame' : `${frames} frames`} of ${frame}, padded`,
      head: 'Begins',
      hidden: {
        relay:
          'Not the text, nor its length within a frame, nor whether it is a letter or a receipt. As it passes, the server can tell whose connection it came by; it stores nothing of that.',
        e2ee: 'Not the text, and its length only in steps. It does see from which account it comes, and keeps that until a day after it was fetched.',
      },
      notYet: 'Nothing: it has not left this browser.',
      gone: 'It went by before this window was opened; nothing was kept of it.',
    },

    faults: {
      bad_peer: 'This is no address: 64 hexadecimal digits, or an account and them.',
      other_way:
        'This address travels the other way: one of you writes anonymously, the other with an account.',
      own_address: 'This is your own address.',
      unknown_peer:
        'The server knows no keys of this address. Its owner must have been here since the server last forgot.',
      bad_bundle: 'The keys that the server has of this address are not its own.',
      identity_changed: 'They have another identity than before; trust it first.',
      too_large: 'This is longer than one letter can be.',
      outbox_full: 'Too much waits to be sent; wait until some of it is gone.',
      too_many_peers: 'There are as many conversations as this browser keeps.',
      store_locked: 'Another tab has it.',
      store_unsupported:
        'This browser keeps nothing here: the page must come by https, or from this machine.',
      store_failed: 'The browser could not store it.',
      store_broken: 'What this browser kept cannot be read.',
      unreachable: 'The server does not answer.',
      closed: 'It was closed.',
    },
    fault: (code: string) => `It did not work (${code}).`,
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
