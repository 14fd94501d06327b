import {render} from "preact";
import {App} from "./app.tsx";

/** Shows a running guest in `place`; `ended` hears when it is gone, with a reason or "" when the reader stopped it. */
export function mountGuest(place: HTMLElement, folder: string, memory: number, deflateOnOom: boolean, ended: (why: string) => void): void {
  const stop = (why: string): void => {
    render(null, place);
    ended(why);
  };
  const restart = (nextMemory: number, nextDeflate: boolean): void => {
    render(null, place);
    mountGuest(place, folder, nextMemory, nextDeflate, ended);
  };
  render(<App folder={folder} memory={memory} deflateOnOom={deflateOnOom} onStop={stop} onRestart={restart} />, place);
}
