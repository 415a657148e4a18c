/** Notes that were begun stay until they are sent: the panel may close, the page be read anew. */

const prefix = 'hq.note.'

/** A note for a finding of a campaign, in this browser tab. */
export function keptNote(finding: string): string {
  try {
    return sessionStorage.getItem(prefix + finding) ?? ''
  } catch {
    return '' // a browser may refuse; the note is on the screen then, and no further
  }
}

export function keepNote(finding: string, note: string): void {
  try {
    if (note) sessionStorage.setItem(prefix + finding, note)
    else sessionStorage.removeItem(prefix + finding)
  } catch {
    // As above.
  }
}
