import {createMapper} from "../together/mapper.ts";
import type {MapRequest} from "../together/worker-messages.ts";

const channel = new MessageChannel();
/** Lets messages in: a promise alone would not. */
const turn = (): Promise<void> => new Promise((done) => {
  channel.port1.onmessage = () => done();
  channel.port2.postMessage(null);
});

/** The worker of the page `together`: looks between the rows of a map whether the reader has moved on. */
const ask = createMapper(postMessage, turn);

addEventListener("message", ({data}: MessageEvent<MapRequest>) => void ask(data));
