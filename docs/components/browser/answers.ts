import type {Answer} from "../controls/prediction.tsx";

/** Answers stay in this browser; a browser that keeps nothing just asks again. */
const key = (id: string): string => `setmem:answer:${id}`;

export function saveAnswer(id: string, answer: Answer): void {
  try {
    if (answer.kind === "open") localStorage.removeItem(key(id));
    else localStorage.setItem(key(id), JSON.stringify(answer));
  } catch {
    // Storage is full or forbidden: the page works without it.
  }
}

export function loadAnswer(id: string, {min, max}: {readonly min: number; readonly max: number}): Answer | null {
  try {
    const value = JSON.parse(localStorage.getItem(key(id)) ?? "null") as {kind?: unknown; guess?: unknown} | null;
    if (value?.kind === "skipped") return {kind: "skipped"};
    const {guess} = value ?? {};
    const usable = value?.kind === "said" && typeof guess === "number" && guess >= min && guess <= max;
    return usable ? {kind: "said", guess} : null;
  } catch {
    return null;
  }
}
