/** What is wrong with an input of the model, said so that a page can show it beside the field. */
export interface ModelErrorDetail {
  /** Stable, kebab-case: tests and pages switch on it, never on the text. */
  readonly code: string;
  /** The bad field as a path into the input: `balloon.deflateOnOom`, `events[3].at`. */
  readonly path: string;
  /** What would have been accepted, short and lower-case. */
  readonly expected: string;
  /** What to do about it. */
  readonly hint: string;
}

export class ModelError extends Error implements ModelErrorDetail {
  readonly code: string;
  readonly path: string;
  readonly expected: string;
  readonly hint: string;

  constructor(message: string, detail: ModelErrorDetail) {
    super(message);
    this.name = "ModelError";
    this.code = detail.code;
    this.path = detail.path;
    this.expected = detail.expected;
    this.hint = detail.hint;
  }
}
