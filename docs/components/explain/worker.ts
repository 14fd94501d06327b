import {answer, type Request} from "./engine.ts";

/** Where this module was loaded from: the page starts its worker on the same file. */
export const url = import.meta.url;

if ("WorkerGlobalScope" in globalThis) {
  addEventListener("message", ({data: {id, request}}: MessageEvent<{readonly id: number; readonly request: Request}>) => {
    try {
      postMessage({id, answer: answer(request)});
    } catch (error) {
      postMessage({id, failure: String(error)});
    }
  });
}
