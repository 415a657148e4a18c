/** What the keyboard may ask of the open finding. */
export interface FindingHandle {
  readonly decide: (command: 'accept' | 'return') => void
  /** Leaves the note's field; whether somebody was in it. */
  readonly leaveNote: () => boolean
}
