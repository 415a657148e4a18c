/** Why the store does not save something, for people: the screens have words for each code. */

/** What stands in the way of a save. */
export type RefusedCode =
  /** No people are drawn at this unit. */
  | 'no-site'
  /** The roster's code was told: it stays as it is. */
  | 'roster-told'
  /** Headquarters gave the roster. */
  | 'roster-given'
  | 'roster-empty'
  /** Names: the key that is no id. */
  | 'person-key'
  /** Names: the key, and who has it. */
  | 'person-known'
  /** Names: the key, and its late addition would put somebody asked out of turn. */
  | 'person-before'
  | 'not-told'
  | 'not-opened'
  | 'opened-already'
  /** The site was made without a key for dice on the spot. */
  | 'mode-unplanned'
  /** Names: the door whose people are not listed yet. */
  | 'door-unlisted'
  /** Names: the door, and how many people it was listed with. */
  | 'door-listed'
  /** Names: the key of a later contact that would be out of turn. */
  | 'contact-leans'
  /** It is no text of a mirror. */
  | 'mirror-unread'
  | 'mirror-campaign'
  | 'mirror-own'
  /** The inspector is in no team. */
  | 'no-team'
  /** Headquarters has not said to whom interviews are sealed. */
  | 'seal-missing'
  /** What headquarters said is no age recipient. */
  | 'seal-wrong'
  /** Names: the key of somebody whose turn it is not. */
  | 'talk-turn'
  /** The interview was sealed or thrown away. */
  | 'talk-over'
  /** Nobody agreed to sound. */
  | 'talk-silent'
  /** It is no answer to the question as it is now. */
  | 'answer-unfit'

/** Something is not saved, and why. */
export class RefusedError extends Error {
  readonly code: RefusedCode
  /** What the words name. */
  readonly args: readonly string[]

  constructor(code: RefusedCode, ...args: readonly string[]) {
    super([code, ...args].join(' '))
    this.code = code
    this.args = args
  }
}
