/**
 * Decides by chance, so that nobody can steer it and everybody can check it: which units
 * are inspected, which team goes where, in what order a team drives, and whom it talks
 * to. It is the norm of docs/DRAW.md in TypeScript; the package draw is the same in Go,
 * and both give the same bytes.
 *
 * The frame (all units, with those that are left out and why) is frozen and hashed. A
 * plan names it, the design and the hashes of secrets that several people hold, and is
 * published. Then dice are thrown in public. The secrets are opened, and all of them
 * together are the seed: whoever wanted another outcome would have had to know the dice.
 * A certificate holds all of it, and `verify` does it all again.
 *
 * There is no floating point, no clock, no randomness and no input or output here.
 */
export * from './allocate'
export * from './amend'
export { Asking, type ContactRecord } from './asking'
export * from './assign'
export * from './bytes'
export * from './ceremony'
export * from './certificate'
export * from './fits'
export * from './frame'
export * from './frameRead'
export { canonical, parseJSON, treeOf, type Value } from './json'
export { isLetters, plainLetters } from './letters'
export * from './plan'
export { checkDraft, checkPlan, isExcludedMany } from './planCheck'
export type { Proof } from './merkle'
export * from './problem'
export * from './roster'
export { drawRoute, type Route } from './route'
export * from './sample'
export * from './seed'
export * from './site'
export * from './siteVerify'
export type { Result, Step, Verification } from './steps'
export * from './stream'
export * from './verify'
export * from './weights'
