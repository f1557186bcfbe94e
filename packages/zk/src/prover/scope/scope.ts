import type { Order, Report } from '../orders.js';

/** What a worker's program needs of the place it runs in: hands it the way to report, takes what orders go to. */
export type ServeOrders = (program: (report: (report: Report) => void) => (order: Order) => void) => void;
