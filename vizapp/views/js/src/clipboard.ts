/** Copying a text, also where the page is served without TLS and the browser keeps its clipboard from it. */

/** Copy what a field shows. True if it was copied; if not, it is selected, so that the person can. */
export async function copyField(field: HTMLInputElement | HTMLTextAreaElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    return false;
  }
}
