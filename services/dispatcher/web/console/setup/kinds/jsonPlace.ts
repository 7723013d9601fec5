/** Where a text stops being JSON (RFC 8259): browsers each say it differently, or not at all. */

const SPACE = /[ \t\n\r]*/y;
// JSON forbids control characters in texts.
// biome-ignore lint/suspicious/noControlCharactersInRegex: this is how to refuse them
const TEXT = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const PLAIN = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

export interface Place {
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
}

/** The first place that cannot be; undefined for a text that is JSON. */
export function firstWrong(text: string): Place | undefined {
  const reader = new Reader(text);
  if (reader.value() && reader.atEnd()) return undefined;
  const before = text.slice(0, reader.at).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

class Reader {
  at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    this.#take(SPACE);
    return this.at === this.#text.length;
  }

  /** Reads a value; false where there is none, with `at` there. */
  value(): boolean {
    this.#take(SPACE);
    if (this.#sign("{")) return this.#listed("}", () => this.#named());
    if (this.#sign("[")) return this.#listed("]", () => this.value());
    return this.#take(TEXT) || this.#take(PLAIN);
  }

  #named(): boolean {
    this.#take(SPACE);
    return this.#take(TEXT) && this.#sign(":") && this.value();
  }

  #listed(end: string, one: () => boolean): boolean {
    if (this.#sign(end)) return true;
    do if (!one()) return false;
    while (this.#sign(","));
    return this.#sign(end);
  }

  #sign(sign: string): boolean {
    this.#take(SPACE);
    if (this.#text[this.at] !== sign) return false;
    this.at += 1;
    return true;
  }

  #take(token: RegExp): boolean {
    token.lastIndex = this.at;
    if (!token.test(this.#text)) return false;
    this.at = token.lastIndex;
    return true;
  }
}
