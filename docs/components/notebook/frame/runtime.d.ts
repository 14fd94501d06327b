declare module "@observablehq/runtime" {
  export interface Observer {
    readonly pending?: () => void;
    readonly fulfilled?: (value: unknown) => void;
    readonly rejected?: (error: unknown) => void;
  }
  export interface Variable {
    define(name: string, inputs: readonly string[], definition: unknown): Variable;
    delete(): void;
  }
  export interface Module {
    variable(observer?: Observer): Variable;
  }
  export class RuntimeError extends Error {
    readonly input?: string;
  }
  export class Runtime {
    constructor(builtins?: Readonly<Record<string, unknown>>);
    module(): Module;
  }
}
declare module "@observablehq/inputs";
declare module "htl" {
  export const html: unknown;
  export const svg: unknown;
}
