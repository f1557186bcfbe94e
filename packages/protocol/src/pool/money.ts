import Type, { type Static } from 'typebox';
import { MAX_DESTINATION, MAX_IDEMPOTENCY_KEY } from './limits.js';
import { AmountMicro, Code, Micro, TimeMs } from './primitives.js';

/** `GET /balance` */
export const Balance = Type.Object({ pending_balance_micro: Micro, withdrawn_total_micro: Micro });
export type Balance = Static<typeof Balance>;

/** A repeated request with the same key is answered like the first and does nothing more. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: MAX_IDEMPOTENCY_KEY })),
});

/** `POST /withdraw` */
export const Withdraw = Type.Object({
  amount_micro: AmountMicro,
  destination: Type.String({ minLength: 1, maxLength: MAX_DESTINATION }),
});
export type Withdraw = Static<typeof Withdraw>;
export const WithdrawAnswer = Type.Object({ request_id: Type.String(), status: Type.Literal('pending') });
export type WithdrawAnswer = Static<typeof WithdrawAnswer>;

/** `POST /withdraw_code`: without an amount, the whole balance. Nothing else: a mistyped name must not take it all. */
export const WithdrawCode = Type.Object(
  { amount_micro: Type.Optional(AmountMicro) },
  { additionalProperties: false },
);
export type WithdrawCode = Static<typeof WithdrawCode>;
const redeemed = { code: Code, quota: Type.Integer({ minimum: 0 }), amount_micro: Micro };
/** The code is the miner's in both cases; `error` says that the gateway does not know it yet. */
export const WithdrawCodeAnswer = Type.Union([
  Type.Object({ status: Type.Literal('ok'), ...redeemed }),
  Type.Object({
    status: Type.Literal('error'),
    reason: Type.Literal('redeem_mysql_insert_failed'),
    ...redeemed,
  }),
]);
export type WithdrawCodeAnswer = Static<typeof WithdrawCodeAnswer>;

/** How far a code has come on its way to the gateway that honours it. */
export const RedemptionState = Type.Union([
  Type.Literal('reserved'),
  Type.Literal('issued'),
  Type.Literal('delivered'),
  Type.Literal('failed'),
]);
export type RedemptionState = Static<typeof RedemptionState>;

/** `GET /withdraw_code/history` */
export const History = Type.Object({
  status: Type.Literal('ok'),
  items: Type.Array(
    Type.Object({
      ts_ms: TimeMs,
      amount_micro: Micro,
      quota: Type.Integer({ minimum: 0 }),
      code: Code,
      state: RedemptionState,
    }),
  ),
});
export type History = Static<typeof History>;
