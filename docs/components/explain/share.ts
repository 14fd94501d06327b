import {fromBase64Url, toBase64Url} from "../state/base64url.ts";

/** Longest text a link is made for, and the most that is unpacked from one. */
export const SHARE_LIMIT = 100_000;
const PREFIX = "#x=";

async function through(bytes: Uint8Array<ArrayBuffer>, stream: GenericTransformStream, most: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const reader = (new Blob([bytes]).stream().pipeThrough(stream) as ReadableStream<Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const {done, value} = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      return null;
    }
    parts.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function fromText(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return fromBase64Url(text);
  } catch {
    return null;
  }
}

/** A text as the fragment of a link, or null when it is too long. The fragment of an address is never sent to a server. */
export async function fragmentOf(text: string): Promise<string | null> {
  if (text.length > SHARE_LIMIT) return null;
  const packed = await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw"), SHARE_LIMIT * 4);
  return packed && `${PREFIX}${toBase64Url(packed)}`;
}

/** The text of a link's fragment; null when there is none, or it is broken or too long. */
export async function textOf(fragment: string): Promise<string | null> {
  if (!fragment.startsWith(PREFIX)) return null;
  const packed = fromText(fragment.slice(PREFIX.length));
  if (packed === null) return null;
  try {
    const bytes = await through(packed, new DecompressionStream("deflate-raw"), SHARE_LIMIT * 4);
    return bytes && new TextDecoder().decode(bytes);
  } catch {
    return null;
  }
}
