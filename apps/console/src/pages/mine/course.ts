/** How mining went over the last minutes, as a plot wants it. */

/** Five minutes, sampled once a second. */
const SAMPLES = 300;

export interface Course {
  /** Seconds since 1970, rising. */
  readonly times: readonly number[];
  /** Attempts per second; null where nobody mined, so that no line is drawn across. */
  readonly rates: readonly (number | null)[];
  /** The rate at the moments in which a round was won, else null. */
  readonly wins: readonly (number | null)[];
}

export const NO_COURSE: Course = { times: [], rates: [], wins: [] };

/** The course with one sample more, and without those that are too old. */
export function sampled(course: Course, at: number, rate: number | null, won: boolean): Course {
  // A clock that was set back must not fold the line.
  if (at <= (course.times.at(-1) ?? Number.NEGATIVE_INFINITY)) return course;
  return {
    times: [...course.times, at].slice(-SAMPLES),
    rates: [...course.rates, rate].slice(-SAMPLES),
    wins: [...course.wins, won ? (rate ?? 0) : null].slice(-SAMPLES),
  };
}
