import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isoTime, parseTime } from './iso-time.js';

const pad = (number: number, width = 2) => `${number}`.padStart(width, '0');
const zone = fc.oneof(
  fc.constant('Z'),
  fc
    .tuple(fc.constantFrom('+', '-'), fc.nat(23), fc.nat(59))
    .map(([sign, hours, minutes]) => `${sign}${pad(hours)}:${pad(minutes)}`),
);
const fraction = fc.oneof(
  fc.constant(''),
  fc.stringMatching(/^[0-9]{1,9}$/).map((digits) => `.${digits}`),
);
const clock = fc
  .tuple(fc.nat(23), fc.nat(59), fc.nat(59))
  .map((parts) => parts.map((part) => pad(part)).join(':'));
const daysIn = (year: number, month: number) => {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
};

test('what the server writes it reads again', () => {
  fc.assert(
    fc.property(
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z') }),
      (date) => {
        assert.equal(parseTime(isoTime(date.getTime())), date.getTime());
      },
    ),
  );
});

test('any time with an offset is the one that Date reads, finer digits cut', () => {
  const day = fc
    .tuple(
      fc.integer({ min: 0, max: 9999 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 31 }),
    )
    .filter(([year, month, day]) => day <= daysIn(year, month))
    .map(([year, month, day]) => `${pad(year, 4)}-${pad(month)}-${pad(day)}`);
  fc.assert(
    fc.property(day, clock, fraction, zone, (day, clock, fraction, zone) => {
      assert.equal(
        parseTime(`${day}T${clock}${fraction}${zone}`),
        Date.parse(`${day}T${clock}${fraction.slice(0, 4)}${zone}`),
      );
    }),
  );
});

test('a day that there is not is none', () => {
  const absent = fc
    .tuple(fc.integer({ min: 0, max: 9999 }), fc.nat(99), fc.nat(99))
    .filter(([year, month, day]) => day === 0 || day > daysIn(year, month));
  fc.assert(
    fc.property(absent, clock, zone, ([year, month, day], clock, zone) => {
      assert.equal(parseTime(`${pad(year, 4)}-${pad(month)}-${pad(day)}T${clock}${zone}`), null);
    }),
  );
});

test('edges of RFC 3339', () => {
  const read: readonly [string, number][] = [
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['1970-01-01T00:00:00.000000001Z', 0],
    ['1970-01-01T00:00:00.1Z', 100],
    ['1970-01-01T00:00:00.9999Z', 999],
    ['1969-12-31T23:59:59.5Z', -500],
    ['1970-01-01T00:00:00+23:59', -(23 * 60 + 59) * 60_000],
    ['1970-01-01T00:00:00-00:00', 0],
  ];
  for (const [text, ms] of read) assert.equal(parseTime(text), ms, text);
  for (const text of [
    '',
    '2024-01-01',
    '2024-01-01T00:00:00',
    '2024-01-01T00:00Z',
    '2024-01-01 00:00:00Z',
    '2024-01-01T24:00:00Z',
    '2024-01-01T23:60:00Z',
    '2024-01-01T23:59:60Z',
    '2024-01-01T00:00:00.Z',
    '2024-01-01T00:00:00.1234567890Z',
    '2024-01-01T00:00:00+24:00',
    '2024-01-01T00:00:00+00:60',
    '2024-01-01T00:00:00+0000',
    '2024-01-01T00:00:00+00',
    '+002024-01-01T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2024-01-01T00:00:00Z\n',
    ' 2024-01-01T00:00:00Z',
    '２０24-01-01T00:00:00Z',
  ]) {
    assert.equal(parseTime(text), null, text);
  }
});

test('any text is a time or none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9TZ:.+-]{0,30}$/)), (text) => {
      const ms = parseTime(text);
      assert.ok(ms === null || Number.isSafeInteger(ms));
    }),
  );
});
