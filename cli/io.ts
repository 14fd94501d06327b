/** What a command may do to the world, so that tests can hand it another one. */
export interface Io {
  /** A file's text; throws as Node does. */
  readonly read: (path: string) => string;
  /** A file's bytes, `-` for standard input; throws as Node does. */
  readonly readBytes: (path: string) => Uint8Array;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Exit codes of every command. */
export const EXIT = {ok: 0, failed: 1, unreadable: 2} as const;
