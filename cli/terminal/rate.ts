/** Seconds below which a speed says more about the clock than about the work. */
const SHORTEST = 0.1;

/** Speed over a sliding window, so that a slow first step (compilation, warm-up) is soon forgotten. */
export class Rate {
  #marks: { value: number; seconds: number }[] = [];

  /** @param window Length of the window in seconds. */
  constructor(private readonly window: number = 5) {}

  /** Notes that `value` steps were done at the time `seconds`. */
  mark(value: number, seconds: number): void {
    this.#marks.push({ value, seconds });
    // The second mark is looked at, so that the window is always covered and never empty.
    while (this.#marks.length > 2 && this.#marks[1].seconds <= seconds - this.window) {
      this.#marks.shift();
    }
  }

  /** Steps per second in the window, NaN while the window is too short to tell. */
  get perSecond(): number {
    const first = this.#marks[0];
    const last = this.#marks[this.#marks.length - 1];
    if (first === undefined || last.seconds - first.seconds < SHORTEST) return NaN;
    return (last.value - first.value) / (last.seconds - first.seconds);
  }
}
