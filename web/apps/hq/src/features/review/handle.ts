/** What the keyboard may ask of the open finding. */
export interface FindingHandle {
  readonly decide: (command: 'accept' | 'return') => void
  /** Shows the unit's lists beside the finding, or no longer. */
  readonly toggleLists?: () => void
  /** Leaves the note's field; whether somebody was in it. */
  readonly leaveNote: () => boolean
}
