/** Which tasks to ask about next, while events come faster than questions may go out. */

export class Backlog {
  readonly #changed = new Set<string>();
  readonly #moved = new Set<string>();

  /** An event named this task. */
  change(id: string): void {
    this.#changed.add(id);
    this.#moved.delete(id);
  }

  /** These may stand elsewhere in their team's walk now: asked about when nothing that changed waits. */
  move(ids: Iterable<string>): void {
    for (const id of ids) if (!this.#changed.has(id)) this.#moved.add(id);
  }

  /** How many changed tasks wait. */
  get changed(): number {
    return this.#changed.size;
  }

  get isEmpty(): boolean {
    return this.#changed.size + this.#moved.size === 0;
  }

  /** Take out up to `most` ids, the changed ones first, each in the order in which it came. */
  take(most: number): string[] {
    const taken = [...this.#changed].slice(0, most);
    for (const id of taken) this.#changed.delete(id);
    const more = [...this.#moved].slice(0, most - taken.length);
    for (const id of more) this.#moved.delete(id);
    return [...taken, ...more];
  }

  clear(): void {
    this.#changed.clear();
    this.#moved.clear();
  }
}

const PAUSE_AFTER_FAILURE_MS = 3_000;

/** A function that runs `work` soon after it is called, but one run at a time and at most every `pauseMs`. A run that fails is tried again. */
export function atMostEvery(pauseMs: number, work: () => Promise<unknown>): { (): void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let again = false;
  let stopped = false;
  let notBefore = Number.NEGATIVE_INFINITY;
  const run = async () => {
    timer = undefined;
    running = true;
    again = false;
    notBefore = performance.now() + pauseMs;
    const failed = await work().then(
      () => false,
      () => true,
    );
    running = false;
    if (failed) notBefore = performance.now() + Math.max(pauseMs, PAUSE_AFTER_FAILURE_MS);
    if (again || failed) ask();
  };
  const ask = () => {
    again = true;
    if (running || timer !== undefined || stopped) return;
    timer = setTimeout(run, Math.max(0, notBefore - performance.now()));
  };
  ask.stop = () => {
    stopped = true;
    clearTimeout(timer);
  };
  return ask;
}
