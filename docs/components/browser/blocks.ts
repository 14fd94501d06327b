/** Where the build put the blocks of one kind. */
export const blocks = (kind: string): HTMLElement[] => Array.from(document.querySelectorAll<HTMLElement>(`[data-block="${kind}"]`));
