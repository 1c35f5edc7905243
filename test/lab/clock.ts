/**
 * A clock that tests can set back, for runs of different ages. Import it before anything of the house: the store keeps
 * the clock it finds at its start.
 */
const real = Date.now.bind(Date);
let back = 0;
Date.now = () => real() - back;

/** Does something as if it were so many minutes ago. */
export async function ago<T>(minutes: number, act: () => Promise<T>): Promise<T> {
  back = minutes * 60_000;
  try {
    return await act();
  } finally {
    back = 0;
  }
}
